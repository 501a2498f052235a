//! Which labels a workload, a budget or an affinity rule means.
//! Follows `metav1.LabelSelector` and `core/v1 NodeSelectorTerm`. It must not know the text syntax of `kubectl -l`.

use serde_json::Value;

use super::metadata::{Labels, Text};
use super::read;

/// A selector; the default one, without requirements, selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: Text,
    operator: Operator,
    values: Vec<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
    Greater,
    Less,
}

impl LabelSelector {
    /// Reads `{matchLabels, matchExpressions}`; what is not understood selects nothing.
    pub fn from_value(value: &Value) -> Self {
        let labels = read::labels(value, &["matchLabels"]);
        let equal = labels.iter().map(|(key, value)| Requirement { key: key.clone(), operator: Operator::In, values: vec![value.clone()] });
        let expressions = read::items(value, &["matchExpressions"]).iter().map(|expression| Requirement {
            key: read::text(expression, &["key"]),
            operator: match read::string(expression, &["operator"]) {
                Some("NotIn") => Operator::NotIn,
                Some("Exists") => Operator::Exists,
                Some("DoesNotExist") => Operator::DoesNotExist,
                Some("Gt") => Operator::Greater,
                Some("Lt") => Operator::Less,
                _ => Operator::In,
            },
            values: read::texts(expression, &["values"]).to_vec(),
        });
        Self { requirements: equal.chain(expressions).collect() }
    }

    /// Whether there is no requirement.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether labels meet every requirement.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.requirements.iter().all(|requirement| {
            let value = labels.get(&requirement.key);
            let number = |text: &Text| text.parse::<i64>().ok();
            let compared = value.and_then(number).zip(requirement.values.first().and_then(number));
            match requirement.operator {
                Operator::In => value.is_some_and(|value| requirement.values.contains(value)),
                Operator::NotIn => value.is_none_or(|value| !requirement.values.contains(value)),
                Operator::Exists => value.is_some(),
                Operator::DoesNotExist => value.is_none(),
                Operator::Greater => compared.is_some_and(|(value, bound)| value > bound),
                Operator::Less => compared.is_some_and(|(value, bound)| value < bound),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_operator_is_understood() {
        let labels = read::labels(&json!({"app": "nginx", "level": "3"}), &[]);
        let matches = |value: Value| LabelSelector::from_value(&value).matches(&labels);
        let expression =
            |key: &str, operator: &str, values: Value| json!({"matchExpressions": [{"key": key, "operator": operator, "values": values}]});
        assert!(matches(json!({"matchLabels": {"app": "nginx"}})));
        assert!(!matches(json!({"matchLabels": {"app": "nginx", "tier": "front"}})));
        assert!(matches(expression("app", "In", json!(["nginx", "web"]))));
        assert!(!matches(expression("app", "NotIn", json!(["nginx"]))));
        assert!(matches(expression("tier", "NotIn", json!(["front"]))));
        assert!(matches(expression("tier", "DoesNotExist", json!([]))));
        assert!(matches(expression("level", "Gt", json!(["2"]))));
        assert!(!matches(expression("level", "Lt", json!(["3"]))));
        assert!(matches(json!({})));
    }
}
