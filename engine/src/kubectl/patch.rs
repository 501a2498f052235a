//! `kubectl patch`: strategic, merge and JSON patches. Follows `kubectl/pkg/cmd/patch`.

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::patch::{BuiltIn, json_patch, merge_patch, strategic_merge};
use crate::api::read;
use crate::api::status::Status;
use crate::manifest;
use crate::process::Context;
use crate::schema;

use super::change::{self, DryRun};
use super::client;
use super::failure::{Failure, Outcome};
use super::files;
use super::flags::Parsed;
use super::output::jsonpath::go_text;

/// Runs `kubectl patch`.
///
/// # Errors
/// What could not be patched.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let text = match (parsed.get("patch"), parsed.get("patch-file")) {
        (Some(text), None) if !text.is_empty() => text.to_owned(),
        (None, Some(file)) => match context.terminal.files.get(file.strip_prefix("./").unwrap_or(file)) {
            Some(text) => text.to_string(),
            None => return Err(Failure::text(format!("unable to read patch file: open {file}: no such file or directory"))),
        },
        (Some(_), Some(_)) => return Err(Failure::text("cannot specify --patch and --patch-file together")),
        _ => return Err(Failure::text("must specify --patch or --patch-file containing the contents of the patch")),
    };
    let form = match parsed.get("type") {
        None => "strategic".to_owned(),
        Some(form) => form.to_ascii_lowercase(),
    };
    if !matches!(form.as_str(), "strategic" | "merge" | "json") {
        return Err(Failure::text(format!("--type must be one of [json merge strategic], not {:?}", parsed.text("type"))));
    }
    let dry_run = DryRun::read(parsed)?;
    let (objects, failures) = targets(parsed, context)?;
    if objects.is_empty() {
        return Failure::of(failures);
    }
    let patch = read_patch(&text)?;
    for object in objects {
        let document = object.to_value(context.world.settings.epoch);
        let mut patched = match form.as_str() {
            "json" => json_patch(&document, &patch).map_err(|error| error.status())?,
            "merge" => {
                let mut patched = document.clone();
                merge_patch(&mut patched, &patch);
                patched
            }
            _ => strategic_merge(&document, &patch, &BuiltIn::of_kind(object.kind().name())).map_err(|error| error.status())?,
        };
        check(&mut patched, &patch, &form, context)?;
        change::record(parsed, &mut patched);
        let (stored, changed) = change::replace(context, patched, &object.meta.namespace, dry_run)?;
        let done = if changed { "patched" } else { "patched (no change)" };
        // That it was a dry run is not said.
        change::announce(context, parsed, &stored, done, DryRun::None)?;
    }
    Failure::of(failures)
}

fn targets(parsed: &Parsed, context: &mut Context<'_>) -> Result<(Vec<Rc<Object>>, Vec<Failure>), Failure> {
    if parsed.has("filename") {
        return files::stored(parsed, context);
    }
    client::select(parsed, &parsed.words, context, "patch")
}

/// Wrong types are refused, unknown fields dropped with a warning.
fn check(patched: &mut Value, patch: &Value, form: &str, context: &mut Context<'_>) -> Outcome {
    let (api_version, kind) =
        (read::string(patched, &["apiVersion"]).unwrap_or_default(), read::string(patched, &["kind"]).unwrap_or_default());
    if let Some(found) = Kind::of(api_version, kind) {
        let errors = schema::decode(patched, schema::of(found));
        if let Some(error) = errors.iter().find(|error| !error.is_strict()) {
            if form == "strategic" {
                let wanted = error.text.rsplit(' ').next().unwrap_or_default();
                return Err(Failure::Verbatim(format!(
                    "The request is invalid: patch: Invalid value: \"{}\": unrecognized type: {wanted}",
                    go_text(patch)
                )));
            }
            if let Some(words) = schema::bad_request(patched, found) {
                return Err(Status::bad_request(words).into());
            }
        }
    }
    for words in super::unknown::drop(patched) {
        context.streams.error(&format!("Warning: {words}"));
    }
    Ok(())
}

