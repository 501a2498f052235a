//! What belongs to no set: plain pods, Services without one, claims that are left over.
//! It must not know sets.

use std::rc::Rc;

use yew::prelude::*;

use super::claim::Claim;
use super::pod::Pod;
use super::scene::Scene;
use super::service::Service;
use crate::app::Action;
use crate::locale::tr;

/// Properties of [`Others`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct OthersProps {
    /// What is on the stage.
    pub scene: Rc<Scene>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The rest of the stage.
#[component]
pub(super) fn Others(props: &OthersProps) -> Html {
    let scene = &props.scene;
    html! {
        <section class="set set--others" aria-label={tr("stage.others", &[])}>
            <header class="set__head"><h3 class="set__name">{ tr("stage.others", &[]) }</h3></header>
            <div class="services">
                { for scene.services.iter().map(|service| html! { <Service key={service.uid.clone()} service={service.clone()} /> }) }
            </div>
            <ul class="columns__row columns__row--wrap" hidden={scene.pods.is_empty()}>
                { for scene.pods.iter().map(|pod| html! {
                    <li class="column" key={pod.uid.clone()}>
                        <Pod pod={pod.clone()} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} />
                    </li>
                }) }
            </ul>
            <ul class="columns__row columns__row--wrap" hidden={scene.claims.is_empty()}>
                { for scene.claims.iter().map(|claim| html! {
                    <li class="column" key={claim.uid.clone()}><Claim claim={claim.clone()} wired=false /></li>
                }) }
            </ul>
        </section>
    }
}
