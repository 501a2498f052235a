//! `kubectl events`. Follows `kubectl/pkg/cmd/events`.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::json::json;
use crate::order;
use crate::process::{Context, Poll, Process};

use super::client;
use super::describe::events::interval;
use super::failure::Failure;
use super::flags::Parsed;
use super::get::{Format, list_of};
use super::output::tabwriter::Rows;
use super::resources;

/// Starts `kubectl events`.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    Box::new(Events { parsed, watch: None })
}

#[derive(Clone)]
struct Events {
    parsed: Parsed,
    watch: Option<Watch>,
}

#[derive(Clone)]
struct Watch {
    wanted: Wanted,
    rows: Rows,
    seen: usize,
}

#[derive(Clone)]
struct Wanted {
    namespace: Option<String>,
    about: Option<(Kind, String)>,
    types: Vec<String>,
}

impl Process for Events {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if let Some(watch) = &mut self.watch {
            watch.go_on(context);
            return Poll::Waiting { until_ms: None };
        }
        match self.run(context) {
            Ok(None) => Poll::Done(0),
            Ok(Some(watch)) => {
                self.watch = Some(watch);
                Poll::Waiting { until_ms: None }
            }
            Err(failure) => Poll::Done(failure.print(context.streams)),
        }
    }
}

impl Events {
    fn run(&self, context: &mut Context<'_>) -> Result<Option<Watch>, Failure> {
        let everywhere = self.parsed.on("all-namespaces");
        let namespace = client::namespace(&self.parsed, context);
        let about = match self.parsed.get("for") {
            None => None,
            Some(text) => {
                let Some((kind, name)) = text.split_once('/') else {
                    return Err(Failure::text("--for must be in resource/name form"));
                };
                // kubectl asks the server itself, so that nothing goes before the words.
                let kind = resources::one(kind).map_err(|failure| Failure::Verbatim(failure.words()))?;
                Some((kind, name.to_owned()))
            }
        };
        let types: Vec<String> = self.parsed.list("types").into_iter().filter(|text| !text.is_empty()).map(str::to_owned).collect();
        if let Some(other) = types.iter().find(|text| !text.eq_ignore_ascii_case("normal") && !text.eq_ignore_ascii_case("warning")) {
            let _ = other;
            return Err(Failure::text("valid --types are Normal or Warning"));
        }
        let wanted = Wanted { namespace: (!everywhere).then(|| namespace.to_string()), about, types };
        let mut found: Vec<Rc<Object>> = context.world.store.all(Kind::Event).filter(|event| wanted.means(event)).cloned().collect();
        order::sort_by_key(&mut found, |event| event.event().map_or(0, |event| event.last_ms));
        let watches = self.parsed.on("watch");
        if found.is_empty() && !watches {
            context.streams.error(&if everywhere {
                "No events found.".to_owned()
            } else {
                format!("No events found in {namespace} namespace.")
            });
            return Ok(None);
        }
        let format = Format::read(&self.parsed)?;
        if !watches && !matches!(format, Format::Table | Format::Name) {
            let epoch = context.world.settings.epoch;
            let mut list = list_of(found.iter().map(|event| event.to_value(epoch)).collect());
            list["kind"] = json!("EventList");
            list["metadata"] = json!({});
            context.streams.out.push_str(&format.print(&list, false).map_err(Failure::Text)?);
            return Ok(None);
        }
        let mut rows = Vec::new();
        if !self.parsed.on("no-headers") {
            rows.push(headings(everywhere));
        }
        rows.extend(found.iter().map(|event| row(event, everywhere, context)));
        let mut printer = Rows::default();
        context.streams.out.push_str(&printer.print(&rows));
        Ok(watches.then_some(Watch { wanted, rows: printer, seen: context.world.store.log.len() }))
    }
}

impl Watch {
    fn go_on(&mut self, context: &mut Context<'_>) {
        while let Some(event) = context.world.store.log.get(self.seen).cloned() {
            self.seen += 1;
            if event.object.kind() == Kind::Event && self.wanted.means(&event.object) {
                let row = row(&event.object, self.wanted.namespace.is_none(), context);
                context.streams.out.push_str(&self.rows.print(&[row]));
            }
        }
    }
}

impl Wanted {
    fn means(&self, object: &Object) -> bool {
        let Some(event) = object.event() else { return false };
        let kind = if event.warning { "warning" } else { "normal" };
        self.namespace.as_ref().is_none_or(|namespace| **namespace == *object.meta.namespace)
            && self.about.as_ref().is_none_or(|(kind, name)| event.object_kind == *kind && *event.object_name == **name)
            && (self.types.is_empty() || self.types.iter().any(|wanted| wanted.eq_ignore_ascii_case(kind)))
    }
}

fn headings(everywhere: bool) -> Vec<String> {
    let all = ["NAMESPACE", "LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
    all.iter().skip(usize::from(!everywhere)).map(|text| (*text).to_owned()).collect()
}

fn row(object: &Object, everywhere: bool, context: &Context<'_>) -> Vec<String> {
    let Some(event) = object.event() else { return Vec::new() };
    let mut row = vec![
        interval(event, context.world.now_ms()),
        if event.warning { "Warning" } else { "Normal" }.to_owned(),
        event.reason.to_string(),
        format!("{}/{}", event.object_kind.name(), event.object_name),
        event.message.trim().to_owned(),
    ];
    if everywhere {
        row.insert(0, object.meta.namespace.to_string());
    }
    row
}
