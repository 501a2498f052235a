//! A Service with what it answers.
//! It must not know pods.

use std::rc::Rc;

use yew::prelude::*;

use super::scene::ServiceCard;
use crate::locale::{tr, tr_count};

/// Names of pods that are left out; more are counted.
const NAMES_MAX: usize = 3;

/// Properties of [`Service`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct ServiceProps {
    /// The Service.
    pub service: Rc<ServiceCard>,
}

/// A Service.
#[component]
pub(super) fn Service(props: &ServiceProps) -> Html {
    let service = &props.service;
    let kind = if service.headless { tr("stage.headless", &[]) } else { service.cluster_ip.clone() };
    html! {
        <div class="service-line">
            <p
                class={classes!("service", service.governing.then_some("service--governing"))}
                data-kind="Service"
                data-name={service.name.clone()}
                data-namespace={service.namespace.clone()}
                data-phase=""
                data-ready={(service.ready > 0).to_string()}
                data-revision=""
                data-uid={service.uid.clone()}
                data-endpoints={service.ready.to_string()}
            >
                <strong class="service__name">{ tr("stage.service", &[("name", &service.name)]) }</strong>
                <span class="service__kind">{ kind }</span>
            </p>
            <p class="service__answers">{ answers(service) }</p>
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
        let mut names: Vec<String> = service.left_out.iter().take(NAMES_MAX).cloned().collect();
        if let Some(more) = service.left_out.len().checked_sub(NAMES_MAX).filter(|more| *more > 0) {
            names.push(format!("+{more}"));
        }
        text.push(' ');
        text.push_str(&tr_count("stage.service-left-out", service.left_out.len() as u64, &[("names", &names.join(", "))]));
    }
    text
}
