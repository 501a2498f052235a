//! `kubectl get`: lists, tables, `-o`, `-w`. Follows `kubectl/pkg/cmd/get/get.go`.

pub mod format;
pub mod sort;
pub mod watch;

pub use format::{Format, list_of};

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::cluster::managed;
use crate::process::{Context, Poll, Process};

use super::client::{self, Filter};
use super::failure::{Failure, Outcome};
use super::flags::Parsed;
use super::output::tabwriter::Rows;
use super::resources::{self, Targets};
use super::table::{self, Now};
use watch::Watch;

/// What the API server says about Endpoints with every answer.
pub const ENDPOINTS_WARNING: &str = "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

/// Starts `kubectl get`.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    Box::new(Get { parsed, watch: None })
}

#[derive(Clone)]
struct Get {
    parsed: Parsed,
    watch: Option<Watch>,
}

impl Process for Get {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if let Some(watch) = &mut self.watch {
            watch.poll(context);
            return Poll::Waiting { until_ms: None };
        }
        match run(&self.parsed, context) {
            Ok(None) => Poll::Done(0),
            Ok(Some(watch)) => {
                self.watch = Some(watch);
                Poll::Waiting { until_ms: None }
            }
            Err(failure) => Poll::Done(failure.print(context.streams)),
        }
    }
}

/// How rows are shown.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// `-o wide`.
    pub wide: bool,
    /// `--no-headers`.
    pub no_headers: bool,
    /// `--show-labels`.
    pub show_labels: bool,
    /// `-L`.
    pub label_columns: Vec<String>,
    /// `-A`, for kinds in namespaces.
    pub namespaces: bool,
    /// Names with their kind before them.
    pub kinds: bool,
}

impl View {
    fn read(parsed: &Parsed) -> Self {
        Self {
            wide: parsed.text("output") == "wide",
            no_headers: parsed.on("no-headers"),
            show_labels: parsed.on("show-labels"),
            label_columns: parsed.list("label-columns").into_iter().map(str::to_owned).collect(),
            namespaces: parsed.on("all-namespaces"),
            kinds: parsed.on("show-kind"),
        }
    }

    /// The headings of a kind.
    pub fn headings(&self, kind: Kind) -> Vec<String> {
        let shown = table::columns(kind).iter().filter(|(_, wide)| self.wide || !wide);
        let mut headings: Vec<String> = shown.map(|(name, _)| (*name).to_owned()).collect();
        if self.namespaces && kind.namespaced() {
            headings.insert(0, "NAMESPACE".to_owned());
        }
        headings.extend(self.label_columns.iter().map(|label| label.rsplit('/').next().unwrap_or(label).to_ascii_uppercase()));
        if self.show_labels {
            headings.push("LABELS".to_owned());
        }
        headings
    }

    /// The cells of an object.
    pub fn row(&self, object: &Object, now: Now) -> Vec<String> {
        let kind = object.kind();
        let cells = table::cells(object, now).into_iter().zip(table::columns(kind));
        let name_column = table::columns(kind).iter().position(|(name, _)| *name == "NAME");
        let mut row: Vec<String> = cells
            .enumerate()
            .filter(|(_, (_, (_, wide)))| self.wide || !wide)
            .map(
                |(index, (cell, _))| {
                    if self.kinds && Some(index) == name_column { format!("{}/{cell}", kind.info().printed()) } else { cell }
                },
            )
            .map(|cell| cell.replace('\n', " "))
            .collect();
        if self.namespaces && kind.namespaced() {
            row.insert(0, object.meta.namespace.to_string());
        }
        row.extend(self.label_columns.iter().map(|label| object.meta.label(label).unwrap_or_default().to_owned()));
        if self.show_labels {
            row.push(table::or_none(super::selectors::of_labels(&object.meta.labels)));
        }
        row
    }
}

fn run(parsed: &Parsed, context: &mut Context<'_>) -> Result<Option<Watch>, Failure> {
    let format = Format::read(parsed)?;
    if parsed.on("show-labels") && !matches!(parsed.text("output"), "" | "wide") {
        let words = format!("--show-labels option cannot be used with {} printer", parsed.text("output"));
        return Err(Failure::text(words));
    }
    if parsed.has("filename") {
        client::no_words(parsed)?;
        return from_files(parsed, &format, context).map(|()| None);
    }
    if let Some(path) = parsed.get("raw") {
        return match path {
            "/healthz" | "/livez" | "/readyz" => {
                context.streams.out.push_str("ok");
                Ok(None)
            }
            _ => Err(Failure::Verbatim(
                "sandbox: --raw knows /healthz, /livez and /readyz here; get objects with -o json instead".to_owned(),
            )),
        };
    }
    if parsed.words.is_empty() {
        context.streams.error(
            "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n",
        );
        return Err(Failure::usage(
            "Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl explain pods).",
            "get",
        ));
    }
    let targets = resources::read(&parsed.words)?;
    let namespace = client::namespace(parsed, context);
    let kinds = match &targets {
        Targets::Kinds(kinds) => kinds.clone(),
        Targets::Named { objects, .. } => {
            client::may_name(parsed, &parsed.words)?;
            objects.iter().map(|(kind, _)| *kind).collect()
        }
    };
    let filter = Filter::read(parsed, namespace.clone(), &kinds)?;
    if parsed.on("watch") || parsed.on("watch-only") {
        return Watch::start(parsed, format, &targets, filter, context).map(Some);
    }
    let (groups, failures) = collect(&targets, &filter, &namespace, parsed.on("ignore-not-found"), context);
    if groups.iter().any(|(kind, _)| *kind == Kind::Endpoints) {
        context.streams.error(ENDPOINTS_WARNING);
    }
    let outcome = match &format {
        Format::Table => {
            tables(parsed, groups, failures.is_empty(), &namespace, context)?;
            Failure::of(failures)
        }
        other => {
            let single = matches!(targets, Targets::Named { single: true, .. });
            documents(parsed, other, groups, single, failures, context)
        }
    };
    outcome.map(|()| None)
}

