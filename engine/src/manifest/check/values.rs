//! Fields that must be there, and values outside the list of those that validation takes.

use serde_json::{Map, Value};

use super::Checker;
use super::similar::nearest;
use crate::manifest::path::Step;
use crate::manifest::problem::Problem;
use crate::schema::{Field, FieldType, Required, Type};

impl Checker<'_> {
    /// Walks `value`, of type `ty`, for missing fields and values that are not in their list.
    pub(super) fn values(&self, value: &Value, ty: &'static Type, out: &mut Vec<Problem>) {
        self.walk(value, ty, &mut Vec::new(), out);
    }

    fn walk(&self, value: &Value, ty: &'static Type, steps: &mut Vec<Step>, out: &mut Vec<Problem>) {
        let Value::Object(map) = value else {
            return;
        };
        for field in &ty.fields {
            let given = map.get(field.name).filter(|value| !value.is_null());
            match given {
                None => self.missing(map, field, steps, out),
                Some(value) => {
                    // What the server writes is not the user's to complete.
                    if matches!(field.name, "status" | "managedFields") {
                        continue;
                    }
                    steps.push(Step::Key(field.name.to_owned()));
                    self.given(value, field, &field.ty, steps, out);
                    steps.pop();
                }
            }
        }
    }

    fn missing(&self, map: &Map<String, Value>, field: &'static Field, steps: &mut Vec<Step>, out: &mut Vec<Problem>) {
        // kind, apiVersion and name have sentences of their own.
        if field.required == Required::No {
            // Validation looks into a spec even where there is none.
            if field.name == "spec"
                && let Some(ty) = field.ty.object()
            {
                steps.push(Step::Key(field.name.to_owned()));
                self.walk(&Value::Object(Map::new()), ty, steps, out);
                steps.pop();
            }
            return;
        }
        // An image of a pod may come from elsewhere only in a template that nobody runs; the kubelet needs it always.
        let found = self.locate_steps(steps);
        let place = match found.key {
            Some(key) => key,
            None => found.value,
        };
        steps.push(Step::Key(field.name.to_owned()));
        let path = written(steps);
        steps.pop();
        let empty = if map.contains_key(field.name) { "empty-field" } else { "missing-field" };
        let place = if empty == "empty-field" {
            let mut whole = steps.clone();
            whole.push(Step::Key(field.name.to_owned()));
            self.locate_steps(&whole).key.unwrap_or(place)
        } else {
            place
        };
        out.push(
            self.problem_in(empty, place).arg("field", field.name).arg("path", path.clone()).arg("api", format!("{path}: Required value")),
        );
    }

    fn given(&self, value: &Value, field: &'static Field, ty: &FieldType, steps: &mut Vec<Step>, out: &mut Vec<Problem>) {
        match (ty, value) {
            (FieldType::Object(_), Value::Object(_)) => {
                if let Some(ty) = ty.object() {
                    self.walk(value, ty, steps, out);
                }
            }
            (FieldType::List(element), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    steps.push(Step::Index(index));
                    self.given(item, field, element, steps, out);
                    steps.pop();
                }
            }
            (FieldType::Map(element), Value::Object(map)) => {
                for (key, item) in map {
                    steps.push(Step::Key(key.clone()));
                    self.given(item, field, element, steps, out);
                    steps.pop();
                }
            }
            (FieldType::String, Value::String(text)) if !field.values.is_empty() && !field.values.contains(&text.as_str()) => {
                let found = self.locate_steps(steps);
                let problem = self
                    .problem_in("not-one-of", found.place())
                    .arg("path", written(steps))
                    .arg("field", field.name)
                    .arg("value", text.as_str())
                    .arg("values", field.values.join(", "));
                out.push(match nearest(text, field.values.iter().copied()).or_else(|| access_mode(text)) {
                    Some(name) => problem.fix(found.value, name),
                    None => problem,
                });
            }
            _ => {}
        }
    }
}

/// A path, as the API server writes it.
fn written(steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |path, step| match step {
        Step::Index(index) => format!("{path}[{index}]"),
        Step::Key(key) if path.is_empty() => key.clone(),
        Step::Key(key) => format!("{path}.{key}"),
    })
}

/// The access mode that `kubectl get` abbreviates so.
fn access_mode(text: &str) -> Option<&'static str> {
    Some(match text {
        "RWO" => "ReadWriteOnce",
        "ROX" => "ReadOnlyMany",
        "RWX" => "ReadWriteMany",
        "RWOP" => "ReadWriteOncePod",
        _ => return None,
    })
}
