//! A ControllerRevision: a template at one time, under a name that follows from its content.
//! Follows `apps/v1 ControllerRevision`. It must not know which revision a set prefers.

use std::rc::Rc;

use serde_json::Value;

use super::pod_template::PodTemplate;
use super::read;

/// The body of a ControllerRevision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControllerRevision {
    /// `data`.
    pub data: Rc<Value>,
    /// `revision`.
    pub revision: i64,
    /// The template inside `data`.
    pub template: Rc<PodTemplate>,
}

impl ControllerRevision {
    /// A revision that holds a template.
    pub fn new(data: Rc<Value>, revision: i64) -> Self {
        let mut template = read::at(&data, &["spec", "template"]).cloned().unwrap_or(Value::Null);
        read::take(&mut template, &[], "$patch");
        Self { data, revision, template: Rc::new(PodTemplate::from_value(&template)) }
    }

    /// Reads a document.
    pub fn from_value(value: &Value) -> Self {
        Self::new(Rc::new(value.get("data").cloned().unwrap_or(Value::Null)), read::integer(value, &["revision"]).unwrap_or(0))
    }
}
