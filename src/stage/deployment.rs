//! A Deployment beside the sets, for contrast: its pods have no identity, so they stand in no columns.
//! It must not know sets.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use yew::prelude::*;

use super::gesture::{self, is_chosen};
use super::more;
use super::pod::Pod;
use super::replicas::Replicas;
use super::scene::DeploymentScene;
use super::service::Service;
use crate::app::Action;
use crate::locale::tr;
use crate::state::command::Target;

/// Pods that are drawn; more are counted, because they are all alike.
const DRAWN_MAX: usize = 24;

/// Properties of [`Deployment`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct DeploymentProps {
    /// The Deployment.
    pub deployment: Rc<DeploymentScene>,
    /// The chosen object.
    pub chosen: Option<Key>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// A Deployment.
#[component]
pub(super) fn Deployment(props: &DeploymentProps) -> Html {
    let set = &props.deployment;
    let (kind, command_kind) = if set.kind == Kind::Deployment { ("Deployment", "deployment") } else { ("ReplicaSet", "rs") };
    let chosen = |kind: Kind, name: &str| is_chosen(props.chosen.as_ref(), kind, &set.namespace, name);
    let this = chosen(set.kind, &set.name);
    let more = more(set.pods.len(), DRAWN_MAX);
    html! {
        <section
            class="set set--deployment"
            data-kind={kind}
            data-name={set.name.shared()}
            data-namespace={set.namespace.shared()}
            data-phase={if set.deleted { "Terminating" } else { "" }}
            data-ready={(set.ready_replicas == set.replicas).to_string()}
            data-revision=""
            data-uid={set.uid.shared()}
            data-ready-replicas={set.ready_replicas.to_string()}
            data-replicas={set.replicas.to_string()}
            aria-label={format!("{kind} {}", set.name)}
        >
            <header class="set__head">
                <h3 class={classes!("set__name", this.then_some("is-chosen"))}>
                    <span class="set__kind">{ kind }</span>
                    { " " }
                    <button
                        class="choose"
                        type="button"
                        data-role="choose"
                        aria-pressed={this.to_string()}
                        onclick={gesture::choose(&props.dispatch, set.kind, &set.namespace, &set.name, this)}
                    >{ set.name.shared() }</button>
                </h3>
                if *set.namespace != *props.namespace { <span class="tag">{ set.namespace.shared() }</span> }
                if set.deleted { <span class="tag tag--bad">{ tr("stage.deleted", &[]) }</span> }
                if !set.deleted {
                    <p class="set__ready">{ tr("stage.ready", &[("ready", &set.ready_replicas.to_string()), ("all", &set.replicas.to_string())]) }</p>
                    <Replicas kind={command_kind} target={Target::new(&set.namespace, &set.name, &props.namespace)} replicas={set.replicas} dispatch={props.dispatch.clone()} />
                }
            </header>
            <p class="hint">{ tr("stage.deployment-hint", &[]) }</p>
            <div class="services">
                { for set.services.iter().map(|service| html! {
                    <Service key={&*service.uid} service={service.clone()} chosen={chosen(Kind::Service, &service.name)} dispatch={props.dispatch.clone()} />
                }) }
            </div>
            <ul class="columns__row columns__row--wrap">
                { for set.pods.iter().take(DRAWN_MAX).map(|pod| html! {
                    <li class="column" key={&*pod.uid}>
                        <Pod pod={pod.clone()} chosen={chosen(Kind::Pod, &pod.name)} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} />
                    </li>
                }).chain(more) }
            </ul>
        </section>
    }
}
