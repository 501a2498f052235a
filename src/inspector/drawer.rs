//! The drawer. It must not know how what it shows was found out.

use std::rc::Rc;

use statefulset_engine::api::object::Key;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::sheet::Sheet;
use crate::app::Action;
use crate::locale::tr;
use crate::state::command::Command;
use crate::timeline::clock::time_of;

/// Properties of [`Inspector`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct InspectorProps {
    /// What it tells; nothing where no object is chosen.
    pub sheet: Option<Rc<Sheet>>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The drawer.
#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    let node = use_node_ref();
    let opener = use_mut_ref(|| None::<HtmlElement>);
    let open = props.sheet.is_some();
    {
        let (node, opener) = (node.clone(), opener.clone());
        use_effect_with(open, move |open| {
            if *open {
                let active = web_sys::window().and_then(|window| window.document()).and_then(|document| document.active_element());
                *opener.borrow_mut() = active.and_then(|active| active.dyn_into().ok());
                if let Some(drawer) = node.cast::<HtmlElement>() {
                    // A drawer that is not on the page any more needs no focus.
                    let _ = drawer.focus();
                }
            } else if let Some(opener) = opener.borrow_mut().take().filter(|opener| opener.is_connected()) {
                let _ = opener.focus();
            }
        });
    }
    let close = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Select(None)))
    };
    let key = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                dispatch.emit(Action::Select(None));
            }
        })
    };
    let Some(sheet) = &props.sheet else {
        // A component that renders nothing can break its neighbours (yew #4092).
        return html! { <div class="inspector inspector--closed" hidden=true></div> };
    };
    let name = tr("inspect.title", &[("kind", sheet.key.kind.name()), ("name", &sheet.key.name)]);
    html! {
        <section class="inspector" role="region" aria-label={name.clone()} data-role="inspector" tabindex="-1" ref={node} onkeydown={key}>
            <header class="inspector__head">
                <h3 class="inspector__title"><span class="inspector__kind">{ sheet.key.kind.name() }</span>{ " " }{ &*sheet.key.name }</h3>
                <button type="button" class="button button--quiet" data-role="inspector-close" aria-label={tr("about.close", &[])} onclick={close}>{ "✕" }</button>
            </header>
            if !sheet.exists { <p class="inspector__gone">{ tr("inspect.gone", &[]) }</p> }
            <dl class="inspector__facts">
                { for sheet.facts.iter().map(|(label, value)| html! {
                    <div class="inspector__fact"><dt>{ tr(label, &[]) }</dt><dd>{ value }</dd></div>
                }) }
            </dl>
            { keys(props, "inspect.owners", &sheet.owners) }
            { keys(props, "inspect.below", &sheet.below) }
            { conditions(sheet) }
            { events(sheet) }
            <h4 class="inspector__heading">{ tr("inspect.commands", &[]) }</h4>
            <ul class="inspector__commands">
                { for sheet.commands.iter().map(|line| {
                    let (dispatch, command) = (props.dispatch.clone(), Command::new(line.clone()));
                    let run = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Run(command.clone())));
                    html! { <li><button type="button" class="inspector__command" data-role="show-command" onclick={run}>{ line }</button></li> }
                }) }
            </ul>
            if sheet.exists {
                <details class="inspector__yaml">
                    <summary>{ tr("inspect.text", &[]) }</summary>
                    <pre class="inspector__text" tabindex="0" aria-label={tr("inspect.text", &[])}>{ &sheet.yaml }</pre>
                </details>
            }
        </section>
    }
}

/// Objects beside it; pressing one tells about that.
fn keys(props: &InspectorProps, title: &str, keys: &[Key]) -> Html {
    if keys.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h4 class="inspector__heading">{ tr(title, &[]) }</h4>
            <ul class="inspector__keys">
                { for keys.iter().map(|key| {
                    let (dispatch, chosen) = (props.dispatch.clone(), key.clone());
                    let choose = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Select(Some(chosen.clone()))));
                    html! { <li><button type="button" class="inspector__key" onclick={choose}>{ format!("{} {}", key.kind.name(), key.name) }</button></li> }
                }) }
            </ul>
        </>
    }
}

fn conditions(sheet: &Sheet) -> Html {
    if sheet.conditions.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h4 class="inspector__heading">{ tr("inspect.conditions", &[]) }</h4>
            <ul class="inspector__list">
                { for sheet.conditions.iter().map(|condition| html! {
                    <li class={format!("condition condition--{}", condition.status.to_lowercase())}>
                        <b>{ &condition.kind }</b>{ " " }<span class="condition__status">{ &condition.status }</span>
                        if !condition.why.is_empty() { <span class="condition__why">{ &condition.why }</span> }
                    </li>
                }) }
            </ul>
        </>
    }
}

fn events(sheet: &Sheet) -> Html {
    if sheet.events.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h4 class="inspector__heading">{ tr("inspect.events", &[]) }</h4>
            <ul class="inspector__list">
                { for sheet.events.iter().map(|said| html! {
                    <li class={classes!("said", said.warning.then_some("said--warning"))}>
                        <span class="said__time">{ time_of(said.at_ms) }</span>{ " " }<b>{ &said.reason }</b>
                        if said.count > 1 { { format!(" ×{}", said.count) } }
                        <span class="said__message">{ &said.message }</span>
                    </li>
                }) }
            </ul>
        </>
    }
}
