//! `kubectl explain`, from the published structure. The descriptions are no part of it.
//! Follows `kubectl/pkg/explain/v2`.

use crate::order;
use crate::process::Context;
use crate::schema::{self, Field, FieldType, Kind, Required, Type};

use super::failure::{Failure, Outcome};
use super::flags::Parsed;

/// As many values as a list of fields shows.
const VALUES_SHOWN: usize = 4;
/// How deep `--recursive` goes: some types hold themselves.
const DEPTH_MAX: usize = 20;

/// Runs `kubectl explain`.
///
/// # Errors
/// What does not exist.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let [word] = parsed.words.as_slice() else {
        if parsed.words.is_empty() {
            return Err(Failure::usage(
                "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of supported resources.\n",
                "explain",
            ));
        }
        return Err(Failure::usage("We accept only this format: explain RESOURCE\n", "explain"));
    };
    let (resource, path) =
        word.split_once('.').map_or((word.as_str(), Vec::new()), |(resource, path)| (resource, path.split('.').collect()));
    let Some(kind) = schema::resource(resource) else {
        return Err(Failure::text(format!("the server doesn't have a resource type \"{resource}\"")));
    };
    if let Some(version) = parsed.get("api-version").filter(|version| *version != kind.api_version()) {
        return Err(Failure::text(format!("couldn't find resource for \"{version}, Resource={}\"", kind.plural)));
    }
    let mut text = head(kind);
    let mut ty = Some(kind.ty());
    let mut field: Option<&Field> = None;
    for name in path {
        let next = ty.and_then(|ty| ty.field(name));
        let Some(next) = next else {
            context.streams.out.push_str(&text);
            return Err(Failure::text(format!("field \"{name}\" does not exist")));
        };
        field = Some(next);
        ty = next.ty.object();
    }
    if let Some(field) = field {
        text.push_str(&format!("FIELD: {} <{}>\n", field.name, type_name(&field.ty)));
        if !field.values.is_empty() && ty.is_none() {
            text.push_str("ENUM:\n");
            for value in sorted(field) {
                text.push_str(&format!("    {value}\n"));
            }
        } else {
            text.push('\n');
        }
        text.push('\n');
    }
    text.push_str("DESCRIPTION:\n    <empty>\n");
    match ty {
        Some(ty) => {
            text.push_str("FIELDS:\n");
            fields(ty, parsed.on("recursive"), 1, &mut text);
        }
        None => text.push('\n'),
    }
    text.push('\n');
    context.streams.out.push_str(&text);
    Ok(())
}

fn head(kind: &Kind) -> String {
    let group = if kind.group.is_empty() { String::new() } else { format!("GROUP:      {}\n", kind.group) };
    format!("{group}KIND:       {}\nVERSION:    {}\n\n", kind.kind, kind.version)
}

fn fields(ty: &Type, recursive: bool, level: usize, text: &mut String) {
    let indent = "  ".repeat(level);
    for field in &ty.fields {
        let required = if field.required == Required::Structure { " -required-" } else { "" };
        text.push_str(&format!("{indent}{}\t<{}>{required}\n", field.name, type_name(&field.ty)));
        if !field.values.is_empty() {
            let values = sorted(field);
            let shown = values.iter().take(VALUES_SHOWN).cloned().collect::<Vec<_>>().join(", ");
            let more = if values.len() > VALUES_SHOWN { ", ...." } else { "" };
            text.push_str(&format!("{indent}enum: {shown}{more}\n"));
        }
        if !recursive {
            text.push_str("    <no description>\n\n");
        } else if let Some(inner) = field.ty.object()
            && level < DEPTH_MAX
            && !matches!(inner.name, "JSONSchemaProps" | "FieldsV1")
        {
            fields(inner, true, level + 1, text);
        }
    }
}

fn sorted(field: &Field) -> Vec<String> {
    let mut values: Vec<String> =
        field.values.iter().map(|value| if value.is_empty() { "\"\"".to_owned() } else { (*value).to_owned() }).collect();
    order::sort(&mut values);
    values
}

fn type_name(ty: &FieldType) -> String {
    match ty {
        FieldType::String | FieldType::Time | FieldType::MicroTime | FieldType::Bytes => "string".to_owned(),
        FieldType::Int32 | FieldType::Int64 => "integer".to_owned(),
        FieldType::Float => "number".to_owned(),
        FieldType::Bool => "boolean".to_owned(),
        FieldType::Quantity => "Quantity".to_owned(),
        FieldType::IntOrString => "IntOrString".to_owned(),
        FieldType::Any => "Object".to_owned(),
        FieldType::Object(_) => ty.object().map(|ty| ty.name.to_owned()).unwrap_or_default(),
        FieldType::List(element) => format!("[]{}", type_name(element)),
        FieldType::Map(element) => format!("map[string]{}", type_name(element)),
    }
}
