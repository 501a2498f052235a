//! The main job of the page, from the first manifest to a staged update, in the mounted app: what a person reads on the
//! stage while the cluster acts. Time is moved by the test, so that it never depends on the machine.
#![cfg(target_arch = "wasm32")]

mod page;

use page::Page;
use statefulset_sandbox::app::Action;
use statefulset_sandbox::state::command::Command;
use statefulset_sandbox::state::examples::EXAMPLES;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn claims_wait_for_their_class_and_why_says_it() {
    let page = Page::open().await;
    page.click("apply").await;
    page.run_for(5_000).await;
    assert_eq!(page.of("PersistentVolumeClaim", "www-web-0", "data-phase").as_deref(), Some("Pending"));
    assert_eq!(page.of("Pod", "web-0", "data-phase").as_deref(), Some("Pending"));
    assert_eq!(page.why_rule(), "claim-waits-for-class");
    assert!(page.why().contains("my-gfs-storageclass"), "{}", page.why());
    assert!(!page.has("Pod", "web-1"));
}

#[wasm_bindgen_test]
async fn pods_become_ready_in_order_and_never_otherwise() {
    let page = Page::open().await;
    page.click("apply").await;
    page.run_for(1_000).await;
    page.click("remedy").await;
    assert!(page.log().contains("kubectl apply -f storageclass-my-gfs-storageclass.yaml"), "{}", page.log());
    let mut orders = vec![Vec::new()];
    for _ in 0..600 {
        page.run_for(25).await;
        let ready = page.ready_pods();
        if orders.last() != Some(&ready) {
            orders.push(ready);
        }
        // No pod is there before the one below it is ready.
        let made = (0..3).filter(|ordinal| page.has("Pod", &format!("web-{ordinal}"))).count();
        assert!(made <= page.ready_pods().len() + 1, "{made} pods, ready are {:?}", page.ready_pods());
    }
    let expected: [&[&str]; 4] = [&[], &["web-0"], &["web-0", "web-1"], &["web-0", "web-1", "web-2"]];
    assert_eq!(orders, expected);
    assert_eq!(page.why_rule(), "settled");
}

#[wasm_bindgen_test]
async fn a_deleted_pod_comes_back_as_itself_with_its_claim() {
    let page = Page::three_ready().await;
    let before = |attribute: &str| page.of("Pod", "web-1", attribute).unwrap_or_default();
    let (uid, ip) = (before("data-uid"), before("data-ip"));
    let claim = page.of("PersistentVolumeClaim", "www-web-1", "data-uid");
    let volume = page.of("PersistentVolumeClaim", "www-web-1", "data-volume");
    page.click_in("Pod", "web-1", "delete").await;
    assert!(page.log().contains("$ kubectl delete pod web-1 --wait=false"), "{}", page.log());
    assert_eq!(page.of("Pod", "web-1", "data-phase").as_deref(), Some("Terminating"));
    page.run_for(60_000).await;
    assert_eq!(page.ready_pods(), ["web-0", "web-1", "web-2"]);
    assert_ne!(before("data-uid"), uid, "another pod");
    assert_ne!(before("data-ip"), ip, "another address");
    assert_eq!(page.of("PersistentVolumeClaim", "www-web-1", "data-uid"), claim, "the same claim");
    assert_eq!(page.of("PersistentVolumeClaim", "www-web-1", "data-volume"), volume, "the same volume");
}

#[wasm_bindgen_test]
async fn a_replacement_has_the_data_of_the_pod_before_it_and_its_name_resolves_to_it() {
    let page = Page::three_ready().await;
    page.type_line("kubectl exec web-1 -- sh -c 'echo kept > /usr/share/nginx/html/index.html'").await;
    page.click_in("Pod", "web-1", "delete").await;
    page.run_for(60_000).await;
    page.type_line("kubectl exec web-1 -- cat /usr/share/nginx/html/index.html").await;
    page.run_for(2_000).await;
    assert_eq!(page.last_output().trim(), "kept");
    page.type_line("kubectl run ask --image=busybox:1.28 -i --rm --restart=Never -- nslookup web-1.nginx").await;
    page.run_for(20_000).await;
    let ip = page.of("Pod", "web-1", "data-ip").unwrap_or_default();
    assert!(page.last_output().contains(&ip), "{ip} is not in {}", page.last_output());
}

#[wasm_bindgen_test]
async fn scaling_down_takes_the_highest_first_and_keeps_the_claims() {
    let page = Page::three_ready().await;
    page.send(Action::Run(Command::new("kubectl scale sts web --replicas=1"))).await;
    let mut both_going = false;
    for _ in 0..400 {
        page.run_for(10).await;
        let going = |name: &str| page.of("Pod", name, "data-phase").as_deref() == Some("Terminating");
        both_going |= page.has("Pod", "web-2") && going("web-1");
    }
    page.run_for(20_000).await;
    assert!(!both_going, "web-1 began to go before web-2 was gone");
    assert_eq!(page.ready_pods(), ["web-0"]);
    for claim in ["www-web-0", "www-web-1", "www-web-2"] {
        assert_eq!(page.of("PersistentVolumeClaim", claim, "data-phase").as_deref(), Some("Bound"), "{claim}");
    }
}

#[wasm_bindgen_test]
async fn a_partition_holds_back_the_pods_below_it() {
    let page = Page::open().await;
    let index = EXAMPLES.iter().position(|example| example.name == "myapp").expect("the example is there");
    page.send(Action::Example(index)).await;
    page.click("apply").await;
    page.run_for(1_000).await;
    page.click("remedy").await;
    page.run_for(60_000).await;
    let revisions = || ["myapp-0", "myapp-1", "myapp-2"].map(|pod| page.of("Pod", pod, "data-revision").unwrap_or_default());
    let old = revisions();
    assert!(old.iter().all(|revision| *revision == old[0] && !revision.is_empty()), "{old:?}");
    page.type_line("kubectl set image sts myapp myapp=ikubernetes/myapp:v6").await;
    page.run_for(60_000).await;
    let new = revisions();
    assert_eq!((&new[0], &new[1]), (&old[0], &old[1]));
    assert_ne!(new[2], old[2]);
    page.click_in("Pod", "myapp-0", "delete").await;
    page.run_for(60_000).await;
    assert_eq!(revisions(), new, "a pod below the partition comes back as it was");
    assert_eq!(page.ready_pods(), ["myapp-0", "myapp-1", "myapp-2"]);
}

#[wasm_bindgen_test]
async fn stepping_back_shows_what_was_and_stepping_on_what_comes() {
    let page = Page::three_ready().await;
    let mut steps = 0;
    while page.ready_pods().len() == 3 && steps < 10 {
        page.click("step-back").await;
        steps += 1;
    }
    assert_eq!(page.ready_pods(), ["web-0", "web-1"], "after {steps} steps back");
    for _ in 0..steps {
        page.click("step").await;
    }
    assert_eq!(page.ready_pods(), ["web-0", "web-1", "web-2"]);
}
