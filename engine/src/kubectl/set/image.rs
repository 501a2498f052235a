//! `kubectl set image`.

use crate::json::json;
use crate::kubectl::client;
use crate::kubectl::failure::{Failure, Outcome};
use crate::kubectl::flags::Parsed;
use crate::process::Context;

use super::{containers_mut, means, name_of, targets, update};

/// Runs `kubectl set image`.
///
/// # Errors
/// What could not be set.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let (images, words): (Vec<String>, Vec<String>) = parsed.words.iter().cloned().partition(|word| word.contains('='));
    let images: Vec<(String, String)> =
        images.iter().filter_map(|pair| pair.split_once('=')).map(|(name, image)| (name.to_owned(), image.to_owned())).collect();
    if words.is_empty() && !parsed.has("filename") {
        return Err(client::no_resource());
    }
    let (objects, failures) = if images.is_empty() { (Vec::new(), Vec::new()) } else { targets(parsed, &words, context)? };
    if images.is_empty() {
        crate::kubectl::resources::read(&words)?;
        return Err(Failure::text("at least one image update is required"));
    }
    update(parsed, objects, failures, ("image update", "image updated"), context, |spec, failures| {
        for (pattern, image) in &images {
            let mut found = false;
            for container in containers_mut(spec).filter(|container| means(pattern, name_of(container))) {
                container["image"] = json!(image);
                found = true;
            }
            if !found {
                failures.push(Failure::text(format!("unable to find container named {pattern:?}")));
            }
        }
    })
}
