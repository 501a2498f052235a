//! `kubectl cordon|uncordon|drain|taint`. Follows `kubectl/pkg/cmd/drain` and `taint`.

pub mod drain;
pub mod taint;

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::read;
use crate::json::json;
use crate::process::Context;

use super::change::{self, DryRun};
use super::client::{self, Filter};
use super::failure::{Failure, Outcome};
use super::flags::Parsed;

/// Runs `kubectl cordon`.
///
/// # Errors
/// A node that is not there.
pub fn cordon(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    set_unschedulable(parsed, context, true, "cordon")
}

/// Runs `kubectl uncordon`.
///
/// # Errors
/// A node that is not there.
pub fn uncordon(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    set_unschedulable(parsed, context, false, "uncordon")
}

fn set_unschedulable(parsed: &Parsed, context: &mut Context<'_>, wanted: bool, command: &str) -> Outcome {
    let nodes = nodes(parsed, command, context)?;
    let dry_run = DryRun::read(parsed)?;
    for node in nodes {
        mark(&node, wanted, dry_run, context)?;
    }
    Ok(())
}

/// The nodes that a command means.
fn nodes(parsed: &Parsed, command: &str, context: &mut Context<'_>) -> Result<Vec<Rc<Object>>, Failure> {
    let selected = !parsed.text("selector").is_empty();
    if parsed.words.is_empty() && !selected {
        return Err(Failure::usage(&format!("USAGE: {command} NODE [flags]"), command));
    }
    if selected && !parsed.words.is_empty() {
        return Err(Failure::usage("error: cannot specify both a node name and a --selector option", command));
    }
    if selected {
        return Ok(Filter::read(parsed, "".into(), &[Kind::Node])?.list(context.world, Kind::Node));
    }
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for word in &parsed.words {
        let name = ["node/", "nodes/", "no/"].iter().find_map(|prefix| word.strip_prefix(prefix)).unwrap_or(word);
        match client::fetch(context.world, Kind::Node, "", name) {
            Ok(node) => found.push(node),
            Err(status) => failures.push(Failure::from(status)),
        }
    }
    Failure::of(failures)?;
    Ok(found)
}

/// Makes a node schedulable or not, and says so.
fn mark(node: &Object, wanted: bool, dry_run: DryRun, context: &mut Context<'_>) -> Outcome {
    let name = format!("node/{}", node.meta.name);
    let done = if wanted { "cordoned" } else { "uncordoned" };
    if node.node().is_some_and(|body| body.unschedulable) == wanted {
        context.streams.line(&format!("{name} already {done}{}", dry_run.remark()));
        return Ok(());
    }
    if dry_run != DryRun::Client {
        let mut document = node.to_value(context.world.settings.epoch);
        if wanted {
            document["spec"]["unschedulable"] = json!(true);
        } else {
            read::take(&mut document, &["spec"], "unschedulable");
        }
        change::replace(context, document, "", dry_run)?;
    }
    context.streams.line(&format!("{name} {done}{}", dry_run.remark()));
    Ok(())
}
