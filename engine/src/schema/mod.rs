//! The Kubernetes OpenAPI structure: the fields and types of every kind, and how the API server words what does not
//! fit. It must not know YAML, the cluster, or what values mean together (that is `api::validation`).

mod decode;
pub mod descriptions;
mod load;
mod prune;
mod quantity;
mod refusal;

pub use decode::{DecodeError, Reason, decode};
pub use prune::prune;
pub use refusal::{bad_request, client_refusal, decode_refusal, no_match};

use std::sync::OnceLock;

use crate::api::kind::Kind;

/// The structure of one Kubernetes release.
#[derive(Debug)]
pub(crate) struct Schema {
    /// The number of each kind's type.
    kinds: Vec<usize>,
    types: Vec<Type>,
}

/// An object type: a Go struct with its JSON fields.
#[derive(Debug, PartialEq, Eq)]
pub struct Type {
    /// The name of the Go struct, such as `StatefulSetSpec`.
    pub name: &'static str,
    /// The last part of its Go package, such as `v1`.
    pub package: &'static str,
    /// Its name in the OpenAPI document, such as `io.k8s.api.apps.v1.StatefulSetSpec`.
    pub definition: &'static str,
    /// Its fields, sorted by name.
    pub fields: Vec<Field>,
}

/// A field of an object type.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its JSON name.
    pub name: &'static str,
    /// What it holds.
    pub ty: FieldType,
    /// Whether, and by whom, it is asked for.
    pub required: Required,
    /// Its Go type where the plain one would be named otherwise, such as `v1.PullPolicy`.
    pub go: Option<&'static str>,
    /// The values that validation takes; empty where any will do.
    pub values: Vec<&'static str>,
    /// Whether the published structure lists the values, too.
    pub enumerated: bool,
    /// The field that tells elements of this list apart in a strategic merge patch.
    pub merge_key: Option<&'static str>,
    /// The patch strategy: `merge`, `retainKeys`, `merge,retainKeys` or `replace`.
    pub patch: Option<&'static str>,
    /// How server-side apply sees a list: `atomic`, `set` or `map`.
    pub list: Option<&'static str>,
    /// How server-side apply sees a map: `atomic` or `granular`.
    pub map: Option<&'static str>,
    /// The fields that tell elements of a `map` list apart in server-side apply.
    pub list_keys: Vec<&'static str>,
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    /// It may be left out.
    No,
    /// The published structure requires it.
    Structure,
    /// The structure does not say so, but validation refuses an object without it.
    Validation,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A text.
    String,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// Any number.
    Float,
    /// `true` or `false`.
    Bool,
    /// An amount such as `100m` or `1Gi`; numbers are taken too.
    Quantity,
    /// A whole number or a text, such as a port or a percentage.
    IntOrString,
    /// A date with time, to the second.
    Time,
    /// A date with time, to the microsecond.
    MicroTime,
    /// Bytes in base64.
    Bytes,
    /// Anything.
    Any,
    /// An object; see [`FieldType::object`].
    Object(TypeId),
    /// A list.
    List(Box<FieldType>),
    /// Any keys with values of one type.
    Map(Box<FieldType>),
}

/// Which type of the structure an object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeId(usize);

fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| load::load(load::STRUCTURE))
}

/// The type of a kind.
#[must_use]
pub fn of(kind: Kind) -> &'static Type {
    let schema = schema();
    &schema.types[schema.kinds[kind as usize]]
}

/// The type of a kind, such as `("apps/v1", "StatefulSet")`. `None` where the API server would say that there are no
/// matches for the kind.
#[must_use]
pub fn kind(api_version: &str, kind: &str) -> Option<&'static Type> {
    Kind::of(api_version, kind).map(of)
}

/// The type of that name in the OpenAPI document.
#[must_use]
pub fn by_definition(definition: &str) -> Option<&'static Type> {
    schema().types.iter().find(|ty| ty.definition == definition)
}

impl Type {
    /// The field of that JSON name (case counts, as in Kubernetes).
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.binary_search_by(|field| field.name.cmp(name)).ok().and_then(|index| self.fields.get(index))
    }

    /// Its Go name with its package, such as `v1.PodSpec`.
    #[must_use]
    pub fn go_name(&self) -> String {
        format!("{}.{}", self.package, self.name)
    }
}

impl Field {
    /// Its Go type as errors name it, such as `int32`, `[]v1.Container` or `map[string]string`.
    #[must_use]
    pub fn go_type(&self) -> String {
        self.go.map_or_else(|| self.ty.go_type(), str::to_owned)
    }
}

impl FieldType {
    /// The object type of an object, also of the elements of a list or map of objects.
    #[must_use]
    pub fn object(&self) -> Option<&'static Type> {
        match self {
            FieldType::Object(id) => schema().types.get(id.0),
            FieldType::List(element) | FieldType::Map(element) => element.object(),
            _ => None,
        }
    }

    /// Its plain Go type.
    #[must_use]
    pub fn go_type(&self) -> String {
        match self {
            FieldType::String => "string".to_owned(),
            FieldType::Int32 => "int32".to_owned(),
            FieldType::Int64 => "int64".to_owned(),
            FieldType::Float => "float64".to_owned(),
            FieldType::Bool => "bool".to_owned(),
            FieldType::Quantity => "resource.Quantity".to_owned(),
            FieldType::IntOrString => "intstr.IntOrString".to_owned(),
            FieldType::Time => "v1.Time".to_owned(),
            FieldType::MicroTime => "v1.MicroTime".to_owned(),
            FieldType::Bytes => "[]uint8".to_owned(),
            FieldType::Any => "runtime.RawExtension".to_owned(),
            FieldType::Object(_) => self.object().map(Type::go_name).unwrap_or_default(),
            FieldType::List(element) => format!("[]{}", element.go_type()),
            FieldType::Map(element) => format!("map[string]{}", element.go_type()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_carry_their_structure() {
        let set = kind("apps/v1", "StatefulSet").expect("known");
        let spec = set.field("spec").and_then(|field| field.ty.object()).expect("spec");
        assert_eq!(spec.name, "StatefulSetSpec");
        assert_eq!(spec.field("replicas").map(|f| &f.ty), Some(&FieldType::Int32));
        assert_eq!(spec.field("template").map(|f| f.required), Some(Required::Structure));
        assert!(spec.field("Replicas").is_none());
        let pod = kind("v1", "Pod").and_then(|t| t.field("spec")?.ty.object()).expect("pod spec");
        let containers = pod.field("containers").expect("containers");
        assert_eq!(containers.merge_key, Some("name"));
        assert_eq!(containers.go_type(), "[]v1.Container");
        let ports = containers.ty.object().and_then(|t| t.field("ports")).expect("ports");
        assert_eq!(ports.merge_key, Some("containerPort"));
        assert_eq!(ports.list_keys, ["containerPort", "protocol"]);
        assert_eq!(pod.field("nodeSelector").map(Field::go_type).as_deref(), Some("map[string]string"));
    }
}
