//! Where everything stands on the timeline: a pure function from a film to lines of paths. Across, the whole history is
//! [`WIDTH`] wide; down, a row is as high as its number allows. States differ by height and place, not only by colour.
//! It must not know a browser.

use std::fmt::Write as _;
use std::rc::Rc;

use statefulset_engine::api::time::Ms;

use super::film::Film;
use crate::stage::scene::PodState;
use crate::state::record::MarkKind;
use crate::state::strips::Strip;

/// How wide the whole history is.
pub const WIDTH: u64 = 100_000;
/// More strips than these are gathered into one band for each owner.
pub const STRIPS_MAX: usize = 120;
/// So many strips are so high that their names can be pressed with a finger; more stand closer.
const CLOSE_MAX: usize = 12;
/// How high such a strip is.
pub const CLOSE: u32 = 20;
/// How high a band is.
const BAND_HEIGHT: u32 = 64;
/// Into how many pieces of time a band is divided.
const BAND_PIECES: usize = 400;
/// The room between rows.
const GAP: u32 = 4;
/// About how many times are written under the strips: more would touch where the timeline is narrow.
const TICKS: u64 = 4;

/// A line of the timeline: a name, and how high it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// A pod's name, or an owner's for a band.
    pub name: String,
    /// How many pods are gathered in it; 1 for a strip.
    pub pods: usize,
    /// Its upper edge.
    pub top: u32,
    /// Its height.
    pub height: u32,
}

/// What is drawn in one colour: a class and a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paint {
    /// The class behind `strip--`.
    pub class: &'static str,
    /// The path.
    pub path: String,
}

/// A time written under the strips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Where, of [`WIDTH`].
    pub x: u64,
    /// The time, in words.
    pub words: String,
}

/// The timeline, drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The rows.
    pub rows: Vec<Row>,
    /// The strips and bands.
    pub paints: Vec<Paint>,
    /// How high all rows are together.
    pub height: u32,
    /// Marks of Events, Warnings and rollouts: one path each, in a lane 10 high.
    pub marks: Vec<Paint>,
    /// Times.
    pub ticks: Vec<Tick>,
}

/// The classes, in the order in which they are drawn.
const CLASSES: [&str; 10] =
    ["none", "pending", "creating", "not-ready", "ready", "ready-newer", "terminating", "failing", "succeeded", "unknown"];

/// Where a moment stands.
pub fn across(at_ms: Ms, tip_ms: Ms) -> u64 {
    (at_ms.min(tip_ms) * WIDTH).checked_div(tip_ms).unwrap_or_default()
}

impl Layout {
    /// The layout of a film; `zoom` is how many times wider than the window it is.
    pub fn of(film: &Film, zoom: u64) -> Self {
        let tip_ms = film.tip_ms.max(1);
        let mut paths: [String; CLASSES.len()] = Default::default();
        let (rows, height) =
            if film.strips.len() > STRIPS_MAX { bands(&film.strips, tip_ms, &mut paths) } else { strips(&film.strips, tip_ms, &mut paths) };
        let paints = CLASSES.iter().zip(paths).filter(|(_, path)| !path.is_empty()).map(|(class, path)| Paint { class, path }).collect();
        Self { rows, paints, height, marks: marks(film, tip_ms), ticks: ticks(tip_ms, zoom) }
    }
}

fn strips(strips: &[Rc<Strip>], tip_ms: Ms, paths: &mut [String; CLASSES.len()]) -> (Vec<Row>, u32) {
    let height = match strips.len() {
        0..=CLOSE_MAX => CLOSE,
        _ => 10,
    };
    let mut rows = Vec::with_capacity(strips.len());
    for (index, strip) in strips.iter().enumerate() {
        let top = u32::try_from(index).unwrap_or(u32::MAX).saturating_mul(height + GAP);
        rows.push(Row { name: strip.name.to_string(), pods: 1, top, height });
        rectangle(&mut paths[0], 0, WIDTH, top + height / 2, 1);
        let ends = strip.changes.iter().skip(1).map(|change| change.at_ms).chain([tip_ms]);
        for (change, end_ms) in strip.changes.iter().zip(ends) {
            let Some(state) = change.state else { continue };
            let (from, to) = (across(change.at_ms, tip_ms), across(end_ms, tip_ms));
            // Also what lasted for an instant can be seen.
            let width = (to - from).max(WIDTH / 1_000);
            let (class, down, high) = look(state, change.newer, height);
            rectangle(&mut paths[class], from, width, top + down, high);
            if matches!(state, PodState::Failing | PodState::Failed) {
                rectangle(&mut paths[class], from, width, top + height - high, high);
            }
        }
    }
    (rows, u32::try_from(strips.len()).unwrap_or(u32::MAX).saturating_mul(height + GAP))
}

