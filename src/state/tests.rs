//! Time travel must be exact: wherever a sandbox goes, it is as if all had been done again. And acting in the past must
//! lose nothing.

use statefulset_engine::cluster::trace;
use statefulset_engine::session::Session;
use statefulset_engine::settings::Settings;

use super::acts::{Act, Entry, Place};
use super::branches::BRANCHES_MAX;
use super::head::Head;
use super::sandbox::Sandbox;

const WEB: &str = include_str!("../../static/examples/web.yaml");

fn run(line: &str) -> Act {
    Act::Run { files: vec![("web.yaml".into(), WEB.replace("my-gfs-storageclass", "standard"))], line: line.into(), typed: true }
}

/// Everything that can be told about a session, as text.
fn told(session: &Session) -> String {
    let (world, epoch) = (&session.world, session.world.settings.epoch);
    let jobs = session.jobs().map(|(_, job)| format!("$ {}\n{}{}{:?}\n", job.line, job.streams.out, job.streams.err, job.exit));
    let decisions = world.decisions.log().iter().map(|decision| format!("{decision:?}\n"));
    let log = world.store.log.iter().map(|event| trace::line(event, epoch) + "\n");
    let end = format!("{} {:?} {:?}", world.now_ms(), session.next_ms(), session.terminal.namespace);
    jobs.chain(decisions).chain(log).chain([end]).collect()
}

/// A place of a run, with everything done again from the start.
fn again(acts: &[Entry], place: Place) -> String {
    let mut head = Head::new(Settings::default());
    head.run_to(place, acts);
    assert_eq!(head.place(), place);
    told(&head.session)
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % bound as u64).unwrap_or_default()
    }
}

const LINES: &[&str] = &[
    "kubectl apply -f web.yaml",
    "kubectl get pods -w",
    "kubectl delete pod web-1",
    "kubectl delete pod web-0 --wait=false",
    "kubectl scale sts web --replicas=5",
    "kubectl scale sts web --replicas=1",
    "kubectl set image sts/web nginx=nginx:1.27",
    "kubectl rollout status sts/web",
    "for i in 1 2 3; do kubectl get pods | wc -l; sleep 2; done",
    "kubectl exec -it web-0 -- sh",
    "kubectl get events -w",
    "kubectl drain node-1 --ignore-daemonsets",
    "watch -n 3 kubectl get sts",
    "kubectl get sts nope",
    "while true; do kubectl get pvc; sleep 5; done | head -20",
];

/// A random run: acts, idle time in uneven pieces, keys into what runs.
fn random_run(dice: &mut Dice) -> Sandbox {
    let mut sandbox = Sandbox::new(Settings::default());
    sandbox.act(run(LINES[0]));
    for _ in 0..14 {
        for _ in 0..=dice.below(3) {
            let at_ms = sandbox.now_ms() + dice.below(6_000) as u64;
            sandbox.advance_to(at_ms, || true);
        }
        match (dice.below(5), sandbox.foreground()) {
            (0, Some(job)) => sandbox.act(Act::Interrupt { job }),
            (1, Some(job)) => sandbox.act(Act::Type { job, text: "hostname; exit\n".into() }),
            (2, _) => {
                sandbox.step();
                None
            }
            _ => sandbox.act(run(LINES[dice.below(LINES.len())])),
        };
    }
    let at_ms = sandbox.now_ms() + 20_000;
    sandbox.advance_to(at_ms, || true);
    sandbox
}

