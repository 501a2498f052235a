//! The view for those who prefer to read: what is in the cluster as tables. The pods can be sorted by any column, and come
//! a page at a time. It must not know identities.

use std::cmp::Ordering;
use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use statefulset_engine::order;
use yew::prelude::*;

use super::gesture::{self, is_chosen};
use super::pod::{PodProps, choose_button, delete_button, word};
use super::scene::{ClaimCard, PodCard, PodState, Scene, ServiceCard};
use super::shapes::{revision_badge, state_shape};
use crate::app::Action;
use crate::locale::{tr, tr_count};

/// Rows of a page: more at once would be slow to draw and tiresome to read.
const PAGE_ROWS: usize = 100;

/// The columns of the table of pods, in the locale files behind `stage.table.`.
const POD_COLUMNS: &[&str] = &["name", "state", "ready", "restarts", "revision", "ip", "node", "life"];

/// Properties of [`Tables`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct TablesProps {
    /// What is on the stage.
    pub scene: Rc<Scene>,
    /// The chosen object.
    pub chosen: Option<Key>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The tables.
#[component]
pub(super) fn Tables(props: &TablesProps) -> Html {
    let scene = &props.scene;
    let claims: Vec<&Rc<ClaimCard>> =
        scene.sets.iter().flat_map(|set| &set.columns).flat_map(|column| &column.claims).chain(&scene.claims).collect();
    let of_sets = scene.sets.iter().flat_map(|set| &set.services);
    let services: Vec<&Rc<ServiceCard>> =
        of_sets.chain(scene.deployments.iter().flat_map(|set| &set.services)).chain(&scene.services).collect();
    html! {
        <>
            <Pods ..props.clone() />
            if !claims.is_empty() { { claim_table(props, &claims) } }
            if !services.is_empty() { { service_table(props, &services) } }
        </>
    }
}

/// The table of pods.
#[component]
fn Pods(props: &TablesProps) -> Html {
    let sorted_by = use_state(|| (0_usize, false));
    let pages = use_state(|| 1_usize);
    let (column, falling) = *sorted_by;
    let mut pods: Vec<&Rc<PodCard>> = props.scene.all_pods().collect();
    order::sort_by(&mut pods, |one, other| {
        let order = compare(column, one, other).then_with(|| compare(0, one, other));
        if falling { order.reverse() } else { order }
    });
    let shown = *pages * PAGE_ROWS;
    let more = pods.len().saturating_sub(shown);
    let head = POD_COLUMNS.iter().enumerate().map(|(place, name)| {
        let (sorted_by, here) = (sorted_by.clone(), place == column);
        let direction = match (here, falling) {
            (false, _) => None,
            (true, false) => Some("ascending"),
            (true, true) => Some("descending"),
        };
        let press = Callback::from(move |_: MouseEvent| sorted_by.set((place, here && !falling)));
        html! {
            <th scope="col" aria-sort={direction}>
                <button class="table__sort" type="button" data-role={format!("sort-{name}")} onclick={press}>
                    { tr(&format!("stage.table.{name}"), &[]) }
                    <span class="table__arrow" aria-hidden="true">{ match direction { None => "", Some("ascending") => "↑", Some(_) => "↓" } }</span>
                </button>
            </th>
        }
    });
    html! {
        <section class="set" aria-labelledby="table-pods">
            <h3 class="table__title" id="table-pods">{ tr("stage.table.pods", &[]) }</h3>
            if pods.is_empty() { <p class="hint">{ tr("stage.table.no-pods", &[]) }</p> } else {
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="table-pods">
                    <table class="table">
                        <thead><tr>{ for head }<th scope="col"><span class="visually-hidden">{ tr("stage.delete", &[]) }</span></th></tr></thead>
                        <tbody>
                            { for pods.iter().take(shown).map(|pod| html! {
                                <PodLine
                                    key={&*pod.uid}
                                    pod={(*pod).clone()}
                                    chosen={is_chosen(props.chosen.as_ref(), Kind::Pod, &pod.namespace, &pod.name)}
                                    namespace={props.namespace.clone()}
                                    dispatch={props.dispatch.clone()}
                                />
                            }) }
                        </tbody>
                    </table>
                </div>
                if more > 0 {
                    <button class="button" type="button" data-role="more-rows" onclick={Callback::from(move |_: MouseEvent| pages.set(*pages + 1))}>
                        { tr_count("stage.table.more", more as u64, &[]) }
                    </button>
                }
            }
        </section>
    }
}

/// A row of the table of pods.
#[component]
fn PodLine(props: &PodProps) -> Html {
    let pod = &props.pod;
    let choose = gesture::choose(&props.dispatch, Kind::Pod, &pod.namespace, &pod.name, props.chosen);
    let (ready, all) = pod.containers;
    html! {
        <tr
            class={classes!(format!("pod--{}", pod.state.name()), props.chosen.then_some("is-chosen"))}
            data-kind="Pod"
            data-name={pod.name.shared()}
            data-namespace={pod.namespace.shared()}
            data-phase={pod.phase}
            data-ready={pod.ready.to_string()}
            data-revision={pod.revision.as_ref().map(|revision| revision.name.shared())}
            data-ordinal={pod.ordinal.map(|ordinal| ordinal.to_string())}
            data-node={pod.node.shared()}
            data-ip={pod.ip.shared()}
            data-uid={pod.uid.shared()}
        >
            <th scope="row">{ choose_button(props, choose) }</th>
            <td class="table__state"><span class="state">{ state_shape(pod.state) }{ word(pod) }</span></td>
            <td>{ format!("{ready}/{all}") }</td>
            <td>{ pod.restarts }</td>
            <td>if let Some(revision) = &pod.revision { { revision_badge(revision) } }</td>
            <td class="table__code">{ pod.ip.shared() }</td>
            <td>{ pod.node.shared() }</td>
            <td>{ pod.life }</td>
            <td>{ delete_button(props) }</td>
        </tr>
    }
}

