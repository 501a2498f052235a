//! The views of a cluster: columns an identity, lanes a node, or tables to read; and the switch between them.
//! It must not know what is in a view.

use std::rc::Rc;

use yew::prelude::*;

use super::scene::{NodeState, Scene};
use crate::app::Action;
use crate::locale::tr;

/// A way to look at a cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// One column for each identity.
    #[default]
    Columns,
    /// One lane for each node.
    Nodes,
    /// Tables.
    Table,
}

impl View {
    /// All views, in the order of the switch.
    pub const ALL: &[Self] = &[Self::Columns, Self::Nodes, Self::Table];

    /// Its name: in classes, and in the locale files behind `stage.view.`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Nodes => "nodes",
            Self::Table => "table",
        }
    }
}

/// Properties of [`Switch`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct SwitchProps {
    /// The view shown.
    pub view: View,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The switch.
#[component]
pub(super) fn Switch(props: &SwitchProps) -> Html {
    let choose = |view: View| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::View(view)))
    };
    html! {
        <div class="switch" role="group" aria-label={tr("stage.views", &[])}>
            { for View::ALL.iter().map(|view| html! {
                <button
                    class="switch__button"
                    type="button"
                    data-role={format!("view-{}", view.name())}
                    aria-pressed={(*view == props.view).to_string()}
                    onclick={choose(*view)}
                >{ tr(&format!("stage.view.{}", view.name()), &[]) }</button>
            }) }
        </div>
    }
}

/// Properties of [`Summary`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct SummaryProps {
    /// What is on the stage.
    pub scene: Rc<Scene>,
}

/// The cluster in a line: how many pods are ready, and how many nodes.
#[component]
pub(super) fn Summary(props: &SummaryProps) -> Html {
    let (pods, ready) = props.scene.all_pods().fold((0, 0), |(all, ready), pod| (all + 1, ready + usize::from(pod.ready)));
    let nodes = &props.scene.nodes;
    let able = nodes.iter().filter(|node| node.state == NodeState::Ready && !node.cordoned).count();
    html! {
        <p class="stage-bar__summary">
            { tr("stage.summary-pods", &[("ready", &ready.to_string()), ("all", &pods.to_string())]) }
            { " · " }
            { tr("stage.summary-nodes", &[("ready", &able.to_string()), ("all", &nodes.len().to_string())]) }
        </p>
    }
}
