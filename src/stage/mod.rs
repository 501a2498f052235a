//! The stage: the cluster as columns an identity, as lanes a node, or as tables, drawn from a [`scene`]. It must not know
//! how the scene came about, and decides nothing: a gesture becomes a command.

mod cell;
mod claim;
mod column;
mod containers;
mod deployment;
mod empty;
mod entrance;
mod gesture;
mod line;
mod many;
mod nodes;
mod others;
mod pod;
mod pod_row;
mod portions;
mod replicas;
pub mod scene;
mod service;
mod set;
mod set_head;
mod shapes;
mod table;
mod turn;
mod view;
mod way;

use std::rc::Rc;

use statefulset_engine::api::object::Key;
use yew::prelude::*;

use crate::app::Action;
use crate::locale::tr_count;
pub(crate) use cell::class_of;
use deployment::Deployment;
use empty::Empty;
use nodes::Nodes;
use others::Others;
use scene::Scene;
use set::Set;
pub(crate) use shapes::state_shape;
use table::Tables;
pub use view::View;
use view::{Summary, Switch};

/// Properties of [`Stage`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StageProps {
    /// What to show.
    pub scene: Rc<Scene>,
    /// How to look at it.
    #[prop_or_default]
    pub view: View,
    /// The chosen object.
    #[prop_or_default]
    pub chosen: Option<Key>,
    /// The terminal's namespace: commands name every other.
    pub namespace: AttrValue,
    /// Whether a pointer passes over moments: what takes long to draw waits until it rests.
    #[prop_or_default]
    pub passes: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let StageProps { scene, view, chosen, namespace, dispatch, .. } = props;
    html! {
        <>
            <div class="stage-bar">
                <Switch view={*view} dispatch={dispatch.clone()} />
                <Summary scene={scene.clone()} />
            </div>
            <div class={classes!("stage", format!("stage--{}", view.name()))} data-role="stage" data-view={view.name()}>
                { match view {
                    View::Columns => html! { <Columns ..props.clone() /> },
                    View::Nodes => html! { <Nodes scene={scene.clone()} chosen={chosen.clone()} namespace={namespace.clone()} dispatch={dispatch.clone()} /> },
                    View::Table => html! { <Tables scene={scene.clone()} chosen={chosen.clone()} namespace={namespace.clone()} dispatch={dispatch.clone()} /> },
                } }
            </div>
        </>
    }
}

/// The view by identity. All parts have keys: one that comes or goes leaves the others as they are.
#[component]
fn Columns(props: &StageProps) -> Html {
    let StageProps { scene, chosen, namespace, passes, dispatch, .. } = props;
    let empty = scene.is_empty().then(|| html! { <Empty key="empty" dispatch={dispatch.clone()} /> });
    let sets = scene.sets.iter().map(|set| {
        html! {
            <Set
                key={format!("{}/{}", set.namespace, set.name)}
                set={set.clone()}
                chosen={chosen.clone()}
                namespace={namespace.clone()}
                passes={*passes}
                dispatch={dispatch.clone()}
            />
        }
    });
    let deployments = scene.deployments.iter().map(|deployment| {
        html! {
            <Deployment
                key={&*deployment.uid}
                deployment={deployment.clone()}
                chosen={chosen.clone()}
                namespace={namespace.clone()}
                dispatch={dispatch.clone()}
            />
        }
    });
    let others = scene.has_others().then(|| {
        html! { <Others key="others" scene={scene.clone()} chosen={chosen.clone()} namespace={namespace.clone()} dispatch={dispatch.clone()} /> }
    });
    empty.into_iter().chain(sets).chain(deployments).chain(others).collect()
}

/// Says how many of a list are not drawn, where that is any.
fn more(count: usize, drawn_max: usize) -> Option<Html> {
    let more = count.checked_sub(drawn_max).filter(|more| *more > 0)?;
    Some(html! { <li class="columns__more" key="more">{ tr_count("stage.more-alike", more as u64, &[]) }</li> })
}
