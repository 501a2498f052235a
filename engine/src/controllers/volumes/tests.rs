//! Claims and volumes in small worlds, against the order of writes in the recordings.

use serde_json::json;

use crate::api::kind::Kind;
use crate::api::object::Key;
use crate::cluster::deletion::DeleteOptions;
use crate::controllers::testing::{claim, create, lines, pod, world};

const UNBOUND: &str = "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found";
const EXTERNAL: &str = "Waiting for a volume to be created either by the external provisioner 'k8s.io/minikube-hostpath' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.";

fn until_scheduled(mut lines: Vec<String>) -> Vec<String> {
    // What follows the binding is the kubelet's.
    let bound = lines.iter().position(|line| line.contains("Scheduled")).map_or(lines.len(), |place| place + 1);
    lines.truncate(bound);
    lines
}

#[test]
fn a_claim_of_an_immediate_class_is_bound_in_the_recorded_order() {
    // 01-seed0-ordered-create, 793 to 1038.
    let mut world = world();
    create(&mut world, claim("www", None));
    create(&mut world, pod("web", &["www"], json!({})));
    world.advance_to(400);
    let uid = world.store.find(Kind::PersistentVolumeClaim, "default", "www").map(|claim| claim.meta.uid.to_string()).unwrap_or_default();
    assert_eq!(
        until_scheduled(lines(&world)),
        [
            "+ PersistentVolumeClaim/www Pending".to_owned(),
            "+ Pod/web".to_owned(),
            "~ Pod/web".to_owned(),
            format!("+ Pod/web FailedScheduling: {UNBOUND}"),
            "~ PersistentVolumeClaim/www Pending".to_owned(),
            format!("+ PersistentVolumeClaim/www ExternalProvisioning: {EXTERNAL}"),
            format!("+ Pod/web FailedScheduling: {UNBOUND}"),
            "+ PersistentVolumeClaim/www Provisioning: External provisioner is provisioning volume for claim \"default/www\"".to_owned(),
            "+ PersistentVolume/pvc Pending".to_owned(),
            format!("+ PersistentVolumeClaim/www ProvisioningSucceeded: Successfully provisioned volume pvc-{uid}"),
            format!("~ Pod/web FailedScheduling: {UNBOUND}"),
            "~ PersistentVolume/pvc Bound".to_owned(),
            "~ PersistentVolumeClaim/www Pending".to_owned(),
            "~ PersistentVolumeClaim/www Bound".to_owned(),
            "~ Pod/web on node-1".to_owned(),
            "+ Pod/web Scheduled: Successfully assigned default/web to node-1".to_owned(),
        ]
    );
}

#[test]
fn a_claim_that_waits_for_its_consumer_is_bound_before_the_pod() {
    // 01-waitforfirstconsumer, 846 to 1865.
    let mut world = world();
    create(
        &mut world,
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "wffc"}, "provisioner": "rancher.io/local-path", "volumeBindingMode": "WaitForFirstConsumer"}),
    );
    world.store.log.clear();
    create(&mut world, claim("www", Some("wffc")));
    create(&mut world, pod("web", &["www"], json!({})));
    world.advance_to(1_500);
    let seen: Vec<String> =
        until_scheduled(lines(&world)).iter().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(
        seen,
        [
            "+ PersistentVolumeClaim/www Pending",
            "+ Pod/web",
            "+ PersistentVolumeClaim/www WaitForFirstConsumer",
            "~ Pod/web",
            "~ PersistentVolumeClaim/www Pending",
            "~ PersistentVolumeClaim/www Pending",
            "+ PersistentVolumeClaim/www ExternalProvisioning",
            "+ PersistentVolumeClaim/www Provisioning",
            "+ PersistentVolume/pvc Pending",
            "+ PersistentVolumeClaim/www ProvisioningSucceeded",
            "~ PersistentVolume/pvc Bound",
            "~ PersistentVolumeClaim/www Pending",
            "~ PersistentVolumeClaim/www Bound",
            "~ Pod/web on node-1",
            "+ Pod/web Scheduled",
        ]
    );
}

#[test]
fn a_claim_of_a_class_that_is_missing_waits_and_is_served_when_the_class_comes() {
    let mut world = world();
    let key = create(&mut world, claim("www", Some("fast")));
    world.advance_to(1_000);
    assert!(
        lines(&world)
            .contains(&"+ PersistentVolumeClaim/www ProvisioningFailed: storageclass.storage.k8s.io \"fast\" not found".to_owned())
    );
    let rule = |world: &crate::cluster::World| world.decisions.about(&key).map(|decision| (decision.rule, decision.objects.clone()));
    assert_eq!(rule(&world), Some(("claim-waits-for-class", vec![Key::new(Kind::StorageClass, "", "fast")])));
    world.advance_to(31_000);
    let event =
        world.store.list(Kind::Event, "default").filter_map(|event| event.event()).find(|event| event.reason == "ProvisioningFailed");
    assert_eq!(event.map(|event| event.count), Some(3), "every 15 s");
    create(
        &mut world,
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "fast"}, "provisioner": "example.com/disk"}),
    );
    world.advance_to(32_000);
    assert_eq!(rule(&world).map(|(rule, _)| rule), Some("claim-is-bound"));
}

#[test]
fn a_static_volume_goes_to_the_smallest_claim_that_fits_and_stays_released() {
    let mut world = world();
    for (name, size) in [("big", "10Gi"), ("small", "2Gi"), ("tiny", "500Mi")] {
        create(
            &mut world,
            json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": {"capacity": {"storage": size}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/data"}}}),
        );
    }
    world.advance_to(100);
    world.store.log.clear();
    let key = create(&mut world, claim("www", Some("")));
    world.advance_to(200);
    assert_eq!(
        lines(&world),
        [
            "+ PersistentVolumeClaim/www Pending",
            "~ PersistentVolume/small Available",
            "~ PersistentVolume/small Bound",
            "~ PersistentVolumeClaim/www Pending",
            "~ PersistentVolumeClaim/www Bound",
        ]
    );
    world.store.log.clear();
    let _ = world.delete(&key, &DeleteOptions::default());
    world.advance_to(1_000);
    assert_eq!(
        lines(&world),
        ["~ PersistentVolumeClaim/www Bound going", "- PersistentVolumeClaim/www Bound", "~ PersistentVolume/small Released"]
    );
}

#[test]
fn a_claim_in_use_goes_after_its_pod_and_takes_its_volume_along() {
    // 03-delete-pvc, 3366 to 5874.
    let mut world = world();
    let claim_key = create(&mut world, claim("www", None));
    let pod_key = create(&mut world, pod("web", &["www"], json!({})));
    world.advance_to(1_000);
    world.store.log.clear();
    let _ = world.delete(&claim_key, &DeleteOptions::default());
    world.advance_to(3_000);
    assert_eq!(world.decisions.about(&claim_key).map(|decision| decision.rule), Some("claim-is-in-use"));
    let _ = world.delete(&pod_key, &DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::default() });
    world.advance_to(4_000);
    let storage: Vec<String> = lines(&world).into_iter().filter(|line| line.contains("Volume")).collect();
    assert_eq!(
        storage,
        [
            "~ PersistentVolumeClaim/www Bound going",
            "- PersistentVolumeClaim/www Bound",
            "~ PersistentVolume/pvc Released",
            "~ PersistentVolume/pvc Released going",
            "- PersistentVolume/pvc Released",
        ]
    );
}
