//! A session done again, from its acts: exact, because a run is a function of them. What a stranger wrote down may ask for
//! more than anyone wants to wait for, so whoever calls says how long. It must not know where a session was kept.

use statefulset_engine::api::time::Ms;
use statefulset_engine::script::{self, Options};
use statefulset_engine::session::Session;
use statefulset_engine::settings::Settings;

use super::saved::{Deed, Saved};
use crate::state::acts::{Act, Entry};
use crate::state::sandbox::Sandbox;

/// Does a session again, as long as `go_on` says yes; true where all of it was done.
pub fn replay(saved: &Saved, mut go_on: impl FnMut() -> bool) -> (Sandbox, bool) {
    let mut sandbox = begin(saved);
    let mut steps = 0;
    for deed in &saved.acts {
        if !advance(&mut sandbox, &mut steps, (deed.steps, deed.at_ms), &mut go_on) {
            return (sandbox, false);
        }
        sandbox.act(deed.act.clone());
    }
    if saved.place.acts < saved.acts.len() {
        sandbox.go_to(saved.place);
        return (sandbox, true);
    }
    let whole = advance(&mut sandbox, &mut steps, (saved.place.steps, saved.place.at_ms), &mut go_on);
    (sandbox, whole)
}

/// The sandbox before anything was done: a fresh cluster, or what a script has made of one.
pub fn begin(saved: &Saved) -> Sandbox {
    match played(&saved.start, saved.seed) {
        Some(session) => Sandbox::of(session),
        None => Sandbox::new(Settings { seed: saved.seed, ..Settings::default() }),
    }
}

/// The cluster that a script makes, as if nobody had done anything in it; `None` where there is none, or it cannot be read.
pub fn played(start: &str, seed: u64) -> Option<Session> {
    let played = script::run(start, &|_| None, &Options { seed }).ok().filter(|_| !start.is_empty())?;
    let mut session = played.session;
    session.forget_jobs();
    Some(session)
}

/// Lets so many steps happen, and none beyond a moment.
fn advance(sandbox: &mut Sandbox, steps: &mut u64, (all, at_ms): (u64, Ms), go_on: &mut impl FnMut() -> bool) -> bool {
    let mut whole = true;
    sandbox.advance_to(at_ms, || {
        whole = go_on();
        let more = whole && *steps < all;
        *steps += u64::from(more);
        more
    });
    whole
}

/// What was done in a sandbox, to be written down.
pub fn deeds(sandbox: &Sandbox) -> Vec<Deed> {
    let entries = sandbox.acts();
    let mut jobs = 0;
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let mut outlasts = false;
            if matches!(entry.act, Act::Run { .. }) {
                let until_ms = entries.get(index + 1).map_or(sandbox.now_ms(), |next: &Entry| next.at_ms);
                let job = sandbox.session().jobs().nth(jobs);
                outlasts = job.is_some_and(|(_, job)| job.ended_ms.is_none_or(|ended_ms| ended_ms > until_ms));
                jobs += 1;
            }
            Deed { at_ms: entry.at_ms, steps: entry.steps, act: entry.act.clone(), outlasts }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::read::read;
    use crate::share::write::write;
    use crate::state::examples::EXAMPLES;
    use statefulset_engine::cluster::trace;

    fn run(line: &str) -> Act {
        Act::Run { files: Vec::new(), line: line.into(), typed: true }
    }

    fn log(sandbox: &Sandbox) -> Vec<String> {
        let world = &sandbox.session().world;
        world.store.log.iter().map(|event| trace::line(event, world.settings.epoch)).collect()
    }

    /// Chance that is the same every time.
    fn dice(seed: &mut u64, limit: u64) -> u64 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) % limit
    }

    #[test]
    fn a_session_from_its_text_is_the_same_event_for_event() {
        let mut seed = 3;
        for round in 0..6 {
            let mut sandbox = Sandbox::new(Settings::default());
            let example = &EXAMPLES[round % EXAMPLES.len()];
            sandbox.act(Act::Run {
                files: vec![(example.file(), example.text.to_owned())],
                line: format!("kubectl apply -f {}", example.file()),
                typed: false,
            });
            for _ in 0..14 {
                match dice(&mut seed, 7) {
                    0 => drop(sandbox.act(run("kubectl get pods -w"))),
                    1 => drop(sandbox.act(run("kubectl delete pod --all --wait=false"))),
                    2 => drop(sandbox.act(run("cat"))),
                    3 => {
                        let last = sandbox.session().jobs().last().map(|(id, _)| id);
                        let job = last.expect("a command was run");
                        sandbox.act(if dice(&mut seed, 2) == 0 {
                            Act::Interrupt { job }
                        } else {
                            Act::Type { job, text: "more\n".into() }
                        });
                    }
                    // A step may end in the middle of a moment.
                    4 | 5 => drop(sandbox.step()),
                    _ => drop(sandbox.advance_to(sandbox.now_ms() + dice(&mut seed, 4_000), || true)),
                }
            }
            let saved = Saved { acts: deeds(&sandbox), place: sandbox.place(), ..Saved::default() };
            let (back, troubles) = read(&write(&saved));
            assert_eq!(troubles, []);
            let (again, whole) = replay(&back, || true);
            assert!(whole);
            assert_eq!((again.place(), again.acts()), (sandbox.place(), sandbox.acts()), "round {round}");
            assert_eq!(log(&again), log(&sandbox), "round {round}");
        }
    }

    #[test]
    fn a_session_that_began_with_a_script_begins_with_it_again() {
        let file = format!("@file web.yaml\n{}@end\n", EXAMPLES[0].text);
        let start = format!("{file}$ kubectl apply -f web.yaml\n@wait 20s\n");
        let mut sandbox = Sandbox::of(played(&start, 0).expect("the script is read"));
        let begun_ms = sandbox.now_ms();
        assert!(begun_ms >= 20_000);
        sandbox.act(run("kubectl get pods"));
        sandbox.advance_to(begun_ms + 5_000, || true);
        let saved = Saved { start, acts: deeds(&sandbox), place: sandbox.place(), ..Saved::default() };
        let (back, troubles) = read(&write(&saved));
        assert_eq!((troubles, &back), (Vec::new(), &saved));
        let (again, _) = replay(&back, || true);
        assert_eq!((again.place(), log(&again)), (sandbox.place(), log(&sandbox)));
    }

    #[test]
    fn a_session_that_takes_too_long_is_left_where_it_is() {
        let (saved, _) = read("$ while true; do sleep 1; done\n@at 600000000000\n");
        let mut left = 500;
        let (sandbox, whole) = replay(&saved, || {
            left -= 1;
            left > 0
        });
        assert!(!whole && sandbox.now_ms() < 600_000_000_000);
    }
}
