//! Scenes of clusters that were acted out, written as text and held to what they looked like when a person last looked:
//! sets of 1 to 1,000 replicas, and the states that pods, nodes and revisions pass through. `UPDATE_EXPECT=1` writes anew.

use expect_test::{Expect, expect};
use statefulset_engine::api::kind::Kind;
use statefulset_engine::process::Streams;
use statefulset_engine::session::Session;
use statefulset_engine::settings::Settings;

use super::*;
use crate::state::examples::EXAMPLES;
use crate::state::history::History;

/// A cluster in which the first example was applied with a class that is there.
fn applied() -> Session {
    let mut session = Session::new(Settings::default());
    let manifest = EXAMPLES[0].text.replace("my-gfs-storageclass", "standard");
    session.terminal.files.insert("web.yaml".into(), manifest.as_str().into());
    run(&mut session, "kubectl apply -f web.yaml");
    session
}

fn run(session: &mut Session, line: &str) {
    let id = session.start(line, Streams::with_input(""));
    let job = session.job(id);
    assert_eq!(job.streams.err, "", "{line}");
}

fn scene(session: &Session) -> Scene {
    let mut history = History::default();
    history.absorb(&session.world.store);
    Scene::of(&session.world, &history, "default")
}

/// Lets time go by until the scene is as wanted.
fn until(session: &mut Session, wanted: impl Fn(&Scene) -> bool) -> Scene {
    for _ in 0..20_000 {
        let scene = scene(session);
        if wanted(&scene) {
            return scene;
        }
        let next_ms = session.next_ms().into_iter().chain(scene.until_ms).min().expect("something is to happen");
        session.advance_to(next_ms);
    }
    panic!("it never came to that");
}

fn pod(scene: &Scene, name: &str) -> Option<Rc<PodCard>> {
    scene.all_pods().find(|pod| &*pod.name == name).cloned()
}

fn at_step(name: &'static str, step: Step) -> impl Fn(&Scene) -> bool {
    move |scene| pod(scene, name).is_some_and(|pod| pod.step == Some(step))
}

fn check(scene: &Scene, expected: &Expect) {
    expected.assert_eq(&describe(scene));
}

/// A scene in a few lines.
fn describe(scene: &Scene) -> String {
    let mut text = String::new();
    for set in &scene.sets {
        text += &format!(
            "{} {}/{} {:?} columns {} edge {}",
            set.name,
            set.ready_replicas,
            set.replicas,
            set.density,
            set.columns.len(),
            set.edge_before
        );
        if let Some(partition) = set.partition {
            text += &format!(
                " partition {} before {}{}",
                partition.at,
                partition.columns_before,
                if partition.staged { " staged" } else { "" }
            );
        }
        text += "\n";
        for service in &set.services {
            text += &format!("  Service {} answers {} of {}\n", service.name, service.ready, service.endpoints_all);
        }
        if let Some(turn) = &set.turn {
            text += &format!("  loop: {} pods, {}, {} {}\n", turn.pods, turn.rule, turn.deed.name(), turn.objects.join(" "));
        }
        let large = large::of(set, None, &[]);
        let shown: Vec<usize> = if set.density == Density::Cards { (0..set.columns.len()).collect() } else { large.places };
        for column in shown.iter().map(|place| &set.columns[*place]) {
            text += &format!("  {}{}", column.dns_name, if column.answers { "" } else { " (silent)" });
            if let Some(mark) = &column.endpoint {
                text += &format!(" [{} {}]", mark.address, mark.state());
            }
            match &column.slot {
                Slot::Pod(pod) => text += &format!(" {}", describe_pod(pod)),
                Slot::NotYet => text += " not yet",
                Slot::ScaledDown => text += " scaled down",
            }
            for claim in &column.claims {
                text += &format!(" <{} {}{}>", claim.name, claim.phase, if claim.used { " used" } else { "" });
            }
            text += "\n";
        }
        if large.more > 0 && set.density != Density::Cards {
            text += &format!("  and {} more\n", large.more);
        }
    }
    for deployment in &scene.deployments {
        text += &format!("Deployment {} {}/{}\n", deployment.name, deployment.ready_replicas, deployment.replicas);
        text += &deployment.pods.iter().map(|pod| format!("  {}\n", describe_pod(pod))).collect::<String>();
    }
    text
}

