//! The stage: the cluster as columns, one for each identity, drawn from a [`scene`]. It must not know how the scene came
//! about, and decides nothing: a gesture becomes a command.

mod claim;
mod column;
mod empty;
mod others;
mod partition;
mod pod;
pub mod scene;
mod service;
mod set;
mod set_head;
mod shapes;
mod tile;

use std::rc::Rc;

use yew::prelude::*;

use crate::app::Action;
use empty::Empty;
use others::Others;
use scene::Scene;
use set::Set;

/// Properties of [`Stage`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StageProps {
    /// What to show.
    pub scene: Rc<Scene>,
    /// The terminal's namespace: commands name every other.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let scene = &props.scene;
    html! {
        <div class="stage" data-role="stage">
            if scene.is_empty() {
                <Empty dispatch={props.dispatch.clone()} />
            }
            { for scene.sets.iter().map(|set| html! {
                <Set key={format!("{}/{}", set.namespace, set.name)} set={set.clone()} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} />
            }) }
            if !(scene.pods.is_empty() && scene.claims.is_empty() && scene.services.is_empty()) {
                <Others scene={scene.clone()} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} />
            }
        </div>
    }
}
