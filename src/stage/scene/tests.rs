//! Scenes of clusters that are set up by hand: what belongs where, and how it is shown.

use serde_json::json;
use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::controller_reference;
use statefulset_engine::api::object::{Key, Object};
use statefulset_engine::api::pod::{CONTAINERS_READY, ConditionStatus, ContainerState, ContainerStatus, Phase, READY};
use statefulset_engine::cluster::World;
use statefulset_engine::settings::Settings;

use super::*;
use crate::state::history::History;

/// A cluster in the middle of a staged update: web-0 ready, web-1 terminating, web-2 new and not ready, web-3's claim kept.
fn staged() -> World {
    let mut world = World::fresh(Settings::default());
    let epoch = world.settings.epoch;
    let put = |world: &mut World, kind: Kind, value: serde_json::Value| world.insert(Object::from_value(kind, &value, "default", epoch));
    put(&mut world, Kind::Service, json!({"metadata": {"name": "nginx"}, "spec": {"clusterIP": "None", "selector": {"app": "nginx"}}}));
    let set = put(
        &mut world,
        Kind::StatefulSet,
        json!({"metadata": {"name": "web"}, "spec": {
            "serviceName": "nginx", "replicas": 3,
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}},
            "selector": {"matchLabels": {"app": "nginx"}},
            "template": {"metadata": {"labels": {"app": "nginx"}}, "spec": {"containers": [{"name": "nginx", "image": "nginx"}]}},
            "volumeClaimTemplates": [{"metadata": {"name": "www"}}],
        }}),
    );
    world.change(&set.key(), |object| {
        let status = &mut object.statefulset_mut().expect("a set").status;
        (status.current_revision, status.update_revision) = ("web-a".into(), "web-b".into());
        status.ready_replicas = 1;
    });
    for (name, number) in [("web-a", 1), ("web-b", 2)] {
        put(&mut world, Kind::ControllerRevision, json!({"metadata": {"name": name}, "revision": number, "data": {}}));
    }
    for ordinal in 0..3 {
        let value = json!({
            "metadata": {"name": format!("web-{ordinal}"), "labels": {"app": "nginx", "controller-revision-hash": if ordinal == 2 { "web-b" } else { "web-a" }}},
            "spec": {"containers": [{"name": "nginx", "image": "nginx"}],
                "volumes": [{"name": "www", "persistentVolumeClaim": {"claimName": format!("www-web-{ordinal}")}}]},
        });
        let mut pod = Object::from_value(Kind::Pod, &value, "default", epoch);
        pod.meta.owners = [controller_reference(Kind::StatefulSet, &set.meta)].into();
        let status = &mut pod.pod_mut().expect("a pod").status;
        status.phase = Phase::Running;
        status.ip = format!("10.244.1.{ordinal}").into();
        let mut container = ContainerStatus::waiting("ContainerCreating");
        container.state = ContainerState::Running { since_ms: 0 };
        container.ready = ordinal != 2;
        status.containers = vec![container];
        let ready = if ordinal == 2 { ConditionStatus::False } else { ConditionStatus::True };
        status.set_condition(READY, ready, "", "", 0);
        status.set_condition(CONTAINERS_READY, ready, "", "", 0);
        world.insert(pod);
    }
    world.change(&Key::new(Kind::Pod, "default", "web-1"), |pod| {
        pod.meta.deletion = Some(statefulset_engine::api::metadata::Deletion { at_ms: 30_000, grace_period_seconds: 30 });
    });
    for name in ["www-web-0", "www-web-1", "www-web-2", "www-web-3", "other"] {
        put(
            &mut world,
            Kind::PersistentVolumeClaim,
            json!({"metadata": {"name": name}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}}),
        );
    }
    let alone = json!({"metadata": {"name": "shell"}, "spec": {"containers": [{"name": "c", "image": "busybox"}]}});
    put(&mut world, Kind::Pod, alone);
    world
}

fn scene_of(world: &World) -> Scene {
    let mut history = History::default();
    history.absorb(&world.store);
    Scene::of(world, &history, "default")
}

#[test]
fn a_fresh_cluster_shows_nothing() {
    assert!(scene_of(&World::fresh(Settings::default())).is_empty());
}

#[test]
fn each_identity_is_a_column_and_a_kept_claim_keeps_its_slot() {
    let scene = scene_of(&staged());
    let set = &scene.sets[0];
    let slots: Vec<String> = set
        .columns
        .iter()
        .map(|column| match &column.slot {
            Slot::Pod(pod) => format!("{} {} {}", pod.name, pod.state.name(), pod.phase),
            Slot::NotYet => format!("{} not yet", column.pod_name),
            Slot::ScaledDown => format!("{} scaled down", column.pod_name),
        })
        .collect();
    assert_eq!(slots, ["web-0 ready Running", "web-1 terminating Terminating", "web-2 not-ready Running", "web-3 scaled down"]);
    assert_eq!(&*set.columns[3].claims[0].name, "www-web-3");
    assert!(!set.columns[3].claims[0].used);
    assert!(set.columns[0].claims[0].used);
    assert_eq!(&*set.columns[0].dns_name, "web-0.nginx");
}

