//! What must hold for every text, however broken: nothing panics, every place lies in the text, a remembered document gives what
//! a fresh one gives, and formatting never changes what a text means. Used by the fuzz target and by the engine's own tests.

use statefulset_engine::assist::{Known, complete, format, hover};
use statefulset_engine::cluster::World;
use statefulset_engine::manifest::{Problem, Range, parse};
use statefulset_engine::review::{Reviewer, Surroundings};
use statefulset_engine::settings::Settings;

thread_local! {
    static WORLD: World = World::fresh(Settings::default());
}

/// Puts a text through the editor's hands.
pub fn exercise(text: &str) {
    WORLD.with(|world| {
        let around = Surroundings { store: &world.store, namespace: "default", epoch: world.settings.epoch };
        let mut reviewer = Reviewer::default();
        let problems = reviewer.review(text, Some(around));
        in_place(text, &problems);
        // A key press in the middle, and back again.
        let middle = (text.len() / 2..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let changed = format!("{}\n{}", &text[..middle], &text[middle..]);
        in_place(&changed, &reviewer.review(&changed, Some(around)));
        assert_eq!(reviewer.review(text, Some(around)), problems, "a remembered document is read as a fresh one: {text:?}");
        for at in [0, middle, text.len()] {
            let found = complete(text, at, &Known::default());
            assert!(found.from <= text.len() && text.is_char_boundary(found.from), "{text:?}");
            if let Some(found) = hover(text, at) {
                assert!(text.get(found.from..found.to).is_some(), "{text:?}");
            }
        }
        if let Some(formatted) = format(text) {
            let values = |text: &str| parse(text).documents.into_iter().map(|document| document.value).collect::<Vec<_>>();
            assert_eq!(values(text), values(&formatted), "{text:?}");
        }
    });
}

fn in_place(text: &str, problems: &[Problem]) {
    let inside = |range: Range, code: &str| {
        assert!(text.get(range.start.byte..range.end.byte).is_some(), "{code}: {range:?} in {text:?}");
        let line = text[..range.start.byte].matches('\n').count() + 1;
        assert_eq!(range.start.line, line, "{code}: {range:?} in {text:?}");
    };
    for problem in problems {
        inside(problem.range, problem.code);
        if let Some(fix) = &problem.fix {
            inside(fix.range, problem.code);
        }
    }
}
