//! How many pods are wanted, as a number between two buttons.
//! It must not know whose pods they are.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::Action;
use crate::locale::tr;
use crate::state::command::{Command, Target};

/// Properties of [`Replicas`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct ReplicasProps {
    /// The kind as kubectl takes it: `sts`.
    pub kind: &'static str,
    /// Whose replicas.
    pub target: Target,
    /// How many there are to be.
    pub replicas: i64,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The number and its buttons.
#[component]
pub(super) fn Replicas(props: &ReplicasProps) -> Html {
    let (kind, name) = (props.kind, &props.target.name);
    let scale = {
        let (dispatch, present, target) = (props.dispatch.clone(), props.replicas, props.target.clone());
        Callback::from(move |replicas: i64| {
            if replicas != present {
                dispatch.emit(Action::Run(Command::scale_kind(kind, &target, replicas)));
            }
        })
    };
    let typed = {
        let scale = scale.clone();
        Callback::from(move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            if let Some(replicas) = input.and_then(|input| input.value().parse().ok()) {
                scale.emit(replicas);
            }
        })
    };
    let by = |step: i64| {
        let (scale, replicas) = (scale.clone(), props.replicas);
        Callback::from(move |_: MouseEvent| scale.emit(replicas.saturating_add(step)))
    };
    let id = format!("replicas-{kind}-{}-{name}", props.target.namespace.as_deref().unwrap_or_default());
    html! {
        <div class="replicas">
            <label class="replicas__label" for={id.clone()}>{ tr("stage.replicas-label", &[]) }</label>
            <button class="replicas__button" type="button" data-role="fewer" disabled={props.replicas <= 0}
                aria-label={tr("stage.fewer", &[("name", name)])} onclick={by(-1)}>{ "−" }</button>
            <input
                class="replicas__input"
                {id}
                data-role="replicas-number"
                type="number"
                min="0"
                inputmode="numeric"
                value={props.replicas.to_string()}
                onchange={typed}
            />
            <button class="replicas__button" type="button" data-role="more"
                aria-label={tr("stage.more", &[("name", name)])} onclick={by(1)}>{ "+" }</button>
        </div>
    }
}