/// The class of a state, and its place in a row: how far down it begins and how high it is.
fn look(state: PodState, newer: bool, height: u32) -> (usize, u32, u32) {
    let part = |percent: u32| (height * percent / 100).max(2);
    match state {
        PodState::Pending => (1, height - part(25), part(25)),
        PodState::Creating => (2, height - part(50), part(50)),
        PodState::NotReady => (3, height - part(75), part(75)),
        PodState::Ready => (4 + usize::from(newer), 0, height),
        PodState::Terminating => (6, 0, part(50)),
        PodState::Failing | PodState::Failed => (7, 0, part(38)),
        PodState::Succeeded => (8, part(38), part(25)),
        PodState::Unknown => (9, part(25), part(50)),
    }
}

/// One band for each owner: how many of its pods were in which state, piece by piece of time, ready ones at the bottom.
fn bands(strips: &[Rc<Strip>], tip_ms: Ms, paths: &mut [String; CLASSES.len()]) -> (Vec<Row>, u32) {
    const ORDER: [usize; 9] = [4, 5, 3, 2, 1, 8, 9, 6, 7];
    let mut rows = Vec::new();
    let mut top = 0;
    for group in strips.chunk_by(|one, next| (&one.namespace, &one.owner) == (&next.namespace, &next.owner)) {
        let mut counts = vec![[0_i32; CLASSES.len()]; BAND_PIECES + 1];
        for strip in group {
            let ends = strip.changes.iter().skip(1).map(|change| change.at_ms).chain([tip_ms]);
            for (change, end_ms) in strip.changes.iter().zip(ends) {
                let Some(state) = change.state else { continue };
                let (class, ..) = look(state, change.newer, BAND_HEIGHT);
                counts[piece(change.at_ms, tip_ms)][class] += 1;
                counts[piece(end_ms, tip_ms)][class] -= 1;
            }
        }
        let all = i32::try_from(group.len()).unwrap_or(i32::MAX).max(1);
        let mut present = [0_i32; CLASSES.len()];
        let mut start = 0;
        for piece in 0..BAND_PIECES {
            for (count, change) in present.iter_mut().zip(counts[piece]) {
                *count += change;
            }
            // Pieces that look the same are drawn as one.
            if piece + 1 < BAND_PIECES && counts[piece + 1].iter().all(|change| *change == 0) {
                continue;
            }
            let (from, to) = (start * WIDTH / BAND_PIECES as u64, (piece as u64 + 1) * WIDTH / BAND_PIECES as u64);
            start = piece as u64 + 1;
            let mut bottom = top + BAND_HEIGHT;
            for class in ORDER {
                let high = u32::try_from(i64::from(present[class].max(0)) * i64::from(BAND_HEIGHT) / i64::from(all)).unwrap_or_default();
                // A single pod among a thousand can still be seen.
                let high = if present[class] > 0 { high.max(1) } else { 0 }.min(bottom - top);
                if high > 0 {
                    bottom -= high;
                    rectangle(&mut paths[class], from, to - from, bottom, high);
                }
            }
        }
        let name = group.first().map_or("", |strip| if strip.owner.is_empty() { &strip.namespace } else { &strip.owner });
        rows.push(Row { name: name.to_owned(), pods: group.len(), top, height: BAND_HEIGHT });
        top += BAND_HEIGHT + 2 * GAP;
    }
    (rows, top)
}

fn piece(at_ms: Ms, tip_ms: Ms) -> usize {
    usize::try_from(at_ms.min(tip_ms) * BAND_PIECES as u64 / tip_ms).unwrap_or(BAND_PIECES)
}

fn rectangle(path: &mut String, x: u64, width: u64, y: u32, height: u32) {
    // Writing into a string cannot fail.
    let _ = write!(path, "M{x} {y}h{width}v{height}h-{width}z");
}