fn read_patch(text: &str) -> Result<Value, Failure> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|_| Status::bad_request(go_json_error(text)).into());
    }
    manifest::value(text).map_err(|words| Failure::text(format!("unable to parse {text:?}: {words}")))
}

/// What Go's `encoding/json` says about text that is no JSON.
fn go_json_error(text: &str) -> String {
    let mut stack: Vec<char> = Vec::new();
    // What may come next: a value, a key, a colon, or what follows a value.
    let mut next = 'v';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_ascii_whitespace() {
            continue;
        }
        let invalid = |context: &str| format!("invalid character {} {context}", quoted(character));
        match (next, character) {
            ('k' | 'K', '"') | ('v', '"') => {
                let mut escaped = false;
                let mut closed = false;
                for inside in characters.by_ref() {
                    match inside {
                        _ if escaped => escaped = false,
                        '\\' => escaped = true,
                        '"' => {
                            closed = true;
                            break;
                        }
                        _ => {}
                    }
                }
                if !closed {
                    return "unexpected end of JSON input".to_owned();
                }
                next = if next == 'v' { 'a' } else { ':' };
            }
            ('k', '}') | ('a', '}') if stack.last() == Some(&'{') => {
                stack.pop();
                next = 'a';
            }
            ('k' | 'K', _) => return invalid("looking for beginning of object key string"),
            (':', ':') => next = 'v',
            (':', _) => return invalid("after object key"),
            ('v', '{') => {
                stack.push('{');
                next = 'k';
            }
            ('v', '[') => {
                stack.push('[');
                next = 'v';
            }
            ('v' | 'a', ']') if stack.last() == Some(&'[') => {
                stack.pop();
                next = 'a';
            }
            ('v', '-' | '0'..='9') => {
                while characters.peek().is_some_and(|digit| matches!(digit, '0'..='9' | '.' | 'e' | 'E' | '+' | '-')) {
                    characters.next();
                }
                next = 'a';
            }
            ('v', 't' | 'f' | 'n') => {
                let word = match character {
                    't' => "true",
                    'f' => "false",
                    _ => "null",
                };
                for (place, wanted) in word.char_indices().skip(1) {
                    match characters.next() {
                        Some(found) if found == wanted => {}
                        Some(found) => {
                            let _ = place;
                            return format!("invalid character {} in literal {word} (expecting '{wanted}')", quoted(found));
                        }
                        None => return "unexpected end of JSON input".to_owned(),
                    }
                }
                next = 'a';
            }
            ('v', _) => return invalid("looking for beginning of value"),
            ('a', ',') => next = if stack.last() == Some(&'{') { 'K' } else { 'v' },
            ('a', _) => {
                return invalid(match stack.last() {
                    Some('{') => "after object key:value pair",
                    Some(_) => "after array element",
                    None => "after top-level value",
                });
            }
            _ => return invalid("looking for beginning of value"),
        }
    }
    "unexpected end of JSON input".to_owned()
}

fn quoted(character: char) -> String {
    match character {
        '\'' => "'\\''".to_owned(),
        '"' => "'\"'".to_owned(),
        other => format!("'{other}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::go_json_error;

    #[test]
    fn json_errors_are_gos() {
        for (text, words) in [
            ("{bad", "invalid character 'b' looking for beginning of object key string"),
            ("{\"a\":1", "unexpected end of JSON input"),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            ("{\"a\":x}", "invalid character 'x' looking for beginning of value"),
            ("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair"),
            ("{\"a\":1,}", "invalid character '}' looking for beginning of object key string"),
            ("{\"a\":[1 2]}", "invalid character '2' after array element"),
        ] {
            assert_eq!(go_json_error(text), words, "{text}");
        }
    }
}
