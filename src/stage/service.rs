//! A Service with what it answers, and its EndpointSlice where that is not drawn in columns.
//! It must not know pods.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use yew::prelude::*;

use super::gesture;
use super::scene::ServiceCard;
use crate::app::Action;
use crate::locale::{tr, tr_count};

/// Names of pods that are left out; more are counted.
const NAMES_MAX: usize = 3;

/// Properties of [`Service`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct ServiceProps {
    /// The Service.
    pub service: Rc<ServiceCard>,
    /// Whether its endpoints are listed beside it.
    #[prop_or(true)]
    pub lists: bool,
    /// Whether it was chosen.
    #[prop_or_default]
    pub chosen: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// A Service.
#[component]
pub(super) fn Service(props: &ServiceProps) -> Html {
    let service = &props.service;
    let kind = if service.headless { tr("stage.headless", &[]).into() } else { service.cluster_ip.clone() };
    let choose = gesture::choose(&props.dispatch, Kind::Service, &service.namespace, &service.name, props.chosen);
    html! {
        <div class="service-line">
            <p
                class={classes!("service", service.governing.then_some("service--governing"), props.chosen.then_some("is-chosen"))}
                data-kind="Service"
                data-name={service.name.shared()}
                data-namespace={service.namespace.shared()}
                data-phase=""
                data-ready={(service.ready > 0).to_string()}
                data-revision=""
                data-uid={service.uid.shared()}
                data-endpoints={service.ready.to_string()}
            >
                <button class="choose service__name" type="button" data-role="choose" aria-pressed={props.chosen.to_string()} onclick={choose}>
                    { tr("stage.service", &[("name", &service.name)]) }
                </button>
                <span class="service__kind">{ kind.shared() }</span>
            </p>
            <p class="service__answers">{ answers(service) }</p>
            if props.lists && !service.endpoints.is_empty() {
                <ul class="endpoints" aria-label={tr("stage.endpoints", &[("name", &service.name)])}>
                    { for service.endpoints.iter().map(|mark| html! {
                        <li class={classes!("endpoint", format!("endpoint--{}", mark.state()))} key={&*mark.address} title={mark.pod.shared()} data-endpoint={mark.address.shared()}>
                            { mark.address.clone() }
                            { " " }
                            <span class="endpoint__word">{ tr(&format!("stage.endpoint.{}", mark.state()), &[]) }</span>
                        </li>
                    }) }
                    if service.endpoints_all > service.endpoints.len() {
                        <li class="endpoint endpoint--more">{ format!("+{}", service.endpoints_all - service.endpoints.len()) }</li>
                    }
                </ul>
            }
        </div>
    }
}

/// What the Service answers, and whom it leaves out.
fn answers(service: &ServiceCard) -> String {
    let mut text = if service.ready == 0 {
        tr("stage.service-silent", &[("name", &service.name)])
    } else {
        tr_count("stage.service-answers", service.ready as u64, &[("name", &service.name)])
    };
    if !service.left_out.is_empty() {
        let mut names: Vec<String> = service.left_out.iter().take(NAMES_MAX).map(ToString::to_string).collect();
        if let Some(more) = service.left_out.len().checked_sub(NAMES_MAX).filter(|more| *more > 0) {
            names.push(format!("+{more}"));
        }
        text.push(' ');
        text.push_str(&tr_count("stage.service-left-out", service.left_out.len() as u64, &[("names", &names.join(", "))]));
    }
    text
}
