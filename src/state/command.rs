//! The command lines behind the page's gestures, as a person would type them.
//! It must not know who runs them.

use statefulset_engine::api::kind::Kind;

/// A command, with files that have to be there when it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Files: name and text.
    pub files: Vec<(String, String)>,
    /// The command line.
    pub line: String,
}

impl Command {
    /// A command that needs no file.
    pub fn new(line: impl Into<String>) -> Self {
        Self { files: Vec::new(), line: line.into() }
    }

    /// Applies a manifest.
    pub fn apply(file: &str, text: &str) -> Self {
        Self { files: vec![(file.to_owned(), text.to_owned())], line: format!("kubectl apply -f {file}") }
    }

    /// Deletes a pod and does not wait until it is gone.
    pub fn delete_pod(at: &Target) -> Self {
        Self::new(format!("kubectl delete pod {}{} --wait=false", at.name, at.flag()))
    }

    /// Deletes a claim and does not wait until it is gone.
    pub fn delete_claim(at: &Target) -> Self {
        Self::new(format!("kubectl delete pvc {}{} --wait=false", at.name, at.flag()))
    }

    /// Scales a StatefulSet.
    pub fn scale(at: &Target, replicas: i64) -> Self {
        Self::scale_kind("sts", at, replicas)
    }

    /// Scales an object of a kind, named as kubectl takes it.
    pub fn scale_kind(kind: &str, at: &Target, replicas: i64) -> Self {
        Self::new(format!("kubectl scale {kind} {}{} --replicas={replicas}", at.name, at.flag()))
    }

    /// Keeps new pods off a node.
    pub fn cordon(node: &str) -> Self {
        Self::new(format!("kubectl cordon {node}"))
    }

    /// Lets new pods onto a node again.
    pub fn uncordon(node: &str) -> Self {
        Self::new(format!("kubectl uncordon {node}"))
    }

    /// Empties a node.
    pub fn drain(node: &str) -> Self {
        Self::new(format!("kubectl drain {node} --ignore-daemonsets --delete-emptydir-data"))
    }

    /// Makes a node fall silent, as a machine does whose power was cut. No kubectl can; the sandbox has a program for it.
    pub fn fail_node(node: &str) -> Self {
        Self::new(format!("sandbox node fail {node}"))
    }

    /// Lets a silent node answer again.
    pub fn restore_node(node: &str) -> Self {
        Self::new(format!("sandbox node restore {node}"))
    }

    /// Takes a rollout back.
    pub fn undo_rollout(at: &Target) -> Self {
        Self::new(format!("kubectl rollout undo sts {}{}", at.name, at.flag()))
    }

    /// Goes on with a Deployment that is paused.
    pub fn resume(at: &Target) -> Self {
        Self::new(format!("kubectl rollout resume deployment {}{}", at.name, at.flag()))
    }

    /// Removes a pod without waiting for its node.
    pub fn force_away(at: &Target) -> Self {
        Self::new(format!("kubectl delete pod {}{} --force --grace-period=0", at.name, at.flag()))
    }

    /// Makes the Service that gives pods their names. What it selects has to be the set's labels, so it is written out.
    pub fn headless_service(name: &str, namespace: &str, selector: &[(String, String)]) -> Self {
        let labels: String = selector.iter().map(|(key, value)| format!("    {key}: {value:?}\n")).collect();
        let text = format!(
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n  namespace: {namespace}\nspec:\n  clusterIP: None\n  selector:\n{labels}"
        );
        Self::apply(&format!("service-{name}.yaml"), &text)
    }

    /// Moves the partition of a StatefulSet's rolling update.
    pub fn partition(at: &Target, partition: i64) -> Self {
        let patch = format!(r#"{{"spec":{{"updateStrategy":{{"rollingUpdate":{{"partition":{partition}}}}}}}}}"#);
        Self::new(format!("kubectl patch sts {}{} -p '{patch}'", at.name, at.flag()))
    }

    /// Supplies a StorageClass that claims ask for.
    pub fn supply_class(class: &str) -> Self {
        let text = format!(
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: {class}\n\
             provisioner: k8s.io/minikube-hostpath\nreclaimPolicy: Delete\nvolumeBindingMode: Immediate\n"
        );
        Self::apply(&format!("storageclass-{class}.yaml"), &text)
    }
}

/// An object that a command is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// Its namespace, where it is not the terminal's current one.
    pub namespace: Option<String>,
}

impl Target {
    /// An object as seen from a terminal whose current namespace is `current`. What the cluster as a whole has is in none.
    pub fn new(namespace: &str, name: &str, current: &str) -> Self {
        Self { name: name.to_owned(), namespace: (!namespace.is_empty() && namespace != current).then(|| namespace.to_owned()) }
    }

    /// A kubectl command about it, with `rest` behind.
    pub fn command(&self, verb: &str, kind: Kind, rest: &str) -> String {
        let info = kind.info();
        let word = info
            .short_names
            .first()
            .filter(|_| kind != Kind::Pod && kind != Kind::Node)
            .map_or_else(|| info.name.to_lowercase(), |short| (*short).to_owned());
        format!("kubectl {verb} {word} {}{}{rest}", self.name, self.flag())
    }

    fn flag(&self) -> String {
        self.namespace.as_ref().map_or_else(String::new, |namespace| format!(" -n {namespace}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gestures_are_the_commands_that_a_person_would_type() {
        let here = Target::new("default", "web-1", "default");
        assert_eq!(Command::delete_pod(&here).line, "kubectl delete pod web-1 --wait=false");
        let there = Target::new("lab", "web", "default");
        assert_eq!(Command::scale(&there, 2).line, "kubectl scale sts web -n lab --replicas=2");
        assert_eq!(
            Command::partition(&Target::new("default", "web", "default"), 2).line,
            r#"kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"#
        );
    }
}
