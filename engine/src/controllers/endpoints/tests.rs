//! EndpointSlices in small worlds.

use serde_json::json;

use crate::api::kind::Kind;
use crate::api::object::Key;
use crate::api::time::Epoch;
use crate::cluster::World;
use crate::cluster::deletion::DeleteOptions;
use crate::controllers::testing::{create, lines, pod, run, world};

fn service(world: &mut World) -> Key {
    create(
        world,
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "nginx"}, "spec": {"clusterIP": "None", "selector": {"app": "nginx"}, "ports": [{"port": 80, "name": "web", "targetPort": "web"}]}}),
    )
}

fn slices(world: &World) -> Vec<String> {
    lines(world).into_iter().filter(|line| line.contains("EndpointSlice")).collect()
}

#[test]
fn pods_come_become_ready_stop_and_go() {
    let mut world = world();
    let service = service(&mut world);
    let key = create(&mut world, pod("web-0", &[], json!({"hostname": "web-0", "subdomain": "nginx"})));
    world.advance_to(50);
    run(&mut world, "web-0", "10.244.1.9", false);
    world.advance_to(60);
    run(&mut world, "web-0", "10.244.1.9", true);
    world.advance_to(70);
    let _ = world.delete(&key, &DeleteOptions::default());
    world.advance_to(80);
    assert_eq!(
        slices(&world),
        [
            "+ EndpointSlice/nginx- []",
            "~ EndpointSlice/nginx- [web-0:---]",
            "~ EndpointSlice/nginx- [web-0:rs-]",
            "~ EndpointSlice/nginx- [web-0:-st]",
        ]
    );
    let slice = world.store.list(Kind::EndpointSlice, "default").find(|slice| slice.meta.name.starts_with("nginx-")).cloned();
    let value = slice.map(|slice| slice.to_value(Epoch::default())).unwrap_or_default();
    assert_eq!(value["ports"], json!([{"name": "web", "port": 8080, "protocol": "TCP"}]));
    assert_eq!(value["endpoints"][0]["hostname"], json!("web-0"));
    assert_eq!(
        value["metadata"]["labels"],
        json!({"endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io", "kubernetes.io/service-name": "nginx", "service.kubernetes.io/headless": ""})
    );
    let object = world.get(&service);
    let derived = object.and_then(|object| super::derived(&world, &object)).map(|endpoints| endpoints.to_value(Epoch::default()));
    assert_eq!(derived.map(|value| value["subsets"].clone()), Some(json!(null)), "a pod that stops is no address");
}

#[test]
fn the_older_view_lists_ready_and_unready_addresses() {
    let mut world = world();
    let service = service(&mut world);
    for (name, ip, ready) in [("web-0", "10.244.1.9", true), ("web-1", "10.244.2.9", false)] {
        create(&mut world, pod(name, &[], json!({})));
        world.advance_to(world.now_ms() + 20);
        run(&mut world, name, ip, ready);
    }
    world.advance_to(world.now_ms() + 20);
    let object = world.get(&service);
    let derived = object.and_then(|object| super::derived(&world, &object)).map(|endpoints| endpoints.to_value(Epoch::default()));
    let value = derived.unwrap_or_default();
    assert_eq!(value["subsets"][0]["addresses"][0]["ip"], json!("10.244.1.9"));
    assert_eq!(value["subsets"][0]["notReadyAddresses"][0]["ip"], json!("10.244.2.9"));
}

#[test]
fn a_service_that_comes_late_fills_several_slices() {
    let mut world = world();
    for ordinal in 0..250 {
        let name = format!("web-{ordinal}");
        create(&mut world, pod(&name, &[], json!({})));
        run(&mut world, &name, &format!("10.244.1.{ordinal}"), true);
    }
    world.advance_to(50);
    service(&mut world);
    world.advance_to(100);
    let held = |world: &World| -> Vec<usize> {
        let slices = world.store.list(Kind::EndpointSlice, "default").filter(|slice| slice.meta.name.starts_with("nginx-"));
        let mut held: Vec<usize> = slices.filter_map(|slice| slice.slice()).map(|slice| slice.endpoints.len()).collect();
        held.sort();
        held
    };
    assert_eq!(held(&world), [50, 100, 100]);
    for ordinal in 0..250 {
        run(&mut world, &format!("web-{ordinal}"), &format!("10.244.1.{ordinal}"), false);
    }
    world.advance_to(200);
    assert_eq!(held(&world), [50, 100, 100]);
}

#[test]
fn a_slice_that_a_person_deletes_comes_back() {
    let mut world = world();
    service(&mut world);
    create(&mut world, pod("web-0", &[], json!({})));
    world.advance_to(50);
    run(&mut world, "web-0", "10.244.1.9", true);
    world.advance_to(100);
    let name =
        world.store.list(Kind::EndpointSlice, "default").find(|slice| slice.meta.name.starts_with("nginx-")).map(|slice| slice.key());
    if let Some(key) = name {
        let _ = world.delete(&key, &DeleteOptions::default());
    }
    world.advance_to(200);
    assert!(slices(&world).last().is_some_and(|line| line.starts_with("+ EndpointSlice/nginx- [web-0:")));
}
