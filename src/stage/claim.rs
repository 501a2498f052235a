//! A claim with the wire above it and the volume below it.
//! It must not know columns.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use yew::prelude::*;

use super::entrance::{Entrance, use_entrance};
use super::gesture;
use super::scene::ClaimCard;
use super::shapes::disk;
use crate::app::Action;
use crate::locale::tr;

/// Properties of [`Claim`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct ClaimProps {
    /// The claim.
    pub claim: Rc<ClaimCard>,
    /// Whether it hangs from a pod's slot by a wire.
    pub wired: bool,
    /// How the pod in that slot came: for another pod the wire connects anew.
    #[prop_or_default]
    pub entrance: Entrance,
    /// Whether a pointer passes over moments.
    #[prop_or_default]
    pub passes: bool,
    /// Whether it was chosen.
    #[prop_or_default]
    pub chosen: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// A claim and its volume.
#[component]
pub(super) fn Claim(props: &ClaimProps) -> Html {
    let claim = &props.claim;
    let volume = use_entrance(claim.volume.clone(), props.passes, true);
    let bound = claim.phase == "Bound";
    let live = claim.used && bound;
    let word = if claim.terminating {
        tr("stage.claim-terminating", &[])
    } else if bound && !claim.used {
        tr("stage.claim-kept", &[])
    } else {
        claim.phase.to_owned()
    };
    let phase = claim.phase.to_ascii_lowercase();
    let choose = gesture::choose(&props.dispatch, Kind::PersistentVolumeClaim, &claim.namespace, &claim.name, props.chosen);
    html! {
        <div class={classes!("storage", format!("storage--{phase}"), claim.used.then_some("storage--used"))}>
            if props.wired {
                <span key={props.entrance.key} class={classes!("wire", live.then_some("wire--live"), props.entrance.class())} aria-hidden="true"></span>
            }
            <div
                class={classes!("claim", props.chosen.then_some("is-chosen"))}
                data-kind="PersistentVolumeClaim"
                data-name={claim.name.shared()}
                data-namespace={claim.namespace.shared()}
                data-phase={claim.phase}
                data-ready={bound.to_string()}
                data-revision=""
                data-uid={claim.uid.shared()}
                data-volume={claim.volume.shared()}
                onclick={choose.clone()}
            >
                <p class="claim__name">
                    <button class="choose" type="button" data-role="choose" aria-pressed={props.chosen.to_string()} onclick={choose}>{ claim.name.shared() }</button>
                </p>
                <p class="claim__facts">
                    <span class={classes!("claim__word", format!("claim__word--{phase}"))}>{ word }</span>
                    if !claim.size.is_empty() { { " · " }{ claim.size.clone() } }
                </p>
                if !bound && !claim.class.is_empty() {
                    <p class="claim__class" title={claim.class.shared()}>{ tr("stage.class", &[("name", &claim.class)]) }</p>
                }
            </div>
            <span class={classes!("wire", "wire--short", bound.then_some("wire--bound"))} aria-hidden="true"></span>
            if claim.volume.is_empty() {
                <p class="disk disk--none">{ tr("stage.no-volume", &[]) }</p>
            } else {
                <div
                    class={classes!("disk", volume.class())}
                    data-kind="PersistentVolume"
                    data-name={claim.volume.shared()}
                    data-phase={claim.volume_phase}
                    data-ready={(claim.volume_phase == "Bound").to_string()}
                    data-revision=""
                    title={claim.volume.shared()}
                >
                    { disk() }
                    <span class="disk__name">{ claim.volume_short().shared() }</span>
                </div>
            }
        </div>
    }
}