#[test]
fn going_anywhere_is_as_doing_it_all_again() {
    for seed in 1..=4 {
        let mut dice = Dice(seed);
        let mut sandbox = random_run(&mut dice);
        let acts = sandbox.acts().to_vec();
        let tip = told(sandbox.session());
        assert!(tip == again(&acts, sandbox.place()), "seed {seed}");
        let tip_ms = sandbox.tip_ms();
        for _ in 0..6 {
            match dice.below(3) {
                0 => sandbox.go_to_ms(dice.below(usize::try_from(tip_ms).unwrap_or(1)) as u64),
                1 => {
                    sandbox.step_back();
                }
                _ => {
                    let stops = &sandbox.record().stops;
                    let stop = stops[dice.below(stops.len())];
                    sandbox.go_to(stop);
                    assert_eq!(sandbox.place(), stop, "seed {seed}");
                }
            }
            assert!(told(sandbox.session()) == again(&acts, sandbox.place()), "seed {seed} at {:?}", sandbox.place());
        }
        // And forward again, in pieces as a playback goes.
        while sandbox.in_the_past() {
            let at_ms = (sandbox.now_ms() + 1 + dice.below(9_000) as u64).min(tip_ms);
            sandbox.advance_to(at_ms, || true);
            assert!(sandbox.now_ms() < tip_ms || !sandbox.in_the_past());
        }
        assert!(told(sandbox.session()) == tip, "seed {seed}");
        assert_eq!(sandbox.branches().all().len(), 1, "nothing was done, so nothing forked");
    }
}

#[test]
fn acting_in_the_past_begins_another_history_and_keeps_the_one_that_was() {
    let mut sandbox = Sandbox::new(Settings::default());
    sandbox.act(run("kubectl apply -f web.yaml"));
    sandbox.advance_to(30_000, || true);
    sandbox.act(run("kubectl scale sts web --replicas=5"));
    sandbox.advance_to(60_000, || true);
    let first = told(sandbox.session());
    sandbox.go_to_ms(20_000);
    sandbox.act(run("kubectl delete pod web-0"));
    sandbox.advance_to(60_000, || true);
    assert_eq!(sandbox.branches().all().len(), 2);
    assert!(told(sandbox.session()) == again(sandbox.acts(), sandbox.place()));
    assert_eq!(sandbox.acts().len(), 2, "what lay ahead there was not done here");
    let second = told(sandbox.session());
    sandbox.switch(1);
    assert!(sandbox.now_ms() == 60_000 && told(sandbox.session()) == first);
    sandbox.switch(2);
    assert!(told(sandbox.session()) == second);
    assert!(!sandbox.in_the_past());
}

#[test]
fn a_comparison_shows_the_other_history_as_long_after_they_parted() {
    let mut sandbox = Sandbox::new(Settings::default());
    sandbox.act(run("kubectl apply -f web.yaml"));
    sandbox.advance_to(40_000, || true);
    sandbox.go_to_ms(20_000);
    sandbox.act(run("kubectl scale sts web --replicas=1"));
    sandbox.advance_to(35_000, || true);
    sandbox.compare(Some(1));
    let beside = sandbox.beside().expect("a comparison");
    assert_eq!((beside.id, beside.parted_ms, beside.head.session.world.now_ms()), (1, 20_000, 35_000));
    let pods = |session: &Session| session.world.store.list(statefulset_engine::api::kind::Kind::Pod, "default").count();
    assert!(pods(&beside.head.session) > 1);
    assert_eq!(pods(sandbox.session()), 1);
    sandbox.go_to_ms(25_000);
    assert_eq!(sandbox.beside().map(|beside| beside.head.session.world.now_ms()), Some(25_000));
    // Whoever shows the other one goes on comparing the two.
    sandbox.switch(1);
    assert_eq!(sandbox.beside().map(|beside| (beside.id, beside.head.session.world.now_ms())), Some((2, 25_000)));
    sandbox.switch(2);
    sandbox.remove(1);
    assert!(sandbox.beside().is_none());
}