fn describe_pod(pod: &PodCard) -> String {
    let mut text = format!("{} {}", pod.name, pod.state.name());
    if let Some(step) = pod.step {
        text += &format!(" ({})", step.name());
    }
    if let Some(grace) = pod.grace {
        text += &format!(" ({} of {} s)", grace.left_s, grace.all_s);
    }
    if let Some(revision) = &pod.revision {
        text += &format!(" rev {}{}", revision.number, if revision.newer { " newer" } else { "" });
    }
    text += &format!(" {}/{} life {}", pod.containers.0, pod.containers.1, pod.life);
    if pod.address_changed() {
        text += " moved";
    }
    for container in pod.inside.iter() {
        text += &format!(" {}{}:{}", if container.init { "init " } else { "" }, container.name, container.look.name());
    }
    text
}

#[test]
fn a_pod_on_its_way() {
    let mut session = applied();
    check(
        &until(&mut session, at_step("web-0", Step::Scheduling)),
        &expect![[r#"
            web 0/3 Cards columns 3 edge 3 partition 0 before 0
              Service nginx answers 0 of 0
              loop: 1 pods, creates-pod, creates web-0
              web-0.nginx (silent) web-0 pending (scheduling) rev 1 0/1 life 1 nginx:waiting <www-web-0 Pending used>
              web-1.nginx (silent) not yet
              web-2.nginx (silent) not yet
        "#]],
    );
    check(
        &until(&mut session, at_step("web-0", Step::Pulling)),
        &expect![[r#"
            web 0/3 Cards columns 3 edge 3 partition 0 before 0
              Service nginx answers 0 of 0
              loop: 1 pods, waits-for-ready, waits web-0
              web-0.nginx (silent) web-0 creating (pulling) rev 1 0/1 life 1 nginx:waiting <www-web-0 Bound used>
              web-1.nginx (silent) not yet
              web-2.nginx (silent) not yet
        "#]],
    );
    check(
        &until(&mut session, at_step("web-0", Step::Starting)),
        &expect![[r#"
            web 0/3 Cards columns 3 edge 3 partition 0 before 0
              Service nginx answers 0 of 0
              loop: 1 pods, waits-for-ready, waits web-0
              web-0.nginx (silent) web-0 creating (starting) rev 1 0/1 life 1 nginx:waiting <www-web-0 Bound used>
              web-1.nginx (silent) not yet
              web-2.nginx (silent) not yet
        "#]],
    );
    check(
        &until(&mut session, at_step("web-1", Step::Pulling)),
        &expect![[r#"
            web 1/3 Cards columns 3 edge 3 partition 0 before 0
              Service nginx answers 1 of 1
              loop: 2 pods, waits-for-ready, waits web-1
              web-0.nginx [10.244.1.3 ready] web-0 ready rev 1 1/1 life 1 nginx:ready <www-web-0 Bound used>
              web-1.nginx (silent) web-1 creating (pulling) rev 1 0/1 life 1 nginx:waiting <www-web-1 Bound used>
              web-2.nginx (silent) not yet
        "#]],
    );
}

#[test]
fn a_pod_that_ends_and_the_one_that_takes_its_place() {
    let mut session = applied();
    session.advance_to(60_000);
    run(&mut session, "kubectl delete pod web-1 --wait=false");
    check(
        &scene(&session),
        &expect![[r#"
            web 3/3 Cards columns 3 edge 3 partition 0 before 0
              Service nginx answers 3 of 3
              loop: 3 pods, settled, rests 
              web-0.nginx [10.244.1.3 ready] web-0 ready rev 1 1/1 life 1 nginx:ready <www-web-0 Bound used>
              web-1.nginx [10.244.2.3 ready] web-1 terminating (10 of 10 s) rev 1 1/1 life 1 nginx:ready <www-web-1 Bound used>
              web-2.nginx [10.244.3.2 ready] web-2 ready rev 1 1/1 life 1 nginx:ready <www-web-2 Bound used>
        "#]],
    );
    check(
        &until(&mut session, |scene| pod(scene, "web-1").is_none()),
        &expect![[r#"
            web 2/3 Cards columns 3 edge 3 partition 0 before 0
              Service nginx answers 2 of 2
              loop: 2 pods, replaces-ended-pod, deletes web-1
              web-0.nginx [10.244.1.3 ready] web-0 ready rev 1 1/1 life 1 nginx:ready <www-web-0 Bound used>
              web-1.nginx (silent) not yet <www-web-1 Bound>
              web-2.nginx [10.244.3.2 ready] web-2 ready rev 1 1/1 life 1 nginx:ready <www-web-2 Bound used>
        "#]],
    );
    check(
        &until(&mut session, |scene| pod(scene, "web-1").is_some_and(|pod| pod.ready)),
        &expect![[r#"
            web 2/3 Cards columns 3 edge 3 partition 0 before 0
              Service nginx answers 2 of 2
              loop: 3 pods, waits-for-ready, waits web-1
              web-0.nginx [10.244.1.3 ready] web-0 ready rev 1 1/1 life 1 nginx:ready <www-web-0 Bound used>
              web-1.nginx (silent) web-1 ready rev 1 1/1 life 2 moved nginx:ready <www-web-1 Bound used>
              web-2.nginx [10.244.3.2 ready] web-2 ready rev 1 1/1 life 1 nginx:ready <www-web-2 Bound used>
        "#]],
    );
}

#[test]
fn a_staged_update_and_a_scale_down() {
    let mut session = applied();
    session.advance_to(60_000);
    run(&mut session, r#"kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"#);
    run(&mut session, "kubectl set image sts web nginx=nginx:1.27");
    session.advance_to(120_000);
    check(
        &scene(&session),
        &expect![[r#"
            web 3/3 Cards columns 3 edge 3 partition 2 before 2 staged
              Service nginx answers 3 of 3
              loop: 3 pods, partition-holds, rests web-0 web-1
              web-0.nginx [10.244.1.3 ready] web-0 ready rev 1 1/1 life 1 nginx:ready <www-web-0 Bound used>
              web-1.nginx [10.244.2.3 ready] web-1 ready rev 1 1/1 life 1 nginx:ready <www-web-1 Bound used>
              web-2.nginx [10.244.3.3 ready] web-2 ready rev 2 newer 1/1 life 2 moved nginx:ready <www-web-2 Bound used>
        "#]],
    );
    run(&mut session, "kubectl scale sts web --replicas=1");
    session.advance_to(180_000);
    check(
        &scene(&session),
        &expect![[r#"
            web 1/1 Cards columns 3 edge 1 partition 2 before 2 staged
              Service nginx answers 1 of 1
              loop: 1 pods, partition-holds, rests web-0
              web-0.nginx [10.244.1.3 ready] web-0 ready rev 1 1/1 life 1 nginx:ready <www-web-0 Bound used>
              web-1.nginx (silent) scaled down <www-web-1 Bound>
              web-2.nginx (silent) scaled down <www-web-2 Bound>
        "#]],
    );
}

#[test]
fn a_deployment_beside_a_set() {
    let mut session = applied();
    run(&mut session, "kubectl create deployment front --image=nginx --replicas=2");
    session.advance_to(60_000);
    let scene = scene(&session);
    assert_eq!((scene.deployments.len(), scene.pods.len()), (1, 0));
    let names: Vec<&str> = scene.deployments[0].pods.iter().map(|pod| &pod.name[..6]).collect();
    assert_eq!(names, ["front-", "front-"]);
    assert!(scene.deployments[0].pods.iter().all(|pod| pod.ready && pod.ordinal.is_none() && pod.claims.is_empty()));
}

/// A set that was settled and then scaled: settled again, or just when it makes its pod number 30.
fn scaled_to(replicas: i64) -> Scene {
    let mut session = applied();
    session.advance_to(60_000);
    run(&mut session, &format!("kubectl scale sts web --replicas={replicas}"));
    let at_30 = |session: &Session| session.world.store.find(Kind::Pod, "default", "web-30").is_some();
    while session.world.now_ms() < 120_000 && !at_30(&session) {
        let next_ms = session.next_ms().unwrap_or(120_000);
        session.advance_to(next_ms);
    }
    scene(&session)
}

#[test]
fn one_replica() {
    check(
        &scaled_to(1),
        &expect![[r#"
            web 1/1 Cards columns 3 edge 1 partition 0 before 0
              Service nginx answers 1 of 1
              loop: 1 pods, settled, rests 
              web-0.nginx [10.244.1.3 ready] web-0 ready rev 1 1/1 life 1 nginx:ready <www-web-0 Bound used>
              web-1.nginx (silent) scaled down <www-web-1 Bound>
              web-2.nginx (silent) scaled down <www-web-2 Bound>
        "#]],
    );
}

#[test]
fn five_replicas() {
    check(
        &scaled_to(5),
        &expect![[r#"
            web 5/5 Cards columns 5 edge 5 partition 0 before 0
              Service nginx answers 5 of 5
              loop: 5 pods, settled, rests 
              web-0.nginx [10.244.1.3 ready] web-0 ready rev 1 1/1 life 1 nginx:ready <www-web-0 Bound used>
              web-1.nginx [10.244.2.3 ready] web-1 ready rev 1 1/1 life 1 nginx:ready <www-web-1 Bound used>
              web-2.nginx [10.244.3.2 ready] web-2 ready rev 1 1/1 life 1 nginx:ready <www-web-2 Bound used>
              web-3.nginx [10.244.1.4 ready] web-3 ready rev 1 1/1 life 1 nginx:ready <www-web-3 Bound used>
              web-4.nginx [10.244.2.4 ready] web-4 ready rev 1 1/1 life 1 nginx:ready <www-web-4 Bound used>
        "#]],
    );
}

#[test]
fn twenty_replicas() {
    check(
        &scaled_to(20),
        &expect![[r#"
            web 20/20 Cards columns 20 edge 20 partition 0 before 0
              Service nginx answers 20 of 20
              loop: 20 pods, settled, rests 
              web-0.nginx [10.244.1.3 ready] web-0 ready rev 1 1/1 life 1 nginx:ready <www-web-0 Bound used>
              web-1.nginx [10.244.2.3 ready] web-1 ready rev 1 1/1 life 1 nginx:ready <www-web-1 Bound used>
              web-2.nginx [10.244.3.2 ready] web-2 ready rev 1 1/1 life 1 nginx:ready <www-web-2 Bound used>
              web-3.nginx [10.244.1.4 ready] web-3 ready rev 1 1/1 life 1 nginx:ready <www-web-3 Bound used>
              web-4.nginx [10.244.2.4 ready] web-4 ready rev 1 1/1 life 1 nginx:ready <www-web-4 Bound used>
              web-5.nginx [10.244.3.3 ready] web-5 ready rev 1 1/1 life 1 nginx:ready <www-web-5 Bound used>
              web-6.nginx [10.244.1.5 ready] web-6 ready rev 1 1/1 life 1 nginx:ready <www-web-6 Bound used>
              web-7.nginx [10.244.2.5 ready] web-7 ready rev 1 1/1 life 1 nginx:ready <www-web-7 Bound used>
              web-8.nginx [10.244.3.4 ready] web-8 ready rev 1 1/1 life 1 nginx:ready <www-web-8 Bound used>
              web-9.nginx [10.244.1.6 ready] web-9 ready rev 1 1/1 life 1 nginx:ready <www-web-9 Bound used>
              web-10.nginx [10.244.2.6 ready] web-10 ready rev 1 1/1 life 1 nginx:ready <www-web-10 Bound used>
              web-11.nginx [10.244.3.5 ready] web-11 ready rev 1 1/1 life 1 nginx:ready <www-web-11 Bound used>
              web-12.nginx [10.244.1.7 ready] web-12 ready rev 1 1/1 life 1 nginx:ready <www-web-12 Bound used>
              web-13.nginx [10.244.2.7 ready] web-13 ready rev 1 1/1 life 1 nginx:ready <www-web-13 Bound used>
              web-14.nginx [10.244.3.6 ready] web-14 ready rev 1 1/1 life 1 nginx:ready <www-web-14 Bound used>
              web-15.nginx [10.244.1.8 ready] web-15 ready rev 1 1/1 life 1 nginx:ready <www-web-15 Bound used>
              web-16.nginx [10.244.2.8 ready] web-16 ready rev 1 1/1 life 1 nginx:ready <www-web-16 Bound used>
              web-17.nginx [10.244.3.7 ready] web-17 ready rev 1 1/1 life 1 nginx:ready <www-web-17 Bound used>
              web-18.nginx [10.244.1.9 ready] web-18 ready rev 1 1/1 life 1 nginx:ready <www-web-18 Bound used>
              web-19.nginx [10.244.2.9 ready] web-19 ready rev 1 1/1 life 1 nginx:ready <www-web-19 Bound used>
        "#]],
    );
}

#[test]
fn a_hundred_replicas() {
    check(
        &scaled_to(100),
        &expect![[r#"
            web 29/100 Tiles columns 100 edge 100 partition 0 before 0
              Service nginx answers 30 of 30
              loop: 31 pods, creates-pod, creates web-30
              web-0.nginx [10.244.1.3 ready] web-0 ready rev 1 1/1 life 1 nginx:ready <www-web-0 Bound used>
              web-30.nginx (silent) web-30 pending (scheduling) rev 1 0/1 life 1 nginx:waiting <www-web-30 Pending used>
              web-99.nginx (silent) not yet
        "#]],
    );
}

#[test]
fn a_thousand_replicas() {
    check(
        &scaled_to(1_000),
        &expect![[r#"
            web 29/1000 Strip columns 1000 edge 1000 partition 0 before 0
              Service nginx answers 30 of 30
              loop: 31 pods, creates-pod, creates web-30
              web-0.nginx [10.244.1.3 ready] web-0 ready rev 1 1/1 life 1 nginx:ready <www-web-0 Bound used>
              web-30.nginx (silent) web-30 pending (scheduling) rev 1 0/1 life 1 nginx:waiting <www-web-30 Pending used>
              web-999.nginx (silent) not yet
        "#]],
    );
}

/// The cells of a set as letters, fifty in a row: what a cell's look says. Capitals have the newer of two revisions.
fn cells(set: &SetScene) -> String {
    let letter = |column: &Rc<Column>| match &column.slot {
        Slot::Pod(pod) => {
            let place = PodState::ALL.iter().position(|state| *state == pod.state).unwrap_or_default();
            let letter = "pcnrtxfs?".chars().nth(place).unwrap_or('?');
            if pod.revision.as_ref().is_some_and(|revision| revision.newer) { letter.to_ascii_uppercase() } else { letter }
        }
        Slot::NotYet => '.',
        Slot::ScaledDown => '-',
    };
    let rows = set.columns.chunks(50).map(|row| row.iter().map(letter).collect::<String>() + "\n");
    rows.collect::<String>() + &format!("{:?}\n", set.tally())
}

#[test]
fn a_strip_of_hundreds_in_a_partitioned_rollout() {
    let mut session = applied();
    session.advance_to(60_000);
    run(&mut session, r#"kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":180}}}}'"#);
    run(&mut session, "kubectl scale sts web --replicas=210");
    session.advance_to(1_200_000);
    run(&mut session, "kubectl set image sts web nginx=nginx:1.27");
    session.advance_to(1_300_000);
    run(&mut session, "kubectl delete pod web-3 web-77 --wait=false");
    run(&mut session, "kubectl scale sts web --replicas=205");
    session.advance_to(1_301_000);
    expect![[r#"
        rrrcrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
        rrrrrrrrrrrrrrrrrrrrrrrrrrr.rrrrrrrrrrrrrrrrrrrrrr
        rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
        rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrRRRRRRRRRRRRRRRRRRRR
        RRRRRRRRRR
        Tally { states: [0, 1, 0, 208, 0, 0, 0, 0, 0], none: 1, newer: 30 }
    "#]]
    .assert_eq(&cells(&scene(&session).sets[0]));
}

#[test]
fn a_node_that_falls_silent() {
    let mut session = applied();
    session.advance_to(60_000);
    run(&mut session, "kubectl cordon node-1");
    run(&mut session, "sandbox node fail node-2");
    session.advance_to(180_000);
    let lanes = nodes::lanes(&scene(&session));
    let text: String = lanes
        .iter()
        .map(|lane| {
            let node = lane.node.as_ref().map_or_else(String::new, |node| {
                format!("{}{}{}", node.state.name(), if node.cordoned { " cordoned" } else { "" }, if node.silent { " silent" } else { "" })
            });
            let pods: Vec<String> = lane.pods.iter().map(|pod| format!("{} {}", pod.name, pod.state.name())).collect();
            format!("{} {node}: {}\n", lane.name, pods.join(", "))
        })
        .collect();
    expect![[r#"
        node-1 ready cordoned: web-0 ready
        node-2 unknown silent: web-1 not-ready
        node-3 ready: web-2 ready
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_scene_made_after_another_is_as_if_made_alone() {
    let mut session = applied();
    let mut scenes = Scenes::default();
    let mut history = History::default();
    for (at_ms, line) in [
        (30_000, "kubectl scale sts web --replicas=5"),
        (31_000, "kubectl delete pod web-1 --wait=false"),
        (33_000, "kubectl set image sts web nginx=nginx:1.27"),
        (60_000, "kubectl create deployment front --image=nginx --replicas=3"),
        (70_000, "kubectl scale sts web --replicas=2"),
        (72_000, "kubectl delete pvc www-web-4 --wait=false"),
        (73_000, "kubectl delete pv --all --wait=false"),
        (74_000, "kubectl delete svc nginx"),
        (76_000, "kubectl delete pvc --all --wait=false"),
        (80_000, "kubectl delete sts web --cascade=orphan"),
        (90_000, "kubectl delete pod web-0 --wait=false"),
    ] {
        run(&mut session, line);
        while session.next_ms().is_some_and(|next_ms| next_ms < at_ms) {
            session.step();
            history.absorb(&session.world.store);
            assert_eq!(*scenes.next(&session.world, &history, "default"), Scene::of(&session.world, &history, "default"), "{line}");
        }
    }
}

#[test]
fn the_loop_tells_what_woke_it() {
    let mut session = applied();
    let scene = until(&mut session, |scene| pod(scene, "web-1").is_some());
    let turn = scene.sets[0].turn.as_ref().expect("the controller has made a turn");
    assert_eq!((turn.deed, turn.objects.iter().map(|name| &**name).collect::<Vec<_>>()), (Deed::Creates, vec!["web-1"]));
    let cause = turn.cause.as_ref().expect("something woke it");
    assert_eq!((cause.kind, &*cause.name, cause.verb), (Kind::Pod, "web-0", "modified"));
}

#[test]
fn what_stays_the_same_is_the_same_in_memory() {
    let mut session = applied();
    session.advance_to(60_000);
    let mut history = History::default();
    history.absorb(&session.world.store);
    let mut scenes = Scenes::default();
    let before = scenes.next(&session.world, &history, "default");
    assert!(Rc::ptr_eq(&before, &scenes.next(&session.world, &history, "default")));
    run(&mut session, "kubectl delete pod web-2 --wait=false");
    history.absorb(&session.world.store);
    let after = scenes.next(&session.world, &history, "default");
    let same: Vec<bool> =
        before.sets[0].columns.iter().zip(&after.sets[0].columns).map(|(before, after)| Rc::ptr_eq(before, after)).collect();
    assert_eq!(same, [true, true, false]);
}

#[test]
fn what_is_large_stays_so_to_the_end_of_its_way_but_trouble_comes_first() {
    let mut session = applied();
    session.advance_to(60_000);
    run(&mut session, "kubectl scale sts web --replicas=30");
    session.advance_to(600_000);
    run(&mut session, "kubectl delete pod web-20 web-21 web-22 web-23 web-24 web-25 --wait=false");
    session.advance_to(600_100);
    let six = scene(&session).sets[0].clone();
    let places = large::of(&six, None, &[]).places;
    assert_eq!(places, [20, 21, 22, 23, 24, 25]);
    // Lower ordinals end, too: those that are shown are still on their way.
    run(&mut session, "kubectl delete pod web-1 web-2 --wait=false");
    session.advance_to(600_120);
    let more = scene(&session).sets[0].clone();
    assert_eq!(large::of(&more, None, &[]).places, [1, 2, 20, 21, 22, 23], "without a memory the lowest are taken");
    assert_eq!(large::of(&more, None, &[20, 21, 22, 23, 24, 25]), large::Large { places: vec![20, 21, 22, 23, 24, 25], more: 2 });
    // On the way from other cards, one comes after the other, and what nobody wants any more waits for it.
    let wanted = large::of(&more, None, &[]);
    let exchanged = |shown: &[i64], at_once| large::exchange(&more, shown, &wanted, at_once);
    assert_eq!(exchanged(&[0, 20, 24, 25], 0), large::Large { places: vec![0, 20, 24, 25], more: 5 });
    assert_eq!(exchanged(&[0, 20, 24, 25], 1), large::Large { places: vec![0, 1, 20, 24, 25], more: 4 });
    assert_eq!(exchanged(&[1, 2, 20, 21, 22, 29], 1), wanted);
    // What goes wrong takes the place of one that is merely on its way, and what a person chose stays.
    run(&mut session, "kubectl set image sts web nginx=nginx:bad");
    session.advance_to(700_000);
    let broken = scene(&session).sets[0].clone();
    let wrong = broken.columns.iter().position(|column| column.slot.pod().is_some_and(|pod| pod.state == PodState::Failing));
    let wrong = wrong.expect("the image cannot be pulled");
    let large = large::of(&broken, Some(7), &[20, 21, 22, 23, 24, 25]);
    assert!(large.places.contains(&wrong) && large.places.contains(&7), "{large:?}");
}
