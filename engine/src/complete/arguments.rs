//! What each command of kubectl takes besides flags: the words of its usage, as completion needs to know them.
//! It must not know objects. A test holds the list to the table of commands.

use crate::api::kind::Kind;

/// What a command's arguments are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arguments {
    /// Nothing that could be completed: names of what is to be made, free text.
    Free,
    /// `TYPE [NAME…]` or `TYPE/NAME…`, of these kinds; of all where the list is empty.
    Objects(&'static [Kind]),
    /// The same, then `CONTAINER=IMAGE`.
    ObjectsThenImages,
    /// `POD` or `TYPE/NAME`, once.
    Pod,
    /// The same, then a container.
    PodThenContainer,
    /// Objects of a kind, by name alone.
    Named(Kind),
    /// `TYPE` or a path into it, once.
    Field,
    /// The context.
    Context,
    /// A verb and a kind.
    VerbThenKind,
    /// `node NAME… KEY=VALUE:EFFECT`.
    Taint,
}

const SCALED: &[Kind] = &[Kind::StatefulSet, Kind::Deployment, Kind::ReplicaSet, Kind::ReplicationController];
const ROLLED_OUT: &[Kind] = &[Kind::StatefulSet, Kind::Deployment, Kind::DaemonSet];
const EXPOSED: &[Kind] = &[Kind::Deployment, Kind::Pod, Kind::ReplicaSet, Kind::ReplicationController, Kind::Service, Kind::StatefulSet];
const WITH_TEMPLATE: &[Kind] = &[
    Kind::StatefulSet,
    Kind::Deployment,
    Kind::DaemonSet,
    Kind::ReplicaSet,
    Kind::ReplicationController,
    Kind::Pod,
    Kind::Job,
    Kind::CronJob,
];

/// Every command that is no group.
pub(super) const ARGUMENTS: &[(&str, Arguments)] = &[
    ("annotate", Arguments::Objects(&[])),
    ("api-resources", Arguments::Free),
    ("api-versions", Arguments::Free),
    ("apply", Arguments::Free),
    ("apply view-last-applied", Arguments::Objects(&[])),
    ("attach", Arguments::Pod),
    ("auth can-i", Arguments::VerbThenKind),
    ("auth whoami", Arguments::Free),
    ("autoscale", Arguments::Objects(SCALED)),
    ("cluster-info", Arguments::Free),
    ("config current-context", Arguments::Free),
    ("config get-clusters", Arguments::Free),
    ("config get-contexts", Arguments::Context),
    ("config set-context", Arguments::Context),
    ("config use-context", Arguments::Context),
    ("config view", Arguments::Free),
    ("cordon", Arguments::Named(Kind::Node)),
    ("cp", Arguments::Free),
    ("create", Arguments::Free),
    ("create configmap", Arguments::Free),
    ("create deployment", Arguments::Free),
    ("create namespace", Arguments::Free),
    ("create poddisruptionbudget", Arguments::Free),
    ("create secret generic", Arguments::Free),
    ("create service clusterip", Arguments::Free),
    ("create service externalname", Arguments::Free),
    ("create service loadbalancer", Arguments::Free),
    ("create service nodeport", Arguments::Free),
    ("create serviceaccount", Arguments::Free),
    ("debug", Arguments::Pod),
    ("delete", Arguments::Objects(&[])),
    ("describe", Arguments::Objects(&[])),
    ("diff", Arguments::Free),
    ("drain", Arguments::Named(Kind::Node)),
    ("edit", Arguments::Objects(&[])),
    ("events", Arguments::Free),
    ("exec", Arguments::Pod),
    ("explain", Arguments::Field),
    ("expose", Arguments::Objects(EXPOSED)),
    ("get", Arguments::Objects(&[])),
    ("label", Arguments::Objects(&[])),
    ("logs", Arguments::PodThenContainer),
    ("options", Arguments::Free),
    ("patch", Arguments::Objects(&[])),
    ("port-forward", Arguments::Pod),
    ("proxy", Arguments::Free),
    ("replace", Arguments::Free),
    ("rollout history", Arguments::Objects(ROLLED_OUT)),
    ("rollout pause", Arguments::Objects(ROLLED_OUT)),
    ("rollout restart", Arguments::Objects(ROLLED_OUT)),
    ("rollout resume", Arguments::Objects(ROLLED_OUT)),
    ("rollout status", Arguments::Objects(ROLLED_OUT)),
    ("rollout undo", Arguments::Objects(ROLLED_OUT)),
    ("run", Arguments::Free),
    ("scale", Arguments::Objects(SCALED)),
    ("set env", Arguments::Objects(WITH_TEMPLATE)),
    ("set image", Arguments::ObjectsThenImages),
    ("set resources", Arguments::Objects(WITH_TEMPLATE)),
    ("set serviceaccount", Arguments::Objects(WITH_TEMPLATE)),
    ("taint", Arguments::Taint),
    ("top node", Arguments::Named(Kind::Node)),
    ("top pod", Arguments::Named(Kind::Pod)),
    ("uncordon", Arguments::Named(Kind::Node)),
    ("version", Arguments::Free),
    ("wait", Arguments::Objects(&[])),
];

/// What a command takes.
pub(super) fn of(command: &str) -> Arguments {
    ARGUMENTS.iter().find(|(name, _)| *name == command).map_or(Arguments::Free, |(_, arguments)| *arguments)
}

/// Kinds whose pods `exec`, `logs` and the like find by `TYPE/NAME`.
pub(super) const WITH_PODS: &[Kind] = &[
    Kind::DaemonSet,
    Kind::Deployment,
    Kind::Job,
    Kind::Pod,
    Kind::ReplicaSet,
    Kind::ReplicationController,
    Kind::Service,
    Kind::StatefulSet,
];

/// The kinds that `set image` changes.
pub(super) const WITH_IMAGES: &[Kind] = WITH_TEMPLATE;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubectl::commands::{COMMANDS, Run};

    #[test]
    fn every_command_says_what_it_takes() {
        let groups: Vec<&str> = COMMANDS.iter().filter(|command| matches!(command.run, Run::Group)).map(|command| command.name).collect();
        let missing: Vec<&str> = COMMANDS
            .iter()
            .map(|command| command.name)
            .filter(|name| !groups.contains(name) && !ARGUMENTS.iter().any(|(known, _)| known == name))
            .collect();
        assert!(missing.is_empty(), "add to ARGUMENTS, so that Tab completes them: {missing:?}");
        let unknown: Vec<&str> =
            ARGUMENTS.iter().map(|(name, _)| *name).filter(|name| !COMMANDS.iter().any(|command| command.name == *name)).collect();
        assert!(unknown.is_empty(), "in ARGUMENTS, but no command: {unknown:?}");
        assert!(ARGUMENTS.is_sorted_by_key(|(name, _)| *name));
    }
}
