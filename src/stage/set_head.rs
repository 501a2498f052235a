//! The head of a StatefulSet: name, how many of how many are ready, its ways, and how many pods are wanted.
//! It must not know columns.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::scene::SetScene;
use crate::app::Action;
use crate::locale::tr;
use crate::state::command::{Command, Target};

/// Properties of [`SetHead`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct SetHeadProps {
    /// The set.
    pub set: Rc<SetScene>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The head.
#[component]
pub(super) fn SetHead(props: &SetHeadProps) -> Html {
    let set = &props.set;
    let target = Target::new(&set.namespace, &set.name, &props.namespace);
    let scale = {
        let (dispatch, present) = (props.dispatch.clone(), set.replicas);
        Callback::from(move |replicas: i64| {
            if replicas != present {
                dispatch.emit(Action::Run(Command::scale(&target, replicas)));
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
        let (scale, replicas) = (scale.clone(), set.replicas);
        Callback::from(move |_: MouseEvent| scale.emit(replicas.saturating_add(step)))
    };
    let id = format!("replicas-{}-{}", set.namespace, set.name);
    html! {
        <header class="set__head">
            <h3 class="set__name">
                <span class="set__kind">{ "StatefulSet" }</span>
                { " " }{ &set.name }
            </h3>
            if set.namespace != *props.namespace { <span class="tag">{ &set.namespace }</span> }
            if set.parallel { <span class="tag">{ "Parallel" }</span> }
            if set.on_delete { <span class="tag">{ "OnDelete" }</span> }
            if set.deleted { <span class="tag tag--bad">{ tr("stage.deleted", &[]) }</span> }
            <p class="set__ready" hidden={set.deleted}>
                { tr("stage.ready", &[("ready", &set.ready_replicas.to_string()), ("all", &set.replicas.to_string())]) }
            </p>
            <div class="replicas" hidden={set.deleted}>
                <label class="replicas__label" for={id.clone()}>{ tr("stage.replicas", &[]) }</label>
                <button class="replicas__button" type="button" disabled={set.replicas <= 0}
                    aria-label={tr("stage.fewer", &[("name", &set.name)])} onclick={by(-1)}>{ "−" }</button>
                <input
                    class="replicas__input"
                    {id}
                    data-role="replicas"
                    type="number"
                    min="0"
                    inputmode="numeric"
                    value={set.replicas.to_string()}
                    onchange={typed}
                />
                <button class="replicas__button" type="button"
                    aria-label={tr("stage.more", &[("name", &set.name)])} onclick={by(1)}>{ "+" }</button>
            </div>
        </header>
    }
}
