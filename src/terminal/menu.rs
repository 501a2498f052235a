//! The menu of a completion: a list to choose from, beside the command line that keeps the focus.
//! It must not know how a choice is written into the line.

use statefulset_engine::complete::{Completion, What};
use web_sys::Element;
use yew::prelude::*;

use crate::locale::{tr, tr_count};

/// Properties of [`Menu`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct MenuProps {
    /// What may stand at the cursor.
    pub completion: Completion,
    /// Which candidate is chosen.
    pub chosen: usize,
    /// Takes a candidate.
    pub take: Callback<usize>,
}

/// The id of the list, for the command line to name.
pub(super) const MENU: &str = "terminal-menu";

/// The id of a candidate.
pub(super) fn option_id(index: usize) -> String {
    format!("{MENU}-{index}")
}

/// The menu.
#[component]
pub(super) fn Menu(props: &MenuProps) -> Html {
    let chosen = use_node_ref();
    {
        let chosen = chosen.clone();
        use_effect_with((props.chosen, props.completion.clone()), move |_| {
            if let Some(element) = chosen.cast::<Element>() {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                element.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    let row = |(index, candidate): (usize, &statefulset_engine::complete::Candidate)| {
        let is_chosen = index == props.chosen;
        let take = {
            let take = props.take.clone();
            // Before the focus goes to the list, which would close it.
            Callback::from(move |event: PointerEvent| {
                event.prevent_default();
                take.emit(index);
            })
        };
        html! {
            <li
                key={index}
                class="menu__row"
                ref={if is_chosen { chosen.clone() } else { NodeRef::default() }}
                id={option_id(index)}
                role="option"
                aria-selected={is_chosen.to_string()}
                onpointerdown={take}
            >
                <span class="menu__text">{ &candidate.text }</span>
                <span class="menu__note">{ &candidate.note }</span>
                <span class="menu__what">{ tr(what_key(candidate.what), &[]) }</span>
            </li>
        }
    };
    html! {
        <div class="menu">
            <ul class="menu__list" id={MENU} role="listbox" aria-label={tr("terminal.menu", &[])}>
                { for props.completion.candidates.iter().enumerate().map(row) }
            </ul>
            <p class="menu__more" hidden={props.completion.more == 0}>
                { tr_count("terminal.menu-more", props.completion.more as u64, &[]) }
            </p>
        </div>
    }
}

fn what_key(what: What) -> &'static str {
    match what {
        What::Command => "terminal.what-command",
        What::Flag => "terminal.what-flag",
        What::Value => "terminal.what-value",
        What::Resource => "terminal.what-kind",
        What::Object => "terminal.what-object",
        What::Container => "terminal.what-container",
        What::Program => "terminal.what-program",
        What::File => "terminal.what-file",
        What::Folder => "terminal.what-folder",
        What::Name => "terminal.what-name",
    }
}