fn marks(film: &Film, tip_ms: Ms) -> Vec<Paint> {
    let mut marks = Vec::new();
    for (kind, class, top, height) in
        [(MarkKind::Event, "event", 6, 4), (MarkKind::Warning, "warning", 2, 8), (MarkKind::Rollout, "rollout", 0, 10)]
    {
        let mut path = String::new();
        let mut last = None;
        for mark in film.marks.iter().filter(|mark| mark.kind == kind) {
            let x = across(mark.at_ms, tip_ms);
            // What falls on the same spot is drawn once.
            if last.is_none_or(|last| x > last + WIDTH / 2_000) {
                rectangle(&mut path, x, WIDTH / 500, top, height);
                last = Some(x);
            }
        }
        if !path.is_empty() {
            marks.push(Paint { class, path });
        }
    }
    marks
}

/// Round times across the history.
fn ticks(tip_ms: Ms, zoom: u64) -> Vec<Tick> {
    const STEPS_S: [u64; 16] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400, 604_800];
    let wanted_ms = tip_ms / (TICKS * zoom.max(1));
    let step_ms = STEPS_S.iter().map(|step| step * 1_000).find(|step_ms| *step_ms >= wanted_ms).unwrap_or(tip_ms.max(1));
    let times = (0..).map(|index| index * step_ms).take_while(|at_ms| *at_ms <= tip_ms).take(1_000);
    times.map(|at_ms| Tick { x: across(at_ms, tip_ms), words: super::clock::time_of(at_ms) }).collect()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use expect_test::{Expect, expect};
    use statefulset_engine::settings::Settings;

    use super::*;
    use crate::state::acts::Act;
    use crate::state::examples::EXAMPLES;
    use crate::state::sandbox::Sandbox;

    /// Letters for the classes, in their order.
    const LETTERS: &str = ".pcnrRtfs?";
    /// How many letters wide a picture is.
    const ACROSS: u64 = 64;

    fn sandbox(replicas: usize) -> Sandbox {
        let manifest = EXAMPLES[0].text.replace("my-gfs-storageclass", "standard");
        let manifest = manifest.replace("replicas: 3", &format!("replicas: {replicas}\n  podManagementPolicy: Parallel"));
        let mut sandbox = Sandbox::new(Settings::default());
        sandbox.act(Act::Run { files: vec![("web.yaml".into(), manifest)], line: "kubectl apply -f web.yaml".into(), typed: true });
        sandbox
    }

    fn run(sandbox: &mut Sandbox, line: &str) {
        sandbox.act(Act::Run { files: Vec::new(), line: line.into(), typed: true });
    }

    fn go_on(sandbox: &mut Sandbox, by_ms: Ms) {
        let at_ms = sandbox.now_ms() + by_ms;
        assert!(sandbox.advance_to(at_ms, || true));
    }

    /// The rectangles of a path, as left, top, width and height.
    fn rectangles(path: &str) -> Vec<[u64; 4]> {
        let numbers = |piece: &str| -> Vec<u64> { piece.split(['M', ' ', 'h', 'v', '-', 'z']).filter_map(|n| n.parse().ok()).collect() };
        path.split_inclusive('z').map(numbers).map(|n| [n[0], n[1], n[2], n[3]]).collect()
    }

    /// A layout in letters: four lines a row, so that the height of a state can be seen.
    fn picture(layout: &Layout) -> String {
        let mut text = String::new();
        for row in &layout.rows {
            text += &format!("{}{}\n", row.name, if row.pods > 1 { format!(" and others, {} pods", row.pods) } else { String::new() });
            for line in 0..4 {
                let y = u64::from(row.top) + u64::from(row.height) * (2 * line + 1) / 8;
                let letter = |slot: u64| {
                    let x = WIDTH * (2 * slot + 1) / (2 * ACROSS);
                    let hits = |path: &str| {
                        rectangles(path)
                            .iter()
                            .any(|[left, top, wide, high]| (*left..left + wide).contains(&x) && (*top..top + high).contains(&y))
                    };
                    let class =
                        layout.paints.iter().rev().find(|paint| paint.class != "none" && hits(&paint.path)).map(|paint| paint.class);
                    let place = class.and_then(|class| CLASSES.iter().position(|known| *known == class));
                    place.and_then(|place| LETTERS.chars().nth(place)).unwrap_or('.')
                };
                let letters: String = (0..ACROSS).map(letter).collect();
                text += &format!("  {}\n", letters.trim_end_matches('.'));
            }
        }
        let marks = layout.marks.iter().map(|mark| format!("{} {}", rectangles(&mark.path).len(), mark.class));
        text + &marks.collect::<Vec<_>>().join(", ") + "\n"
    }

    fn check(sandbox: &Sandbox, expected: &Expect) {
        expected.assert_eq(&picture(&Layout::of(&Film::of(sandbox), 1)));
    }

    #[test]
    fn strips_of_three_pods_in_a_rollout() {
        let mut sandbox = sandbox(3);
        go_on(&mut sandbox, 10_000);
        run(&mut sandbox, "kubectl set image sts web nginx=nginx:1.27");
        go_on(&mut sandbox, 20_000);
        check(
            &sandbox,
            &expect![[r#"
            web-0
              .....rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrtt......rrrrrrrrrrrrrrrrrrrr
              .....rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrtt......rrrrrrrrrrrrrrrrrrrr
              cccccrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr..ccccccrrrrrrrrrrrrrrrrrrrr
              cccccrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr..ccccccrrrrrrrrrrrrrrrrrrrr
            web-1
              .....rrrrrrrrrrrrrrrrrrrrrrrrt......RRRRRRRRrrrrrrrrrrrrrrrrrrrr
              .....rrrrrrrrrrrrrrrrrrrrrrrrt......RRRRRRRRrrrrrrrrrrrrrrrrrrrr
              cccccrrrrrrrrrrrrrrrrrrrrrrrr.ccccccRRRRRRRRrrrrrrrrrrrrrrrrrrrr
              cccccrrrrrrrrrrrrrrrrrrrrrrrr.ccccccRRRRRRRRrrrrrrrrrrrrrrrrrrrr
            web-2
              .....rrrrrrrrrrrrrrrrtt......RRRRRRRRRRRRRRRrrrrrrrrrrrrrrrrrrrr
              .....rrrrrrrrrrrrrrrrtt......RRRRRRRRRRRRRRRrrrrrrrrrrrrrrrrrrrr
              cccccrrrrrrrrrrrrrrrr..ccccccRRRRRRRRRRRRRRRrrrrrrrrrrrrrrrrrrrr
              cccccrrrrrrrrrrrrrrrr..ccccccRRRRRRRRRRRRRRRrrrrrrrrrrrrrrrrrrrr
            14 event, 2 warning, 1 rollout
        "#]],
        );
        // Once all pods have the new revision it is the only one, and looks like one.
        go_on(&mut sandbox, 60_000);
        check(
            &sandbox,
            &expect![[r#"
            web-0
              ..rrrrrrrrrrt..rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
              ..rrrrrrrrrrt..rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
              ccrrrrrrrrrr.ccrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
              ccrrrrrrrrrr.ccrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
            web-1
              ..rrrrrrrr..RRRrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
              ..rrrrrrrr..RRRrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
              ccrrrrrrrrccRRRrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
              ccrrrrrrrrccRRRrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
            web-2
              ..rrrrrt..RRRRRrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
              ..rrrrrt..RRRRRrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
              ccrrrrr.ccRRRRRrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
              ccrrrrr.ccRRRRRrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
            14 event, 2 warning, 1 rollout
        "#]],
        );
    }

    #[test]
    fn a_thousand_pods_are_one_band() {
        let mut sandbox = sandbox(1_000);
        go_on(&mut sandbox, 300_000);
        run(&mut sandbox, "kubectl delete pod --all --wait=false");
        go_on(&mut sandbox, 100_000);
        check(
            &sandbox,
            &expect![[r#"
            web and others, 1000 pods
              ...............pppppppppppppppppppppcrrrrrrrrrrr.......rrrrrrrrr
              .............pppppppppppppppppcrrrrrrrrrrrrrrrrrt....rrrrrrrrrrr
              .......pppppppppppppcrrrrrrrrrrrrrrrrrrrrrrrrrrrr..rrrrrrrrrrrrr
              ..ppppcrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
            101 event
        "#]],
        );
    }
}
