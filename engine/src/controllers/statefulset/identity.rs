//! What makes a pod a member of a set: ordinals, names, labels, hostname, claims.
//! Pure predicates and constructors; it must not know the store or when a pod is made.
//! Follows `pkg/controller/statefulset/stateful_set_utils.go`, 1.36.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::{Labels, Metadata, Text, controller_reference};
use crate::api::object::{Body, Object};
use crate::api::pod::{Pod, PodIdentity};
use crate::api::pod_template::{ClaimVolume, PodTemplate};
use crate::api::statefulset::StatefulSetSpec;
use crate::api::text::text;

/// The label that holds a pod's name, so that a Service can select one pod.
pub const POD_NAME_LABEL: &str = "statefulset.kubernetes.io/pod-name";
/// The label that holds a pod's ordinal.
pub const POD_INDEX_LABEL: &str = "apps.kubernetes.io/pod-index";
/// The label that holds the name of the revision a pod was made from.
pub const REVISION_LABEL: &str = "controller-revision-hash";

/// The parent's name and the ordinal in a pod's name; `None` where the name does not end in an ordinal.
pub fn parse_name(name: &str) -> Option<(&str, i64)> {
    let (parent, ordinal) = name.rsplit_once('-')?;
    let plain = !ordinal.is_empty() && ordinal.bytes().all(|byte| byte.is_ascii_digit());
    if parent.is_empty() || !plain {
        return None;
    }
    Some((parent, ordinal.parse().ok().filter(|ordinal| *ordinal <= i64::from(i32::MAX))?))
}

/// The ordinal of a pod of the set `set`; `None` where the pod is not its member by name.
pub fn ordinal_in(set: &str, pod: &str) -> Option<i64> {
    parse_name(pod).filter(|(parent, _)| *parent == set).map(|(_, ordinal)| ordinal)
}

/// The name of a set's pod.
pub fn pod_name(set: &str, ordinal: i64) -> Text {
    text!("{set}-{ordinal}")
}

/// The name of a pod's claim.
pub fn claim_name(template: &str, set: &str, ordinal: i64) -> Text {
    text!("{template}-{set}-{ordinal}")
}

/// The volumes that stand for the claim templates in one pod.
pub fn claim_volumes(spec: &StatefulSetSpec, set: &str, ordinal: i64) -> Vec<ClaimVolume> {
    let volume = |name: &Text| ClaimVolume { volume: name.clone(), claim: claim_name(name, set, ordinal) };
    spec.claim_templates.iter().map(|template| volume(&template.name)).collect()
}

/// A new pod of the set, made from the template of a revision. `token_suffix` names its API credentials.
pub fn new_pod(
    set: &Metadata,
    spec: &StatefulSetSpec,
    template: &PodTemplate,
    revision: &Text,
    ordinal: i64,
    token_suffix: String,
) -> Object {
    let name = pod_name(&set.name, ordinal);
    let mut meta = Metadata::new(set.namespace.clone(), name.clone());
    meta.generate_name = text!("{}-", set.name);
    let mut labels = template.labels.as_ref().clone();
    labels.insert(POD_NAME_LABEL.into(), name.clone());
    labels.insert(POD_INDEX_LABEL.into(), text!("{ordinal}"));
    labels.insert(REVISION_LABEL.into(), revision.clone());
    meta.labels = Labels::new(labels);
    meta.annotations = template.annotations.clone();
    meta.finalizers = template.finalizers.clone();
    meta.owners = [controller_reference(Kind::StatefulSet, set)].into();
    let own = PodIdentity {
        hostname: name,
        subdomain: spec.service_name.clone(),
        claims: claim_volumes(spec, &set.name, ordinal),
        token_suffix: token_suffix.into(),
    };
    Object { meta, body: Body::Pod(Pod::new(Rc::clone(&template.spec), own)) }
}

/// Whether a pod has the labels that its identity asks for.
pub fn identity_matches(set: &str, meta: &Metadata) -> bool {
    ordinal_in(set, &meta.name).is_some_and(|ordinal| {
        meta.label(POD_NAME_LABEL) == Some(&meta.name) && meta.label(POD_INDEX_LABEL).is_some_and(|index| index.parse() == Ok(ordinal))
    })
}

/// Whether a pod uses the claims that its identity asks for.
pub fn storage_matches(set: &str, spec: &StatefulSetSpec, pod: &Pod, name: &str) -> bool {
    spec.claim_templates.is_empty()
        || ordinal_in(set, name)
            .is_some_and(|ordinal| claim_volumes(spec, set, ordinal).iter().all(|wanted| pod.claims().any(|volume| volume == wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_the_last_dash() {
        assert_eq!(parse_name("web-0"), Some(("web", 0)));
        assert_eq!(parse_name("my-web-12"), Some(("my-web", 12)));
        assert_eq!(parse_name("web-0a"), None);
        assert_eq!(parse_name("web"), None);
        assert_eq!(parse_name("-1"), None);
        assert_eq!(parse_name("web-99999999999"), None);
        assert_eq!(ordinal_in("web", "web-1-2"), None);
    }
}