#[test]
fn an_act_can_be_undone_and_done_again() {
    let mut sandbox = Sandbox::new(Settings::default());
    sandbox.act(run("kubectl apply -f web.yaml"));
    sandbox.advance_to(30_000, || true);
    sandbox.act(run("kubectl scale sts web --replicas=5"));
    sandbox.advance_to(60_000, || true);
    let with = told(sandbox.session());
    assert!(sandbox.undo());
    assert_eq!(sandbox.now_ms(), 30_000);
    assert_eq!(sandbox.branches().all().len(), 1, "nothing has happened without it yet");
    assert!(sandbox.redo());
    assert!(told(sandbox.session()) == with);
    sandbox.undo();
    sandbox.advance_to(60_000, || true);
    assert_eq!(sandbox.branches().all().len(), 2);
    assert_eq!(sandbox.acts().len(), 1);
    let set = |sandbox: &Sandbox| {
        let store = &sandbox.session().world.store;
        store
            .find(statefulset_engine::api::kind::Kind::StatefulSet, "default", "web")
            .and_then(|set| set.statefulset().map(|set| set.spec.replicas))
    };
    assert_eq!(set(&sandbox), Some(3));
    assert_eq!(sandbox.branches().shown().without.clone(), Some(run("kubectl scale sts web --replicas=5")));
    assert!(sandbox.redo());
    assert!(told(sandbox.session()) == with && sandbox.branches().all().len() == 2);
    sandbox.undo();
    sandbox.undo();
    assert_eq!((sandbox.now_ms(), sandbox.done()), (0, 0));
    assert!(!sandbox.undo());
    sandbox.redo();
    assert_eq!(sandbox.now_ms(), 30_000);
    sandbox.redo();
    assert_eq!(set(&sandbox), Some(5));
    assert!(!sandbox.redo());
}

#[test]
fn only_so_many_histories_are_kept_and_one_more_is_refused() {
    let mut sandbox = Sandbox::new(Settings::default());
    sandbox.act(run("kubectl get pods"));
    sandbox.advance_to(10_000, || true);
    for _ in 1..BRANCHES_MAX {
        sandbox.go_to_ms(5_000);
        assert!(sandbox.act(run("kubectl get nodes")).is_some());
        sandbox.advance_to(10_000, || true);
    }
    sandbox.go_to_ms(5_000);
    let before = told(sandbox.session());
    assert!(sandbox.act(run("kubectl get sts")).is_none());
    assert!(sandbox.refused());
    assert!(told(sandbox.session()) == before);
    sandbox.remove(1);
    assert!(!sandbox.refused());
    assert!(sandbox.act(run("kubectl get sts")).is_some());
    let parted = sandbox.branches().all().iter().filter(|branch| branch.parent.is_none()).count();
    assert_eq!(parted, 1, "there is always one first history");
}

#[test]
fn what_is_typed_goes_to_the_command_that_ran_at_that_moment() {
    let mut sandbox = Sandbox::new(Settings::default());
    let job = sandbox.act(run("cat")).expect("it runs");
    sandbox.advance_to(5_000, || true);
    sandbox.act(Act::Interrupt { job });
    assert_eq!(sandbox.foreground(), None);
    sandbox.go_to_ms(2_000);
    assert_eq!(sandbox.foreground(), Some(job));
}

#[test]
fn a_step_back_from_a_step_is_where_it_was() {
    let mut sandbox = Sandbox::new(Settings::default());
    sandbox.act(run("kubectl apply -f web.yaml"));
    let mut seen = vec![told(sandbox.session())];
    for _ in 0..30 {
        sandbox.step();
        seen.push(told(sandbox.session()));
    }
    seen.pop();
    for earlier in seen.iter().rev().take(20) {
        sandbox.step_back();
        assert!(told(sandbox.session()) == *earlier);
    }
    for _ in 0..20 {
        sandbox.step();
    }
    assert!(!sandbox.in_the_past());
}

#[test]
fn at_the_first_instant_there_is_something_to_step_back_to_only_where_something_was_done() {
    let mut sandbox = Sandbox::new(Settings::default());
    assert!(!sandbox.can_step_back());
    sandbox.act(run("kubectl apply -f web.yaml"));
    assert!(sandbox.now_ms() == 0 && sandbox.can_step_back());
    sandbox.advance_to(5_000, || true);
    while sandbox.step_back() {}
    assert_eq!(sandbox.place(), Place::default());
    assert!(!sandbox.can_step_back());
    // The moment 0 of a history is after what was done at that moment.
    sandbox.go_to_ms(0);
    assert_eq!((sandbox.now_ms(), sandbox.done(), sandbox.can_step_back()), (0, 1, true));
}