#[test]
fn the_partition_stands_before_the_pods_that_get_the_new_revision() {
    let scene = scene_of(&staged());
    let set = &scene.sets[0];
    assert_eq!(set.partition, Some(Partition { at: 2, columns_before: 2, staged: true }));
    let revisions: Vec<(i64, bool)> = set
        .columns
        .iter()
        .filter_map(|column| column.slot.pod())
        .filter_map(|pod| pod.revision.as_ref())
        .map(|revision| (revision.number, revision.newer))
        .collect();
    assert_eq!(revisions, [(1, false), (1, false), (2, true)]);
}

#[test]
fn what_belongs_to_no_set_is_shown_beside() {
    let scene = scene_of(&staged());
    assert_eq!(scene.pods.iter().map(|pod| &*pod.name).collect::<Vec<_>>(), ["shell"]);
    assert_eq!(scene.claims.iter().map(|claim| &*claim.name).collect::<Vec<_>>(), ["other"]);
    assert!(scene.services.is_empty());
    assert_eq!(&*scene.sets[0].services[0].name, "nginx");
    assert!(scene.sets[0].services[0].governing);
}

#[test]
fn pods_of_a_deleted_set_stay_in_their_columns() {
    let mut world = staged();
    let key = Key::new(Kind::StatefulSet, "default", "web");
    let old = world.get(&key).expect("the set");
    world.store.remove(&old, Object::clone(&old), 0);
    let scene = scene_of(&world);
    assert!(scene.sets[0].deleted);
    assert_eq!(scene.sets[0].columns.len(), 3);
}

#[test]
fn many_columns_are_drawn_small_and_too_many_are_counted() {
    let mut world = staged();
    for (replicas, density, drawn, left_out) in [
        (20, Density::Cards, 20, 0),
        (100, Density::Tiles, 100, 0),
        (1_000, Density::Strip, 1_000, 0),
        (10_000, Density::Strip, 2_000, 8_000),
    ] {
        world.change(&Key::new(Kind::StatefulSet, "default", "web"), |object| {
            let set = object.statefulset_mut().expect("a set");
            let mut spec = statefulset_engine::api::statefulset::StatefulSetSpec::clone(&set.spec);
            spec.replicas = replicas;
            set.spec = spec.into();
        });
        let scene = scene_of(&world);
        let set = &scene.sets[0];
        assert_eq!((set.density, set.columns.len(), set.left_out), (density, drawn, left_out), "{replicas}");
    }
}

#[test]
fn a_pod_that_cannot_pull_its_image_says_so_in_the_kubelets_word() {
    let mut world = staged();
    world.change(&Key::new(Kind::Pod, "default", "web-2"), |object| {
        object.pod_mut().expect("a pod").status.containers = vec![ContainerStatus::waiting("ImagePullBackOff")];
    });
    let scene = scene_of(&world);
    let pod = scene.sets[0].columns[2].slot.pod().expect("a pod").clone();
    assert_eq!((pod.state, &*pod.reason), (PodState::Failing, "ImagePullBackOff"));
}

#[test]
fn all_that_a_scene_can_say_has_a_word() {
    let mut keys: Vec<String> = PodState::ALL.iter().map(|state| format!("state.{}", state.name())).collect();
    let steps = Step::WAY.iter().chain(&[Step::Bound, Step::Initializing]);
    keys.extend(steps.map(|step| format!("step.{}", step.name())));
    keys.extend(ContainerLook::ALL.iter().map(|look| format!("container.{}", look.name())));
    keys.extend([NodeState::Ready, NodeState::NotReady, NodeState::Unknown].map(|state| format!("node.{}", state.name())));
    keys.extend([Deed::Creates, Deed::Deletes, Deed::Waits].map(|deed| format!("loop.{}", deed.name())));
    keys.extend([Deed::Creates, Deed::Deletes, Deed::Waits].map(|deed| format!("loop.{}-only", deed.name())));
    keys.extend(["ready", "not-ready", "serving", "terminating"].map(|state| format!("endpoint.{state}")));
    keys.extend(crate::stage::View::ALL.iter().map(|view| format!("view.{}", view.name())));
    for kind in ["partition", "replicas"] {
        keys.extend(["", "-of", "-means"].map(|what| format!("line.{kind}{what}")));
    }
    for role in ["cordon", "uncordon", "drain", "fail", "restore"] {
        keys.extend([format!("node.{role}"), format!("node.{role}-of")]);
    }
    for key in keys {
        assert!(crate::locale::has(&format!("stage.{key}")), "{key}");
    }
}
