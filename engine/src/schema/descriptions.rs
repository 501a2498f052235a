//! What the published OpenAPI says about each type and field, in words, once the texts are there ([`crate::texts`]).
//! It must not know where they come from.
//!
//! Their form, line by line, `\n`, `\t` and `\\` escaped: `@DEFINITION<tab>text` begins a type, `FIELD<tab>text` is a field of it.

use super::{Field, FieldType, Type, kind as type_of};
use crate::texts::DESCRIPTIONS;

/// What a type is. `None` where there is no text, or none yet.
#[must_use]
pub fn of_type(ty: &Type) -> Option<String> {
    definition(ty.definition).and_then(|section| section.lines().next()).and_then(text)
}

/// What a field of a type is. `None` where there is no text, or none yet.
#[must_use]
pub fn of_field(ty: &Type, field: &str) -> Option<String> {
    let lines = definition(ty.definition)?.lines().skip(1).take_while(|line| !line.starts_with('@'));
    lines.filter_map(|line| line.split_once('\t')).find(|(name, _)| *name == field).and_then(|(_, words)| text(words))
}

/// What the field at a path of a kind is, such as `["spec", "template"]` of a `StatefulSet`; the kind itself for an empty path.
/// Lists and maps on the way are not named.
#[must_use]
pub fn of_path(api_version: &str, kind: &str, path: &[&str]) -> Option<String> {
    let mut ty = type_of(api_version, kind)?;
    let Some((last, parents)) = path.split_last() else {
        return of_type(ty);
    };
    for name in parents {
        ty = ty.field(name)?.ty.object()?;
    }
    of_field(ty, last)
}

/// What `kubectl explain` says of a field: its own text, and below it that of what it holds.
#[must_use]
pub fn of_field_and_type(ty: &Type, field: &Field) -> String {
    let inner = match scalar(&field.ty) {
        Some(name) => definition(name).and_then(|section| section.lines().next()).and_then(text),
        None => field.ty.object().and_then(of_type),
    };
    [of_field(ty, field.name), inner].into_iter().flatten().fold(String::new(), |all, text| all + &text + "\n")
}

/// The definition of what is a scalar in Go but a type of its own in the document.
fn scalar(ty: &FieldType) -> Option<&'static str> {
    Some(match ty {
        FieldType::List(element) | FieldType::Map(element) => return scalar(element),
        FieldType::Quantity => "io.k8s.apimachinery.pkg.api.resource.Quantity",
        FieldType::IntOrString => "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
        FieldType::Time => "io.k8s.apimachinery.pkg.apis.meta.v1.Time",
        FieldType::MicroTime => "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime",
        _ => return None,
    })
}

/// The texts from the words about a definition on.
fn definition(name: &str) -> Option<&'static str> {
    let texts = DESCRIPTIONS.get()?;
    let mark = format!("@{name}\t");
    let start = if texts.starts_with(&mark) { 0 } else { texts.find(&format!("\n{mark}"))? + 1 };
    texts.get(start + mark.len()..)
}

/// A text without its escapes; `None` for an empty one.
fn text(escaped: &str) -> Option<String> {
    let mut out = String::with_capacity(escaped.len());
    let mut characters = escaped.chars();
    while let Some(character) = characters.next() {
        out.push(match character {
            '\\' => match characters.next()? {
                'n' => '\n',
                't' => '\t',
                other => other,
            },
            other => other,
        });
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page's own file.
    fn load_them() {
        DESCRIPTIONS.fill(include_str!("../../../static/schema/descriptions-1.36.txt"));
    }

    #[test]
    fn every_type_has_its_place_in_the_texts() {
        load_them();
        for info in crate::api::kind::KINDS {
            let ty = crate::schema::of(info.kind);
            assert!(of_type(ty).is_some(), "{}", info.name);
            for field in &ty.fields {
                assert!(of_field(ty, field.name).is_some(), "{}.{}", info.name, field.name);
            }
        }
    }

    #[test]
    fn a_path_leads_to_its_text() {
        load_them();
        let replicas = of_path("apps/v1", "StatefulSet", &["spec", "replicas"]).expect("known");
        assert!(replicas.starts_with("replicas is the desired number of replicas of the given Template."), "{replicas}");
        let mount = of_path("apps/v1", "StatefulSet", &["spec", "template", "spec", "containers", "volumeMounts", "mountPath"]);
        assert!(mount.expect("known").starts_with("Path within the container"));
        assert!(of_path("apps/v1", "StatefulSet", &[]).expect("known").contains("\n  - Network:"));
        assert_eq!(of_path("apps/v1", "StatefulSet", &["spec", "foo"]), None);
        assert_eq!(of_path("apps/v1", "StatefulSet", &["spec", "replicas", "foo"]), None);
    }

    #[test]
    fn enumerations_say_what_their_values_mean() {
        load_them();
        let policy = of_path("v1", "Pod", &["spec", "containers", "imagePullPolicy"]).expect("known");
        assert!(policy.ends_with(" - `\"Never\"` means that kubelet never pulls an image, but only uses a local image. Container will fail if the image isn't present"));
    }
}
