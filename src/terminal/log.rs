//! The terminal's log. It stays at its end while new output comes, unless its reader has scrolled up.
//! It must not know how commands are typed.

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::locale::tr;
use crate::state::jobs::JobView;

/// So close to the end counts as being there.
const NEAR_PX: i32 = 48;

/// Properties of [`Log`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct LogProps {
    /// The commands and what they printed, oldest first.
    pub jobs: Rc<[Rc<JobView>]>,
    /// Whether time goes by.
    pub playing: bool,
}

/// The log.
#[component]
pub(super) fn Log(props: &LogProps) -> Html {
    let node = use_node_ref();
    let at_end = use_mut_ref(|| true);
    {
        let (node, at_end) = (node.clone(), at_end.clone());
        use_effect_with(props.jobs.clone(), move |_| {
            if let Some(element) = node.cast::<HtmlElement>()
                && *at_end.borrow()
            {
                element.set_scroll_top(element.scroll_height());
            }
        });
    }
    let scrolled = {
        let node = node.clone();
        Callback::from(move |_: Event| {
            if let Some(element) = node.cast::<HtmlElement>() {
                *at_end.borrow_mut() = element.scroll_height() - element.scroll_top() - element.client_height() < NEAR_PX;
            }
        })
    };
    html! {
        <div class="terminal__log" ref={node} role="log" tabindex="0" aria-label={tr("terminal.log", &[])} onscroll={scrolled}>
            if props.jobs.is_empty() {
                <p class="terminal__hint">{ tr("terminal.empty", &[]) }</p>
            }
            { for props.jobs.iter().map(|job| html! { <JobOutput key={job.id} job={job.clone()} playing={props.playing} /> }) }
        </div>
    }
}

/// Properties of [`JobOutput`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct JobOutputProps {
    /// The command and what it printed.
    pub job: Rc<JobView>,
    /// Whether time goes by.
    pub playing: bool,
}

/// One command and what it printed.
#[component]
fn JobOutput(props: &JobOutputProps) -> Html {
    let job = &props.job;
    html! {
        <div class="job">
            <p class="job__line"><span class="job__prompt" aria-hidden="true">{ "$ " }</span>{ &job.line }</p>
            if !job.out.is_empty() {
                <pre class="job__out">{ job.out.trim_end_matches('\n') }</pre>
            }
            if !job.err.is_empty() {
                <pre class="job__err">{ job.err.trim_end_matches('\n') }</pre>
            }
            if job.exit.is_none() {
                <p class="job__running">{ if props.playing { tr("terminal.running", &[]) } else { tr("terminal.stands-still", &[]) } }</p>
            }
        </div>
    }
}
