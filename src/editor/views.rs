//! The three views of a manifest: what the person wrote, what the cluster has of it, what Apply would change.
//! It must not know what is in a view.

use yew::prelude::*;

use super::desk::{Deed, View};
use crate::app::Action;
use crate::locale::tr;

/// Properties of [`Views`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct ViewsProps {
    /// The view that is shown.
    pub view: View,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The views: role, view, text.
const VIEWS: [(&str, View, &str); 3] = [
    ("view-written", View::Written, "editor.view.written"),
    ("view-live", View::Live, "editor.view.live"),
    ("view-changes", View::Changes, "editor.view.changes"),
];

/// The buttons that choose a view.
#[component]
pub(super) fn Views(props: &ViewsProps) -> Html {
    let button = |(role, view, key): (&'static str, View, &'static str)| {
        let dispatch = props.dispatch.clone();
        let choose = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Desk(Deed::Show(view))));
        html! {
            <button class="segment" type="button" data-role={role} aria-pressed={(props.view == view).to_string()} onclick={choose}>
                { tr(key, &[]) }
            </button>
        }
    };
    html! {
        <div class="segments editor__views" role="group" aria-label={tr("editor.views", &[])}>
            { for VIEWS.into_iter().map(button) }
        </div>
    }
}