/// How two pods compare in a column. Names with ordinals go by number: web-10 comes after web-9.
fn compare(column: usize, one: &PodCard, other: &PodCard) -> Ordering {
    let by = |of: fn(&PodCard) -> i64| of(one).cmp(&of(other));
    match POD_COLUMNS.get(column).copied() {
        Some("state") => by(|pod| PodState::ALL.iter().position(|state| *state == pod.state).map_or(0, |at| at as i64)),
        Some("ready") => by(|pod| pod.containers.0 as i64),
        Some("restarts") => by(|pod| i64::from(pod.restarts)),
        Some("revision") => by(|pod| pod.revision.as_ref().map_or(0, |revision| revision.number)),
        Some("life") => by(|pod| pod.life as i64),
        Some("ip") => one.ip.cmp(&other.ip),
        Some("node") => (one.node.len(), &one.node).cmp(&(other.node.len(), &other.node)),
        _ => {
            let stem = |pod: &PodCard| match pod.ordinal {
                Some(_) => pod.name.rfind('-').unwrap_or(pod.name.len()),
                None => pod.name.len(),
            };
            (&one.namespace, &one.name[..stem(one)], one.ordinal).cmp(&(&other.namespace, &other.name[..stem(other)], other.ordinal))
        }
    }
}

fn headings(names: &[&str]) -> Html {
    names.iter().map(|name| html! { <th scope="col">{ tr(&format!("stage.table.{name}"), &[]) }</th> }).collect()
}

fn claim_table(props: &TablesProps, claims: &[&Rc<ClaimCard>]) -> Html {
    let more = claims.len().saturating_sub(PAGE_ROWS);
    html! {
        <section class="set" aria-labelledby="table-claims">
            <h3 class="table__title" id="table-claims">{ tr("stage.table.claims", &[]) }</h3>
            <div class="table-scroll" tabindex="0" role="group" aria-labelledby="table-claims">
                <table class="table">
                    <thead><tr>{ headings(&["name", "state", "size", "class", "volume", "used"]) }</tr></thead>
                    <tbody>
                        { for claims.iter().take(PAGE_ROWS).map(|claim| {
                            let chosen = is_chosen(props.chosen.as_ref(), Kind::PersistentVolumeClaim, &claim.namespace, &claim.name);
                            html! {
                                <tr
                                    class={classes!(chosen.then_some("is-chosen"))}
                                    key={&*claim.uid}
                                    data-kind="PersistentVolumeClaim"
                                    data-name={claim.name.shared()}
                                    data-namespace={claim.namespace.shared()}
                                    data-phase={claim.phase}
                                    data-ready={(claim.phase == "Bound").to_string()}
                                    data-revision=""
                                    data-uid={claim.uid.shared()}
                                    data-volume={claim.volume.shared()}
                                >
                                    <th scope="row">
                                        <button class="choose" type="button" data-role="choose" aria-pressed={chosen.to_string()}
                                            onclick={gesture::choose(&props.dispatch, Kind::PersistentVolumeClaim, &claim.namespace, &claim.name, chosen)}>{ claim.name.shared() }</button>
                                    </th>
                                    <td>{ if claim.terminating { "Terminating" } else { claim.phase } }</td>
                                    <td>{ claim.size.shared() }</td>
                                    <td>{ claim.class.shared() }</td>
                                    <td class="table__code">{ claim.volume_short().shared() }</td>
                                    <td>{ tr(if claim.used { "stage.table.yes" } else { "stage.table.no" }, &[]) }</td>
                                </tr>
                            }
                        }) }
                    </tbody>
                </table>
            </div>
            if more > 0 { <p class="hint">{ tr_count("stage.more-alike", more as u64, &[]) }</p> }
        </section>
    }
}

fn service_table(props: &TablesProps, services: &[&Rc<ServiceCard>]) -> Html {
    html! {
        <section class="set" aria-labelledby="table-services">
            <h3 class="table__title" id="table-services">{ tr("stage.table.services", &[]) }</h3>
            <div class="table-scroll" tabindex="0" role="group" aria-labelledby="table-services">
                <table class="table">
                    <thead><tr>{ headings(&["name", "address", "answers", "left-out"]) }</tr></thead>
                    <tbody>
                        { for services.iter().map(|service| {
                            let chosen = is_chosen(props.chosen.as_ref(), Kind::Service, &service.namespace, &service.name);
                            html! {
                                <tr
                                    class={classes!(chosen.then_some("is-chosen"))}
                                    key={&*service.uid}
                                    data-kind="Service"
                                    data-name={service.name.shared()}
                                    data-namespace={service.namespace.shared()}
                                    data-phase=""
                                    data-ready={(service.ready > 0).to_string()}
                                    data-revision=""
                                    data-uid={service.uid.shared()}
                                    data-endpoints={service.ready.to_string()}
                                >
                                    <th scope="row">
                                        <button class="choose" type="button" data-role="choose" aria-pressed={chosen.to_string()}
                                            onclick={gesture::choose(&props.dispatch, Kind::Service, &service.namespace, &service.name, chosen)}>{ service.name.shared() }</button>
                                    </th>
                                    <td class="table__code">{ if service.headless { tr("stage.headless", &[]).into() } else { service.cluster_ip.shared() } }</td>
                                    <td>{ service.ready }</td>
                                    <td>{ service.left_out.len() }</td>
                                </tr>
                            }
                        }) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}
