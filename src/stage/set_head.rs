//! The head of a StatefulSet: name, how many of how many are ready, its ways, and how many pods are wanted.
//! It must not know columns.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use yew::prelude::*;

use super::gesture;
use super::replicas::Replicas;
use super::scene::SetScene;
use crate::app::Action;
use crate::locale::tr;
use crate::state::command::Target;

/// Properties of [`SetHead`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct SetHeadProps {
    /// The set.
    pub set: Rc<SetScene>,
    /// Whether it was chosen.
    pub chosen: bool,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The head.
#[component]
pub(super) fn SetHead(props: &SetHeadProps) -> Html {
    let set = &props.set;
    let choose = gesture::choose(&props.dispatch, Kind::StatefulSet, &set.namespace, &set.name, props.chosen);
    html! {
        <header class="set__head">
            <h3 class={classes!("set__name", props.chosen.then_some("is-chosen"))}>
                <span class="set__kind">{ "StatefulSet" }</span>
                { " " }
                <button class="choose" type="button" data-role="choose" aria-pressed={props.chosen.to_string()} onclick={choose}>{ set.name.shared() }</button>
            </h3>
            if *set.namespace != *props.namespace { <span class="tag">{ set.namespace.shared() }</span> }
            if set.parallel { <span class="tag">{ "Parallel" }</span> }
            if set.on_delete { <span class="tag">{ "OnDelete" }</span> }
            if set.deleted { <span class="tag tag--bad">{ tr("stage.deleted", &[]) }</span> }
            if !set.deleted {
                <p class="set__ready">{ tr("stage.ready", &[("ready", &set.ready_replicas.to_string()), ("all", &set.replicas.to_string())]) }</p>
                <Replicas kind="sts" target={Target::new(&set.namespace, &set.name, &props.namespace)} replicas={set.replicas} dispatch={props.dispatch.clone()} />
            }
        </header>
    }
}
