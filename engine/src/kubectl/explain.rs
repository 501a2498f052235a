//! `kubectl explain`, from the published structure and its descriptions, which are read when they are there.
//! Follows `kubectl/pkg/explain/v2` and its template `plaintext.tmpl`.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::order;
use crate::process::{Context, Poll, Process};
use crate::schema::{self, Field, FieldType, Required, Type, descriptions};
use crate::texts::{DESCRIPTIONS, Reading};

use super::failure::Failure;
use super::flags::Parsed;
use super::output::wrap::wrap;

/// As many values as a list of fields shows.
const VALUES_SHOWN: usize = 4;
/// How wide a description is.
const WIDTH: usize = 76;

/// What is to be explained.
struct Place {
    kind: Kind,
    /// The field with the type that it is of; `None` for the kind itself.
    field: Option<(&'static Type, &'static Field)>,
    recursive: bool,
}

/// Starts `kubectl explain`: what does not exist is refused at once.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    match find(&parsed) {
        Ok(place) => Box::new(Reading::new(
            &DESCRIPTIONS,
            Rc::new(move |context| {
                context.streams.out.push_str(&explained(&place));
                0
            }),
        )),
        Err((head, failure)) => Box::new(Refused(head, failure)),
    }
}

/// What is printed before it turns out that there is no such field, and the refusal.
#[derive(Clone)]
struct Refused(String, Failure);

impl Process for Refused {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        context.streams.out.push_str(&self.0);
        Poll::Done(self.1.print(context.streams))
    }
}

fn find(parsed: &Parsed) -> Result<Place, (String, Failure)> {
    let refused = |failure| (String::new(), failure);
    let [word] = parsed.words.as_slice() else {
        return Err(refused(Failure::text(if parsed.words.is_empty() {
            "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of supported resources."
        } else {
            "We accept only this format: explain RESOURCE"
        })));
    };
    match parsed.get("output") {
        None | Some("plaintext") => {}
        Some("plaintext-openapiv2") => {
            return Err(refused(Failure::text("the sandbox prints -o plaintext only, not the older plaintext-openapiv2")));
        }
        Some(other) => return Err(refused(Failure::text(format!("unrecognized format: {other}")))),
    }
    let (resource, path) =
        word.split_once('.').map_or((word.as_str(), Vec::new()), |(resource, path)| (resource, path.split('.').collect()));
    let Some(kind) = Kind::by_argument(resource) else {
        return Err(refused(Failure::Verbatim(format!("the server doesn't have a resource type \"{resource}\""))));
    };
    if let Some(version) = parsed.get("api-version").filter(|version| *version != kind.api_version()) {
        return Err(refused(Failure::text(format!("couldn't find resource for \"{version}, Resource={}\"", kind.info().plural))));
    }
    let mut place = Place { kind, field: None, recursive: parsed.on("recursive") };
    for name in &path {
        let Some(field) = place.ty().and_then(|ty| Some((ty, ty.field(name)?))) else {
            let last = path.last().copied().unwrap_or_default();
            return Err((head(kind), Failure::text(format!("field \"{last}\" does not exist"))));
        };
        place.field = Some(field);
    }
    Ok(place)
}

impl Place {
    /// The type whose fields are listed.
    fn ty(&self) -> Option<&'static Type> {
        match self.field {
            Some((_, field)) => field.ty.object(),
            None => Some(schema::of(self.kind)),
        }
    }
}

fn explained(place: &Place) -> String {
    let mut text = head(place.kind);
    let description = match place.field {
        Some((owner, field)) => {
            text.push_str(&format!("FIELD: {} <{}>\n", field.name, type_name(field)));
            if listed(field) {
                text.push_str("ENUM:");
                for value in values(field) {
                    text.push_str(&format!("\n    {value}"));
                }
            }
            text.push_str("\n\n");
            descriptions::of_field_and_type(owner, field)
        }
        None => descriptions::of_type(schema::of(place.kind)).map(|text| text + "\n").unwrap_or_default(),
    };
    text.push_str("DESCRIPTION:\n");
    indented(if description.is_empty() { "<empty>" } else { &description }, 4, WIDTH, &mut text);
    if let Some(ty) = place.ty() {
        text.push_str("FIELDS:\n");
        fields(ty, place.recursive, &mut vec![ty.name], &mut text);
    }
    text.push('\n');
    text
}

fn head(kind: Kind) -> String {
    let info = kind.info();
    let group = if info.group.is_empty() { String::new() } else { format!("GROUP:      {}\n", info.group) };
    format!("{group}KIND:       {}\nVERSION:    {}\n\n", info.name, info.version)
}

/// Lists the fields of a type; `above` are the types around it and itself, since some hold themselves.
fn fields(ty: &Type, recursive: bool, above: &mut Vec<&'static str>, text: &mut String) {
    let indent = "  ".repeat(above.len());
    for field in &ty.fields {
        let required = if field.required == Required::Structure { " -required-" } else { "" };
        text.push_str(&format!("{indent}{}\t<{}>{required}\n", field.name, type_name(field)));
        if listed(field) {
            let values = values(field);
            let shown = values.iter().take(VALUES_SHOWN).cloned().collect::<Vec<_>>().join(", ");
            let more = if values.len() > VALUES_SHOWN { ", ...." } else { "" };
            text.push_str(&format!("{indent}enum: {shown}{more}\n"));
        }
        if !recursive {
            let description = descriptions::of_field(ty, field.name);
            indented(description.as_deref().unwrap_or("<no description>"), indent.len() + 2, WIDTH + 2 - indent.len(), text);
            text.push('\n');
        } else if let Some(inner) = field.ty.object()
            && !above.contains(&inner.name)
        {
            above.push(inner.name);
            fields(inner, true, above, text);
            above.pop();
        }
    }
}

fn indented(words: &str, by: usize, width: usize, text: &mut String) {
    for line in wrap(words, width).split('\n') {
        text.push_str(&format!("{}{line}\n", " ".repeat(by)));
    }
}

/// Whether the published structure lists the field's values.
fn listed(field: &Field) -> bool {
    field.enumerated && field.ty == FieldType::String
}

fn values(field: &Field) -> Vec<String> {
    let mut values: Vec<String> =
        field.values.iter().map(|value| if value.is_empty() { "\"\"".to_owned() } else { (*value).to_owned() }).collect();
    order::sort(&mut values);
    values
}

fn type_name(field: &Field) -> String {
    match field.ty {
        FieldType::Any => field.go_type().rsplit('.').next().unwrap_or_default().to_owned(),
        _ => plain(&field.ty),
    }
}

fn plain(ty: &FieldType) -> String {
    match ty {
        FieldType::String | FieldType::Time | FieldType::MicroTime | FieldType::Bytes => "string".to_owned(),
        FieldType::Int32 | FieldType::Int64 => "integer".to_owned(),
        FieldType::Float => "number".to_owned(),
        FieldType::Bool => "boolean".to_owned(),
        FieldType::Quantity => "Quantity".to_owned(),
        FieldType::IntOrString => "IntOrString".to_owned(),
        FieldType::Any => "Object".to_owned(),
        FieldType::Object(_) => ty.object().map(|ty| ty.name.to_owned()).unwrap_or_default(),
        FieldType::List(element) => format!("[]{}", plain(element)),
        FieldType::Map(element) => format!("map[string]{}", plain(element)),
    }
}
