//! The stage of a cluster in which nothing runs yet: invites to begin.
//! It must not know manifests.

use yew::prelude::*;

use crate::app::Action;
use crate::chrome::panes::Pane;
use crate::locale::tr;

/// Properties of [`Empty`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct EmptyProps {
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The empty stage.
#[component]
pub(super) fn Empty(props: &EmptyProps) -> Html {
    let send = |action: Action| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    let ghost = |x: u32| {
        let x_at = |offset: u32| (x + offset).to_string();
        html! {
            <g>
                <rect class="ghost" x={x_at(0)} y="4" width="84" height="64" rx="9" />
                <path class="ghost" d={format!("M{} 68 V92", x + 42)} />
                <rect class="ghost" x={x_at(8)} y="92" width="68" height="24" rx="6" />
            </g>
        }
    };
    html! {
        <div class="empty">
            <svg class="empty__picture" viewBox="0 0 300 120" aria-hidden="true">{ ghost(2) }{ ghost(108) }{ ghost(214) }</svg>
            <h3 class="empty__title">{ tr("stage.empty-title", &[]) }</h3>
            <p class="empty__text">{ tr("stage.empty-text", &[]) }</p>
            <div class="empty__buttons">
                <button class="button button--accent button--large" type="button" onclick={send(Action::Apply)}>{ tr("stage.empty-apply", &[]) }</button>
                <button class="button button--large empty__look" type="button" onclick={send(Action::Pane(Pane::Editor))}>
                    { tr("stage.empty-look", &[]) }
                </button>
            </div>
        </div>
    }
}
