//! What would help: for rules with a way out that one command takes.
//! It must not know how it is offered.

use statefulset_engine::api::kind::Kind;
use statefulset_engine::cluster::decisions::Decision;

use crate::state::command::{Command, Target};

/// A command that would help, and what it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// The message on its button.
    pub key: &'static str,
    /// The name in that message.
    pub name: String,
    /// The command.
    pub command: Command,
}

/// The remedy for a decision, where it has one; `current` is the terminal's namespace.
pub(super) fn of(decision: &Decision, current: &str) -> Option<Remedy> {
    let object = decision.objects.first()?;
    let here = Target::new(&object.namespace, &object.name, current);
    let name = object.name.to_string();
    match (decision.rule, object.kind) {
        ("claim-waits-for-class", Kind::StorageClass) => {
            Some(Remedy { key: "why.remedy-class", command: Command::supply_class(&name), name })
        }
        ("on-delete-waits", Kind::Pod) => Some(Remedy { key: "why.remedy-delete-pod", command: Command::delete_pod(&here), name }),
        ("node-is-cordoned", Kind::Node) => {
            Some(Remedy { key: "why.remedy-uncordon", command: Command::new(format!("kubectl uncordon {name}")), name })
        }
        _ => None,
    }
}