type Group = (Kind, Vec<Rc<Object>>);

/// The objects meant, grouped as they were asked for, and what is not there.
fn collect(targets: &Targets, filter: &Filter, namespace: &str, ignore: bool, context: &Context<'_>) -> (Vec<Group>, Vec<Failure>) {
    match targets {
        Targets::Kinds(kinds) => (kinds.iter().map(|kind| (*kind, filter.list(context.world, *kind))).collect(), Vec::new()),
        Targets::Named { objects, .. } => {
            let mut groups: Vec<Group> = Vec::new();
            let mut failures = Vec::new();
            for (kind, name) in objects {
                match client::fetch(context.world, *kind, namespace, name) {
                    Ok(object) => match groups.last_mut() {
                        Some((last, group)) if last == kind => group.push(object),
                        _ => groups.push((*kind, vec![object])),
                    },
                    Err(_) if ignore => {}
                    Err(status) => failures.push(status.into()),
                }
            }
            (groups, failures)
        }
    }
}

fn tables(parsed: &Parsed, groups: Vec<Group>, complete: bool, namespace: &str, context: &mut Context<'_>) -> Outcome {
    let now = client::now(context.world);
    let mut view = View::read(parsed);
    view.kinds |= groups.iter().any(|(kind, _)| *kind != groups[0].0);
    let all_namespaced = groups.iter().all(|(kind, _)| kind.namespaced()) && !parsed.on("all-namespaces");
    let mut written = false;
    for (kind, mut objects) in groups {
        if let Some(path) = parsed.get("sort-by").filter(|path| !path.is_empty()) {
            sort::by_path(&mut objects, path, now.epoch)?;
        }
        if objects.is_empty() {
            continue;
        }
        let mut rows = Vec::new();
        if !view.no_headers {
            rows.push(view.headings(kind));
        }
        rows.extend(objects.iter().map(|object| view.row(object, now)));
        if written && !view.no_headers {
            context.streams.out.push('\n');
        }
        context.streams.out.push_str(&Rows::default().print(&rows));
        written = true;
    }
    if !written && complete && !parsed.on("ignore-not-found") {
        if all_namespaced {
            context.streams.error(&format!("No resources found in {namespace} namespace."));
        } else {
            context.streams.error("No resources found");
        }
    }
    Ok(())
}

fn documents(
    parsed: &Parsed,
    format: &Format,
    groups: Vec<Group>,
    single: bool,
    failures: Vec<Failure>,
    context: &mut Context<'_>,
) -> Outcome {
    let epoch = context.world.settings.epoch;
    let mut objects: Vec<Rc<Object>> = groups.into_iter().flat_map(|(_, objects)| objects).collect();
    if single && objects.is_empty() {
        return Failure::of(failures);
    }
    if let Some(path) = parsed.get("sort-by").filter(|path| !path.is_empty()) {
        sort::by_path(&mut objects, path, epoch)?;
    }
    // Only YAML and JSON leave out who manages which field.
    let managed = parsed.on("show-managed-fields") || parsed.text("output").contains("managedFields");
    let document = |object: &Rc<Object>| {
        let mut document = client::document(object, epoch);
        if managed {
            document["metadata"]["managedFields"] = managed::managed_fields(context.world, object);
        }
        document
    };
    let documents: Vec<Value> = objects.iter().map(document).collect();
    let printed = match documents.as_slice() {
        [one] if single => format.print(one, parsed.on("no-headers")),
        _ => format.print(&list_of(documents), parsed.on("no-headers")),
    };
    context.streams.out.push_str(&printed.map_err(Failure::Text)?);
    Failure::of(failures)
}

fn from_files(parsed: &Parsed, format: &Format, context: &mut Context<'_>) -> Outcome {
    let (items, mut failures) = super::files::read(parsed, context)?;
    let mut groups: Vec<Group> = Vec::new();
    for item in &items {
        match client::fetch(context.world, item.kind, &item.namespace, &item.name) {
            Ok(object) => match groups.last_mut() {
                Some((last, group)) if *last == item.kind => group.push(object),
                _ => groups.push((item.kind, vec![object])),
            },
            Err(status) => failures.push(status.into()),
        }
    }
    let namespace = client::namespace(parsed, context);
    match format {
        Format::Table => {
            tables(parsed, groups, failures.is_empty(), &namespace, context)?;
            Failure::of(failures)
        }
        other => documents(parsed, other, groups, items.len() == 1, failures, context),
    }
}
