//! `kubectl get -w`: rows stream from the watch log; columns only ever grow.

use serde_json::json;

use crate::sorted::SortedSet;

use crate::api::kind::Kind;
use crate::api::metadata::Uid;
use crate::api::object::Object;
use crate::api::time::Epoch;
use crate::cluster::store::Verb;
use crate::kubectl::client::{self, Filter};
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::Parsed;
use crate::kubectl::output::tabwriter::Rows;
use crate::kubectl::resources::Targets;
use crate::kubectl::table::Now;
use crate::process::Context;

use super::{Format, View, sort};

#[derive(Clone)]
pub(super) struct Watch {
    kind: Kind,
    names: Vec<String>,
    filter: Filter,
    format: Format,
    view: View,
    rows: Rows,
    headed: bool,
    events: bool,
    documents: usize,
    seen: usize,
    matching: SortedSet<Uid>,
}

impl Watch {
    pub(super) fn start(
        parsed: &Parsed,
        format: Format,
        targets: &Targets,
        filter: Filter,
        context: &mut Context<'_>,
    ) -> Result<Self, Failure> {
        let (kind, names) = match targets {
            Targets::Kinds(kinds) if kinds.len() == 1 => (kinds[0], Vec::new()),
            Targets::Named { objects, single: true } => (objects[0].0, vec![objects[0].1.clone()]),
            Targets::Named { .. } => {
                return Err(Failure::text(
                    "watch is only supported on individual resources and resource collections - more than 1 resource was found",
                ));
            }
            Targets::Kinds(_) => return Err(Failure::text("you may only specify a single resource type")),
        };
        let mut watch = Self {
            kind,
            names,
            filter,
            format,
            view: View::read(parsed),
            rows: Rows::default(),
            headed: false,
            events: parsed.on("output-watch-events"),
            documents: 0,
            seen: context.world.store.log.len(),
            matching: SortedSet::new(),
        };
        let namespace = client::namespace(parsed, context);
        let mut present = match watch.names.first() {
            Some(name) => vec![client::fetch(context.world, kind, &namespace, name)?],
            None => watch.filter.list(context.world, kind),
        };
        if let Some(path) = parsed.get("sort-by").filter(|path| !path.is_empty()) {
            sort::by_path(&mut present, path, context.world.settings.epoch)?;
        }
        if kind == Kind::Endpoints {
            context.streams.error(super::ENDPOINTS_WARNING);
        }
        watch.matching.extend(present.iter().map(|object| object.meta.uid));
        if !parsed.on("watch-only") {
            let objects: Vec<(Verb, &Object)> = present.iter().map(|object| (Verb::Added, &**object)).collect();
            let now = client::now(context.world);
            let text = watch.text(&objects, now).map_err(Failure::Text)?;
            context.streams.out.push_str(&text);
        }
        Ok(watch)
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) {
        let epoch = context.world.settings.epoch;
        while let Some(event) = context.world.store.log.get(self.seen).cloned() {
            self.seen += 1;
            let object = event.object;
            if self.kind == Kind::Endpoints && object.kind() == Kind::EndpointSlice {
                self.mirrored(&object, context);
                continue;
            }
            if object.kind() != self.kind || self.names.first().is_some_and(|name| **name != *object.meta.name) {
                continue;
            }
            let matches = self.filter.matches(&object);
            let known = self.matching.contains(&object.meta.uid);
            if !matches && !known {
                continue;
            }
            let verb = if matches { event.verb } else { Verb::Deleted };
            if verb == Verb::Deleted {
                self.matching.remove(&object.meta.uid);
            } else {
                self.matching.insert(object.meta.uid);
            }
            self.print(&[(verb, &object)], Now { ms: event.at_ms, epoch }, context);
        }
    }

    /// Endpoints are not stored: a change of a slice is a change of theirs.
    fn mirrored(&mut self, slice: &Object, context: &mut Context<'_>) {
        let name = slice.meta.label("kubernetes.io/service-name").unwrap_or_default().to_owned();
        let now = client::now(context.world);
        if self.names.first().is_some_and(|wanted| *wanted != name) {
            return;
        }
        let found = client::endpoints(context.world, &slice.meta.namespace).into_iter().find(|object| *object.meta.name == *name);
        if let Some(object) = found.filter(|object| self.filter.matches(object)) {
            self.print(&[(Verb::Modified, &object)], now, context);
        }
    }

    fn print(&mut self, objects: &[(Verb, &Object)], now: Now, context: &mut Context<'_>) {
        match self.text(objects, now) {
            Ok(text) => context.streams.out.push_str(&text),
            Err(words) => context.streams.error(&format!("error: {words}")),
        }
    }

    fn text(&mut self, objects: &[(Verb, &Object)], now: Now) -> Result<String, String> {
        if let Format::Table = self.format {
            if objects.is_empty() {
                return Ok(String::new());
            }
            let mut rows = Vec::new();
            if !self.headed && !self.view.no_headers {
                let mut headings = self.view.headings(self.kind);
                if self.events {
                    headings.insert(0, "EVENT".to_owned());
                }
                rows.push(headings);
            }
            self.headed = true;
            for (verb, object) in objects {
                let mut row = self.view.row(object, now);
                if self.events {
                    row.insert(0, verb.as_str().to_owned());
                }
                rows.push(row);
            }
            return Ok(self.rows.print(&rows));
        }
        let mut out = String::new();
        for (verb, object) in objects {
            let mut document = client::document(object, epoch(now));
            if self.events {
                match self.format {
                    // Events are printed as they came over the wire: one to a line, the type first.
                    Format::Json => {
                        out.push_str(&format!("{{\"type\":\"{}\",\"object\":{document}}}\n", verb.as_str()));
                        continue;
                    }
                    Format::Name => {}
                    _ => document = json!({"type": verb.as_str(), "object": document}),
                }
            }
            if matches!(self.format, Format::Yaml) && self.documents > 0 {
                out.push_str("---\n");
            }
            out.push_str(&self.format.print(&document, self.view.no_headers || self.documents > 0)?);
            self.documents += 1;
        }
        Ok(out)
    }
}

fn epoch(now: Now) -> Epoch {
    now.epoch
}
