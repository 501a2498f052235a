//! `kubectl diff`: what apply would change. Follows `kubectl/pkg/cmd/diff`.

use crate::api::metadata::LAST_APPLIED;
use crate::api::patch::{BuiltIn, strategic_merge, three_way_patch};
use crate::api::read;
use crate::json::json;
use crate::process::Context;

use super::apply::with_last_applied;
use super::failure::{Failure, Outcome};
use super::files;
use super::flags::Parsed;
use super::output::yaml;

/// Lines shown around a change.
const AROUND: usize = 3;
/// Texts longer than this are not compared line by line.
const LINES_MAX: usize = 5_000;

/// Runs `kubectl diff`.
///
/// # Errors
/// What cannot be read; and exit code 1 where something differs.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    if !parsed.has("filename") && !parsed.has("kustomize") {
        return Err(exit(Failure::text("must specify one of -f and -k"), context));
    }
    let (items, failures) = files::read(parsed, context).map_err(|failure| exit(failure, context))?;
    Failure::of(failures).map_err(|failure| exit(failure, context))?;
    let epoch = context.world.settings.epoch;
    let mut differs = false;
    for item in items {
        let live = context.world.store.find(item.kind, &item.namespace, &item.name).cloned();
        let modified = with_last_applied(&item.value);
        let (before, after) = match &live {
            None => match context.world.create_dry_run(modified, &item.namespace) {
                Ok(object) => (String::new(), yaml::document(&object.to_value(epoch))),
                Err(status) => return Err(exit(status.into(), context)),
            },
            Some(object) => {
                let current = object.to_value(epoch);
                let last =
                    read::string(&current, &["metadata", "annotations", LAST_APPLIED]).and_then(|text| serde_json::from_str(text).ok());
                let keys = BuiltIn::of_kind(item.kind.name());
                let patch = three_way_patch(&last.unwrap_or_default(), &modified, &current, &keys);
                let merged = strategic_merge(&current, &patch, &keys).map_err(|error| Failure::from(error.status()))?;
                let (stored, _) = context.world.replace_dry_run(merged, &item.namespace).map_err(|status| exit(status.into(), context))?;
                let mut after = stored.to_value(epoch);
                if after.get("spec") != current.get("spec") && object.meta.generation > 0 {
                    after["metadata"]["generation"] = json!(object.meta.generation + 1);
                }
                let shown = |mut document: serde_json::Value| {
                    read::take(&mut document, &["metadata", "annotations"], LAST_APPLIED);
                    let empty = read::at(&document, &["metadata", "annotations"])
                        .and_then(serde_json::Value::as_object)
                        .is_some_and(serde_json::Map::is_empty);
                    if empty {
                        read::take(&mut document, &["metadata"], "annotations");
                    }
                    yaml::document(&document)
                };
                (shown(current), shown(after))
            }
        };
        if before == after {
            continue;
        }
        differs = true;
        let info = item.kind.info();
        let group = if info.group.is_empty() { String::new() } else { format!("{}.", info.group) };
        let file = format!("{group}{}.{}.{}.{}", info.version, info.name, item.namespace, item.name);
        let (old, new) = (format!("/tmp/LIVE-1/{file}"), format!("/tmp/MERGED-1/{file}"));
        context.streams.out.push_str(&format!("diff -u -N {old} {new}\n--- {old}\n+++ {new}\n{}", unified(&before, &after)));
    }
    if differs { Err(Failure::Exit(1)) } else { Ok(()) }
}

/// A failure of diff itself exits with more than 1, which means that something differs.
fn exit(failure: Failure, context: &mut Context<'_>) -> Failure {
    failure.print(context.streams);
    Failure::Exit(2)
}

/// The lines of a difference with their marks (`-`, `+`, blank), a few around each change; `@` stands for a gap. Empty where
/// nothing differs.
pub fn hunks(before: &str, after: &str) -> Vec<(char, String)> {
    if before == after {
        return Vec::new();
    }
    let lines = unified(before, after);
    let lines = lines.lines().filter_map(|line| {
        let mark = line.chars().next()?;
        Some((mark, if mark == '@' { String::new() } else { line[1..].to_owned() }))
    });
    lines.collect()
}

/// The hunks of a unified diff.
fn unified(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let changes = changes(&old, &new);
    let mut out = String::new();
    let mut at = 0;
    while let Some(first) = (at..changes.len()).find(|index| changes[*index].0 != ' ') {
        let from = first.saturating_sub(AROUND).max(at);
        let mut last = first;
        let mut index = first;
        while index < changes.len() && index - last <= AROUND * 2 {
            if changes[index].0 != ' ' {
                last = index;
            }
            index += 1;
        }
        let to = (last + AROUND + 1).min(changes.len());
        let count = |range: &[(char, &str)], skipped: char| range.iter().filter(|(mark, _)| *mark != skipped).count();
        let (old_before, new_before) = (count(&changes[..from], '+'), count(&changes[..from], '-'));
        let (old_count, new_count) = (count(&changes[from..to], '+'), count(&changes[from..to], '-'));
        let place = |before: usize, count: usize| {
            let start = if count == 0 { before } else { before + 1 };
            if count == 1 { start.to_string() } else { format!("{start},{count}") }
        };
        out.push_str(&format!("@@ -{} +{} @@\n", place(old_before, old_count), place(new_before, new_count)));
        for (mark, line) in &changes[from..to] {
            out.push_str(&format!("{mark}{line}\n"));
        }
        at = to;
    }
    out
}

/// Lines with `-`, `+` or a blank before them, by the longest common subsequence.
fn changes<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut out: Vec<(char, &str)> = old[..head].iter().map(|line| (' ', *line)).collect();
    if old_middle.len() > LINES_MAX || new_middle.len() > LINES_MAX {
        out.extend(old_middle.iter().map(|line| ('-', *line)));
        out.extend(new_middle.iter().map(|line| ('+', *line)));
    } else {
        let width = new_middle.len() + 1;
        let mut longest = vec![0u32; (old_middle.len() + 1) * width];
        for x in (0..old_middle.len()).rev() {
            for y in (0..new_middle.len()).rev() {
                longest[x * width + y] = if old_middle[x] == new_middle[y] {
                    longest[(x + 1) * width + y + 1] + 1
                } else {
                    longest[(x + 1) * width + y].max(longest[x * width + y + 1])
                };
            }
        }
        let (mut x, mut y) = (0, 0);
        while x < old_middle.len() || y < new_middle.len() {
            if x < old_middle.len() && y < new_middle.len() && old_middle[x] == new_middle[y] {
                out.push((' ', old_middle[x]));
                (x, y) = (x + 1, y + 1);
            } else if y >= new_middle.len() || x < old_middle.len() && longest[(x + 1) * width + y] >= longest[x * width + y + 1] {
                out.push(('-', old_middle[x]));
                x += 1;
            } else {
                out.push(('+', new_middle[y]));
                y += 1;
            }
        }
    }
    out.extend(old[old.len() - tail..].iter().map(|line| (' ', *line)));
    out
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn hunks_have_their_places() {
        let before = "a\nb\nc\nd\ne\nf\ng\n";
        let after = "a\nb\nc\nX\ne\nf\ng\n";
        assert_eq!(unified(before, after), "@@ -1,7 +1,7 @@\n a\n b\n c\n-d\n+X\n e\n f\n g\n");
        assert_eq!(unified("", "a\n"), "@@ -0,0 +1 @@\n+a\n");
    }
}
