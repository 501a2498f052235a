//! What belongs to nothing on the stage: plain pods, Services without pods of a set, claims that are left over.
//! It must not know sets.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use yew::prelude::*;

use super::claim::Claim;
use super::gesture::is_chosen;
use super::more;
use super::pod::Pod;
use super::scene::Scene;
use super::service::Service;
use crate::app::Action;
use crate::locale::tr;

/// Pods or claims that are drawn; more are counted.
const DRAWN_MAX: usize = 40;

/// Properties of [`Others`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct OthersProps {
    /// What is on the stage.
    pub scene: Rc<Scene>,
    /// The chosen object.
    pub chosen: Option<Key>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The rest of the stage.
#[component]
pub(super) fn Others(props: &OthersProps) -> Html {
    let scene = &props.scene;
    let chosen = |kind: Kind, namespace: &str, name: &str| is_chosen(props.chosen.as_ref(), kind, namespace, name);
    html! {
        <section class="set set--others" aria-label={tr("stage.others", &[])}>
            <header class="set__head"><h3 class="set__name">{ tr("stage.others", &[]) }</h3></header>
            <div class="services">
                { for scene.services.iter().map(|service| html! {
                    <Service
                        key={&*service.uid}
                        service={service.clone()}
                        chosen={chosen(Kind::Service, &service.namespace, &service.name)}
                        dispatch={props.dispatch.clone()}
                    />
                }) }
            </div>
            <ul class="columns__row columns__row--wrap" hidden={scene.pods.is_empty()}>
                { for scene.pods.iter().take(DRAWN_MAX).map(|pod| html! {
                    <li class="column" key={&*pod.uid}>
                        <Pod pod={pod.clone()} chosen={chosen(Kind::Pod, &pod.namespace, &pod.name)} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} />
                    </li>
                }).chain(more(scene.pods.len(), DRAWN_MAX)) }
            </ul>
            <ul class="columns__row columns__row--wrap" hidden={scene.claims.is_empty()}>
                { for scene.claims.iter().take(DRAWN_MAX).map(|claim| html! {
                    <li class="column" key={&*claim.uid}>
                        <Claim claim={claim.clone()} wired=false chosen={chosen(Kind::PersistentVolumeClaim, &claim.namespace, &claim.name)} dispatch={props.dispatch.clone()} />
                    </li>
                }).chain(more(scene.claims.len(), DRAWN_MAX)) }
            </ul>
        </section>
    }
}
