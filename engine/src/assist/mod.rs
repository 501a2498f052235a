//! Help while writing a manifest: what can come next, and what a word means, out of the structure of the API. It works on texts
//! that are half written, so it goes by lines and indentation where `manifest` goes by the tree.
//! It must not know the cluster: names that exist there are handed in.

mod complete;
mod context;
mod format;
mod hover;
mod set_value;
mod snippets;

pub use complete::{Completion, Completions, Known, complete};
pub use format::format;
pub use hover::{Hover, explain, hover};
pub use set_value::{Leaf, set_value};

use crate::schema::FieldType;

/// A type in a word or two, as `kubectl explain` writes it.
#[must_use]
pub fn type_words(ty: &FieldType) -> String {
    match ty {
        FieldType::String | FieldType::Quantity | FieldType::IntOrString | FieldType::Time | FieldType::MicroTime | FieldType::Bytes => {
            "<string>".to_owned()
        }
        FieldType::Int32 | FieldType::Int64 => "<integer>".to_owned(),
        FieldType::Float => "<number>".to_owned(),
        FieldType::Bool => "<boolean>".to_owned(),
        FieldType::Any => "<Object>".to_owned(),
        FieldType::Object(_) => format!("<{}>", ty.object().map_or("Object", |ty| ty.name)),
        FieldType::List(element) => format!("<[]{}>", type_words(element).trim_matches(['<', '>'])),
        FieldType::Map(element) => format!("<map[string]{}>", type_words(element).trim_matches(['<', '>'])),
    }
}

#[cfg(test)]
mod tests;
