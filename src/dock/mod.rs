//! The dock at the foot of the page: the terminal and the names beside each other as tabs. On a narrow screen the bar at
//! the foot of the page chooses instead, and the tabs are not shown. It must not know what is in a tab.

use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::app::Action;
use crate::chrome::panes::Pane;
use crate::locale::tr;

/// The tabs: panes that share the dock.
const TABS: [Pane; 2] = [Pane::Terminal, Pane::Names];

/// Properties of [`Dock`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DockProps {
    /// The tab that is open.
    pub open: Pane,
    /// What stands behind the tabs, at the end of their row.
    pub note: AttrValue,
    /// The terminal.
    pub terminal: Html,
    /// The names.
    pub names: Html,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The dock.
#[component]
pub fn Dock(props: &DockProps) -> Html {
    let nodes = [use_node_ref(), use_node_ref()];
    let tab = |index: usize| {
        let pane = TABS[index];
        let chosen = pane == props.open;
        let choose = {
            let dispatch = props.dispatch.clone();
            Callback::from(move |_: MouseEvent| dispatch.emit(Action::Dock(pane)))
        };
        // As the pattern of tabs has it: one stop for the keyboard, arrows go from tab to tab and open it.
        let arrow = {
            let (dispatch, other) = (props.dispatch.clone(), 1 - index);
            let node = nodes[other].clone();
            Callback::from(move |event: KeyboardEvent| {
                if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight" | "Home" | "End") {
                    let goes = match event.key().as_str() {
                        "Home" => other == 0,
                        "End" => other == 1,
                        _ => true,
                    };
                    event.prevent_default();
                    if goes {
                        dispatch.emit(Action::Dock(TABS[other]));
                        if let Some(element) = node.cast::<HtmlElement>() {
                            // An element that is not on the page any more needs no focus.
                            let _ = element.focus();
                        }
                    }
                }
            })
        };
        html! {
            <button
                ref={nodes[index].clone()}
                class="dock__tab"
                type="button"
                role="tab"
                id={tab_id(pane)}
                data-role={tab_id(pane)}
                aria-selected={chosen.to_string()}
                aria-controls={panel_id(pane)}
                tabindex={if chosen { "0" } else { "-1" }}
                onclick={choose}
                onkeydown={arrow}
            >
                { tr(&format!("page.tab.{}", pane.name()), &[]) }
            </button>
        }
    };
    let panel = |pane: Pane, inside: &Html| {
        html! {
            <div class="dock__panel" role="tabpanel" id={panel_id(pane)} aria-labelledby={tab_id(pane)} hidden={pane != props.open}>
                { inside.clone() }
            </div>
        }
    };
    html! {
        <div class="dock">
            <div class="dock__head">
                <div class="dock__tabs" role="tablist" aria-label={tr("page.tabs", &[])}>{ tab(0) }{ tab(1) }</div>
                <span class="dock__note">{ &props.note }</span>
            </div>
            { panel(Pane::Terminal, &props.terminal) }
            { panel(Pane::Names, &props.names) }
        </div>
    }
}

fn tab_id(pane: Pane) -> String {
    format!("tab-{}", pane.name())
}

fn panel_id(pane: Pane) -> String {
    format!("panel-{}", pane.name())
}
