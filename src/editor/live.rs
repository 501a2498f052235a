//! The live objects of a manifest, as `kubectl get -o yaml` prints them: what the server added is marked, bookkeeping is folded.
//! It must not know where a line comes from, only how each origin looks.

use std::rc::Rc;

use statefulset_engine::review::{LiveLine, Origin};
use yew::prelude::*;

use super::desk::LiveObject;
use crate::locale::tr;

/// Properties of [`Live`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct LiveProps {
    /// The objects.
    pub objects: Rc<Vec<LiveObject>>,
}

/// The view.
#[component]
pub(super) fn Live(props: &LiveProps) -> Html {
    if props.objects.is_empty() {
        return html! { <div class="view" data-role="live"><p class="view__none">{ tr("editor.live-none", &[]) }</p></div> };
    }
    html! {
        <div class="view" data-role="live" tabindex="0" role="region" aria-label={tr("editor.view.live", &[])}>
            <p class="view__legend">
                <span class="view__key view__key--added">{ tr("editor.live-added", &[]) }</span>
                <span class="view__key view__key--differs">{ tr("editor.live-differs", &[]) }</span>
            </p>
            { for props.objects.iter().map(object) }
        </div>
    }
}

fn object(object: &LiveObject) -> Html {
    html! {
        <section class="view__object" key={object.name.clone()} data-object={object.name.clone()}>
            <h3 class="view__title">{ &object.name }</h3>
            if object.lines.is_empty() {
                <p class="view__none">{ tr("editor.live-absent", &[]) }</p>
            } else {
                { blocks(&object.lines) }
            }
        </section>
    }
}

/// Runs of lines of one origin; bookkeeping is folded.
fn blocks(lines: &[LiveLine]) -> Html {
    let runs = lines.chunk_by(|one, other| one.origin == other.origin);
    let run = |run: &[LiveLine]| {
        let text: String = run.iter().map(|line| format!("{}\n", line.text)).collect();
        match run.first().map_or(Origin::Written, |line| line.origin) {
            Origin::Written => html! { <pre class="view__lines">{ text }</pre> },
            Origin::Added => html! { <pre class="view__lines view__lines--added" data-origin="added">{ text }</pre> },
            Origin::Differs => html! { <pre class="view__lines view__lines--differs" data-origin="differs">{ text }</pre> },
            Origin::Managed => html! {
                <details class="view__folded" data-origin="managed">
                    <summary>{ tr("editor.live-managed", &[("count", &run.len().to_string())]) }</summary>
                    <pre class="view__lines view__lines--added">{ text }</pre>
                </details>
            },
        }
    };
    html! { <div class="view__code">{ for runs.map(run) }</div> }
}
