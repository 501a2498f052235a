//! `kubectl set resources` and `kubectl set serviceaccount`.

use crate::api::read;
use crate::json::json;
use crate::kubectl::failure::{Failure, Outcome};
use crate::kubectl::flags::Parsed;
use crate::process::Context;

use super::{containers_mut, means, name_of, targets, update};

/// Runs `kubectl set resources`.
///
/// # Errors
/// What could not be set.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let mut changes: Vec<(&'static str, String, String)> = Vec::new();
    for (flag, key) in [("limits", "limits"), ("requests", "requests")] {
        for pair in parsed.list(flag).into_iter().filter(|pair| !pair.is_empty()) {
            let Some((resource, amount)) = pair.split_once('=') else {
                return Err(Failure::text(format!("invalid argument syntax {pair}, expected <resource>=<value>")));
            };
            if crate::api::quantity::Quantity::parse(amount).is_err() {
                return Err(Failure::text(crate::api::quantity::FORMAT_ERROR));
            }
            changes.push((key, resource.to_owned(), amount.to_owned()));
        }
    }
    if changes.is_empty() {
        return Err(Failure::text("you must specify an update to requests or limits (in the form of --requests/--limits)"));
    }
    let pattern = parsed.get("containers").unwrap_or("*").to_owned();
    let (objects, failures) = targets(parsed, &parsed.words, context)?;
    update(parsed, objects, failures, ("resources update", "resource requirements updated"), context, |spec, failures| {
        let mut found = false;
        for container in containers_mut(spec).filter(|container| means(&pattern, name_of(container))) {
            found = true;
            for (key, resource, amount) in &changes {
                read::entry(container, &["resources", key])[resource.as_str()] = json!(amount);
            }
        }
        if !found {
            failures.push(Failure::text(format!("unable to find container named {pattern}")));
        }
    })
}

/// Runs `kubectl set serviceaccount`.
///
/// # Errors
/// What could not be set.
pub fn service_account(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let Some((account, words)) = parsed.words.split_last().filter(|(_, words)| !words.is_empty()) else {
        return Err(Failure::text("serviceaccount is required"));
    };
    let (objects, failures) = targets(parsed, words, context)?;
    let account = account.clone();
    update(parsed, objects, failures, ("ServiceAccountName", "serviceaccount updated"), context, |spec, _| {
        spec["serviceAccountName"] = json!(account);
        spec["serviceAccount"] = json!(account);
    })
}
