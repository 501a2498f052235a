//! What Apply would change: a sentence for each set, and the difference of every object. All of it comes from a copy of the
//! cluster in which it was tried. It must not know how.

use std::rc::Rc;

use statefulset_engine::review::{Fate, Plan, PlannedDiff};
use yew::prelude::*;

use crate::locale::{tr, tr_count};

/// Pods named one by one; more are told by their ends.
const NAMED_MAX: usize = 4;

/// Properties of [`Changes`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct ChangesProps {
    /// What Apply would do.
    pub plan: Rc<Plan>,
}

/// The view.
#[component]
pub(super) fn Changes(props: &ChangesProps) -> Html {
    let plan = &props.plan;
    let nothing = plan.errors.is_empty() && plan.diffs.iter().all(|diff| diff.lines.is_empty());
    html! {
        <div class="view" data-role="changes" tabindex="0" role="region" aria-label={tr("editor.view.changes", &[])}>
            if !plan.errors.is_empty() {
                <p class="view__fate view__fate--bad">{ tr("editor.plan-refused", &[]) }</p>
                <pre class="problems__words">{ plan.errors.trim_end().to_owned() }</pre>
            }
            if nothing {
                <p class="view__fate" data-role="plan">{ tr("editor.plan-nothing", &[]) }</p>
            } else {
                { for plan.fates.iter().map(|fate| html! { <p class="view__fate" data-role="plan">{ sentence(fate) }</p> }) }
            }
            { for plan.diffs.iter().map(diff) }
        </div>
    }
}

fn diff(diff: &PlannedDiff) -> Html {
    let title = format!("{}/{}", diff.kind, diff.name);
    let note = match (diff.exists, diff.lines.is_empty()) {
        (_, true) => "editor.plan-unchanged",
        (true, false) => "editor.plan-changed",
        (false, false) => "editor.plan-created",
    };
    let run = |run: &[(char, String)]| {
        let mark = run.first().map_or(' ', |(mark, _)| *mark);
        let text: String =
            run.iter().map(|(mark, line)| if *mark == '@' { "⋯\n".to_owned() } else { format!("{mark} {line}\n") }).collect();
        let class = match mark {
            '+' => "view__lines view__lines--plus",
            '-' => "view__lines view__lines--minus",
            _ => "view__lines",
        };
        html! { <pre {class}>{ text }</pre> }
    };
    let runs = diff.lines.chunk_by(|one, other| one.0 == other.0).skip_while(|run| run[0].0 == '@');
    html! {
        <section class="view__object" key={title.clone()} data-object={title.clone()}>
            <h3 class="view__title">{ &title }<span class="view__note">{ tr(note, &[]) }</span></h3>
            if !diff.lines.is_empty() {
                <div class="view__code">{ for runs.map(run) }</div>
            }
        </section>
    }
}

/// What becomes of a set's pods, in one sentence: `web-4, then web-3 will be replaced; web-0 to web-2 stay.`
fn sentence(fate: &Fate) -> String {
    let mut parts = Vec::new();
    let mut part = |key: &str, pods: &[String], in_order: bool| {
        if !pods.is_empty() {
            let names = if in_order { one_by_one(pods) } else { together(pods) };
            parts.push(tr_count(key, pods.len() as u64, &[("pods", &names)]));
        }
    };
    part("editor.plan-replaced", &fate.replaced, true);
    part("editor.plan-removed", &fate.removed, true);
    part("editor.plan-started", &fate.created, true);
    part("editor.plan-stays", &fate.stay, false);
    if parts.is_empty() {
        parts.push(tr("editor.plan-no-pods", &[("set", &fate.set)]));
    }
    let all = parts.into_iter().reduce(|first, second| tr("editor.plan-and", &[("first", &first), ("second", &second)]));
    let mut text = tr("editor.plan-set", &[("parts", &all.unwrap_or_default())]);
    if let Some(pod) = &fate.stuck_at {
        text.push(' ');
        text.push_str(&tr("editor.plan-stuck", &[("pod", pod)]));
    } else if fate.unfinished {
        text.push(' ');
        text.push_str(&tr("editor.plan-unfinished", &[]));
    }
    text
}

/// Names in the order in which something happens to them.
fn one_by_one(pods: &[String]) -> String {
    let then = |first: &str, second: &str| tr("editor.plan-then", &[("first", first), ("second", second)]);
    match pods {
        [one] => one.clone(),
        [first, .., last] if pods.len() > NAMED_MAX => tr("editor.plan-in-turn", &[("first", first), ("last", last)]),
        [first, rest @ ..] => rest.iter().fold(first.clone(), |all, next| then(&all, next)),
        [] => String::new(),
    }
}

/// Names of pods that nothing happens to: runs of ordinals by their ends.
fn together(pods: &[String]) -> String {
    let ordinal = |name: &str| name.rsplit('-').next().and_then(|ordinal| ordinal.parse::<u64>().ok());
    let follows = |one: &String, other: &String| ordinal(one).zip(ordinal(other)).is_some_and(|(one, other)| one + 1 == other);
    let runs = pods.chunk_by(follows).flat_map(|run| match run {
        [first, _, .., last] => vec![tr("editor.plan-range", &[("first", first), ("last", last)])],
        few => few.to_vec(),
    });
    runs.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pods(ordinals: &[u32]) -> Vec<String> {
        ordinals.iter().map(|ordinal| format!("web-{ordinal}")).collect()
    }

    #[test]
    fn a_fate_is_one_sentence() {
        let update = Fate { set: "web".into(), replaced: pods(&[4, 3]), stay: pods(&[0, 1, 2]), ..Fate::default() };
        assert_eq!(sentence(&update), "web-4, then web-3 will be replaced; web-0 to web-2 stay.");
        let grow = Fate { set: "web".into(), created: pods(&[2]), stay: pods(&[0, 1]), ..Fate::default() };
        assert_eq!(sentence(&grow), "web-2 will be started; web-0, web-1 stay.");
        let big = Fate { set: "web".into(), removed: pods(&[9, 8, 7, 6, 5]), ..Fate::default() };
        assert_eq!(sentence(&big), "web-9 down to web-5, one after the other, will be removed.");
        let stuck = Fate { set: "web".into(), replaced: pods(&[1]), stay: pods(&[0]), stuck_at: Some("web-1".into()), ..Fate::default() };
        assert!(sentence(&stuck).ends_with("web-1 will not become ready, so it goes no further."), "{}", sentence(&stuck));
    }
}
