//! A StatefulSet: its head, its Services, its controller's loop, its columns and the lines between them.
//! It must not know other sets.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use yew::prelude::*;

use super::column::{Column, chosen_in};
use super::gesture::is_chosen;
use super::line::{Ground, Line, LineKind};
use super::many::Many;
use super::portions::{FRAME_MS, Portions, use_again};
use super::scene::{Column as ColumnScene, Density, NameServer, SetScene};
use super::service::Service;
use super::set_head::SetHead;
use super::turn::Loop;
use crate::app::Action;
use crate::locale::{tr, tr_count};

/// How much of the cards a move of a pointer over moments draws at once.
const WORK_AT_ONCE: usize = 6;

/// Properties of [`Set`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct SetProps {
    /// The set.
    pub set: Rc<SetScene>,
    /// The chosen object.
    pub chosen: Option<Key>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Whether a pointer passes over moments.
    pub passes: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// A StatefulSet.
#[component]
pub(super) fn Set(props: &SetProps) -> Html {
    let set = &props.set;
    let cards = set.density == Density::Cards;
    let portions = use_mut_ref(Portions::default);
    // While a pointer passes over moments, what a move draws is bounded, and what is left follows without a movement of its own.
    let still = props.passes || portions.borrow().left();
    if cards && still && !portions.borrow().drawn().is_empty() {
        portions.borrow_mut().draw(&set.columns, WORK_AT_ONCE, true);
    } else {
        portions.borrow_mut().draw_all(set.columns.iter().filter(|_| cards).cloned());
    }
    use_again(portions.borrow().left().then_some(FRAME_MS));
    let missing = match &set.name_server {
        NameServer::Missing(service) => {
            let words = tr("stage.service-missing", &[("name", service), ("set", &set.name)]);
            Some(html! { <p key="missing" class="service service--missing">{ words }</p> })
        }
        NameServer::Service(_) | NameServer::None => None,
    };
    html! {
        <section
            class={classes!("set", "set--columns", set.deleted.then_some("set--deleted"))}
            data-kind="StatefulSet"
            data-name={set.name.shared()}
            data-namespace={set.namespace.shared()}
            data-phase={if set.deleted { "Terminating" } else { "" }}
            data-ready={(set.ready_replicas == set.replicas).to_string()}
            data-revision={set.update_revision.shared()}
            data-uid={set.uid.shared()}
            data-ready-replicas={set.ready_replicas.to_string()}
            data-replicas={set.replicas.to_string()}
            data-partition={set.partition.map(|partition| partition.at.to_string())}
            aria-label={tr("stage.set", &[("name", &set.name)])}
        >
            <SetHead
                set={set.clone()}
                chosen={is_chosen(props.chosen.as_ref(), Kind::StatefulSet, &set.namespace, &set.name)}
                namespace={props.namespace.clone()}
                dispatch={props.dispatch.clone()}
            />
            if let Some(turn) = &set.turn { <Loop set={set.clone()} turn={turn.clone()} /> }
            <div class="services">
                { for missing.into_iter().chain(set.services.iter().enumerate().map(|(place, service)| html! {
                    <Service
                        key={&*service.uid}
                        service={service.clone()}
                        lists={place > 0}
                        chosen={is_chosen(props.chosen.as_ref(), Kind::Service, &service.namespace, &service.name)}
                        dispatch={props.dispatch.clone()}
                    />
                })) }
            </div>
            if cards {
                { columns(props, portions.borrow().drawn(), still) }
            } else {
                <Many ..props.clone() />
            }
            if set.left_out > 0 {
                <p class="hint">{ tr_count("stage.left-out", set.left_out as u64, &[]) }</p>
            }
        </section>
    }
}

/// The columns as cards, and the lines between them.
fn columns(props: &SetProps, drawn: &[Rc<ColumnScene>], still: bool) -> Html {
    let set = &props.set;
    let line = |kind: LineKind| {
        html! { <Line {kind} ground={Ground::Columns} set={set.clone()} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} /> }
    };
    html! {
        // A stretch that scrolls must be reachable by keyboard.
        <div class={classes!("columns", width(set.columns.len()))} tabindex="0" role="group" aria-label={tr("stage.identities", &[("name", &set.name)])}>
            <ul class={classes!("columns__row", (!set.services.is_empty()).then_some("columns__row--served"))}>
                { for drawn.iter().map(|each| column(props, each, still)) }
            </ul>
            if !set.deleted {
                if set.partition.is_some() { { line(LineKind::Partition) } }
                { line(LineKind::Replicas) }
            }
        </div>
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

/// A column of a set, among all of them or among the large ones; `passes` is whether it is changed without its movements.
pub(super) fn column(props: &SetProps, column: &Rc<ColumnScene>, passes: bool) -> Html {
    html! {
        <Column
            key={column.ordinal}
            column={column.clone()}
            served={!props.set.services.is_empty()}
            chosen={chosen_in(column, props.chosen.as_ref())}
            {passes}
            namespace={props.namespace.clone()}
            dispatch={props.dispatch.clone()}
        />
    }
}
