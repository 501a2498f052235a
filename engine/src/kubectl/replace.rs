//! `kubectl replace`, with `--force`. Follows `kubectl/pkg/cmd/replace`.

use crate::process::{Context, Poll, Process};

use super::apply::{relaxed, with_last_applied};
use super::change::{self, DryRun};
use super::delete::{self, Pending};
use super::failure::{Failure, Outcome};
use super::files::{self, Item};
use super::flags::Parsed;

/// Starts `kubectl replace`.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    Box::new(Replace { parsed, leaving: None })
}

#[derive(Clone)]
struct Replace {
    parsed: Parsed,
    leaving: Option<(Vec<Item>, Pending)>,
}

impl Process for Replace {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if self.leaving.is_none() {
            if files::awaits_input(&self.parsed, context) {
                return Poll::Waiting { until_ms: None };
            }
            match begin(&self.parsed, context) {
                Ok(None) => return Poll::Done(0),
                Ok(leaving) => self.leaving = leaving,
                Err(failure) => return Poll::Done(failure.print(context.streams)),
            }
        }
        let Some((items, pending)) = &mut self.leaving else { return Poll::Done(0) };
        match pending.poll(context) {
            Err(waiting) => waiting,
            Ok(Err(failure)) => Poll::Done(failure.print(context.streams)),
            Ok(Ok(())) => {
                let items = std::mem::take(items);
                match create_again(&self.parsed, items, context) {
                    Ok(()) => Poll::Done(0),
                    Err(failure) => Poll::Done(failure.print(context.streams)),
                }
            }
        }
    }
}

fn begin(parsed: &Parsed, context: &mut Context<'_>) -> Result<Option<(Vec<Item>, Pending)>, Failure> {
    if !parsed.has("filename") && !parsed.has("kustomize") {
        return Err(Failure::text("must specify one of -f and -k"));
    }
    let dry_run = DryRun::read(parsed)?;
    let (items, unread) = files::read(parsed, context)?;
    let mut failures = Vec::new();
    if items.is_empty() && unread.is_empty() {
        return Err(Failure::text("no objects passed to replace"));
    }
    if parsed.on("force") {
        Failure::of(unread)?;
        let pending = delete::for_replace(&items, parsed, context)?;
        return Ok(Some((items, pending)));
    }
    for item in items {
        let value = if parsed.on("save-config") { with_last_applied(&item.value) } else { item.value };
        if dry_run == DryRun::Client {
            change::announce_document(context, parsed, &value, "replaced", dry_run)?;
            continue;
        }
        match change::replace(context, relaxed(parsed, value), &item.namespace, dry_run) {
            Ok((stored, _)) => change::announce(context, parsed, &stored, "replaced", dry_run)?,
            Err(status) => failures.push(Failure::from(status).when("replacing", &item.source)),
        }
    }
    failures.extend(unread);
    Failure::of(failures).map(|()| None)
}

fn create_again(parsed: &Parsed, items: Vec<Item>, context: &mut Context<'_>) -> Outcome {
    let mut failures = Vec::new();
    for item in items {
        let value = if parsed.on("save-config") { with_last_applied(&item.value) } else { item.value };
        match change::create(context, relaxed(parsed, value), &item.namespace, DryRun::None) {
            Ok(stored) => change::announce(context, parsed, &stored, "replaced", DryRun::None)?,
            Err(status) => failures.push(Failure::from(status)),
        }
    }
    Failure::of(failures)
}
