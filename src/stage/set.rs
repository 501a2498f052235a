//! A StatefulSet: its head, its Services, its columns and its partition line.
//! It must not know other sets.

use std::rc::Rc;

use yew::prelude::*;

use super::column::Column;
use super::partition::PartitionLine;
use super::scene::{Density, NameServer, SetScene};
use super::service::Service;
use super::set_head::SetHead;
use super::tile::tile;
use crate::app::Action;
use crate::locale::{tr, tr_count};

/// Properties of [`Set`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct SetProps {
    /// The set.
    pub set: Rc<SetScene>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// A StatefulSet.
#[component]
pub(super) fn Set(props: &SetProps) -> Html {
    let set = &props.set;
    html! {
        <section
            class={classes!("set", set.deleted.then_some("set--deleted"))}
            data-kind="StatefulSet"
            data-name={set.name.clone()}
            data-namespace={set.namespace.clone()}
            data-phase={if set.deleted { "Terminating" } else { "" }}
            data-ready={(set.ready_replicas == set.replicas).to_string()}
            data-revision={set.update_revision.clone()}
            data-uid={set.uid.clone()}
            data-ready-replicas={set.ready_replicas.to_string()}
            data-replicas={set.replicas.to_string()}
            aria-label={tr("stage.set", &[("name", &set.name)])}
        >
            <SetHead set={set.clone()} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} />
            <div class="services">
                if let NameServer::Missing(service) = &set.name_server {
                    <p class="service service--missing">{ tr("stage.service-missing", &[("name", service), ("set", &set.name)]) }</p>
                }
                { for set.services.iter().map(|service| html! { <Service key={service.uid.clone()} service={service.clone()} /> }) }
            </div>
            { columns(props) }
            if set.left_out > 0 {
                <p class="hint">{ tr_count("stage.left-out", set.left_out as u64, &[]) }</p>
            }
        </section>
    }
}

/// The columns, as cards with the partition line between them, or as tiles.
fn columns(props: &SetProps) -> Html {
    let set = &props.set;
    let columns = set.columns.iter();
    match set.density {
        Density::Cards => html! {
            // A stretch that scrolls must be reachable by keyboard.
            <div class={classes!("columns", width(set.columns.len()))} tabindex="0" role="group" aria-label={tr("stage.identities", &[("name", &set.name)])}>
                <ul class="columns__row">
                    { for columns.map(|column| html! {
                        <Column key={column.ordinal} column={column.clone()} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} />
                    }) }
                </ul>
                if let Some(partition) = set.partition.filter(|_| !set.deleted) {
                    <PartitionLine {partition} set={set.clone()} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} />
                }
            </div>
        },
        density @ (Density::Tiles | Density::Strip) => html! {
            <ul class={classes!("tiles", (density == Density::Strip).then_some("tiles--strip"))} aria-label={tr("stage.identities", &[("name", &set.name)])}>
                { for columns.map(|column| tile(column, density)) }
            </ul>
        },
    }
}

/// The class for the width of so many columns: few get more room.
fn width(columns: usize) -> Option<&'static str> {
    match columns {
        0..=4 => Some("columns--few"),
        5..=6 => Some("columns--some"),
        _ => None,
    }
}
