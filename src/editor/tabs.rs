//! The files as tabs: open, add, rename, delete. It must not know what is in a file.

use std::rc::Rc;

use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::desk::Deed;
use crate::app::Action;
use crate::locale::tr;
use crate::state::files::{File, NAME_LENGTH_MAX};

/// Properties of [`Tabs`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct TabsProps {
    /// The files.
    pub files: Rc<[File]>,
    /// Which is open.
    pub open: usize,
    /// Whether that one is a command's, whose name is not the person's to choose.
    pub visits: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The tabs.
#[component]
pub(super) fn Tabs(props: &TabsProps) -> Html {
    let list = use_node_ref();
    let naming = use_state(|| false);
    {
        let list = list.clone();
        use_effect_with((props.open, props.files.len()), move |(open, _)| {
            // Where there are more tabs than room, the open one is in sight. Only the list is scrolled, never the page.
            let Some(list) = list.cast::<HtmlElement>() else { return };
            let Some(tab) = u32::try_from(*open).ok().and_then(|open| list.children().item(open)) else { return };
            let (around, tab) = (list.get_bounding_client_rect(), tab.get_bounding_client_rect());
            let by = (tab.left() - around.left()).min(0.0) + (tab.right() - around.right()).max(0.0);
            list.set_scroll_left(list.scroll_left() + by.round() as i32);
        });
    }
    if *naming
        && !props.visits
        && let Some(file) = props.files.get(props.open)
    {
        return html! { <NameField name={AttrValue::from(file.name.clone())} done={rename(props, &naming)} /> };
    }
    let deed = |deed: Deed| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Desk(deed.clone())))
    };
    let arrows = {
        let (dispatch, list, open, count) = (props.dispatch.clone(), list.clone(), props.open, props.files.len());
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" => (open + 1) % count,
                "ArrowLeft" => (open + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            dispatch.emit(Action::Desk(Deed::Open(next)));
            let tabs = list.cast::<HtmlElement>().map(|list| list.children());
            if let Some(tab) = tabs.and_then(|tabs| tabs.item(u32::try_from(next).ok()?)).and_then(|tab| {
                use wasm_bindgen::JsCast as _;
                tab.dyn_into::<HtmlElement>().ok()
            }) {
                // A tab that has gone needs no focus.
                let _ = tab.focus();
            }
        })
    };
    let tab = |(index, file): (usize, &File)| {
        let chosen = index == props.open;
        html! {
            <button
                class="tabs__tab"
                type="button"
                role="tab"
                data-role="file"
                data-file={file.name.to_string()}
                title={file.name.to_string()}
                aria-selected={chosen.to_string()}
                tabindex={if chosen { "0" } else { "-1" }}
                onclick={deed(Deed::Open(index))}
                key={file.name.to_string()}
            >{ &*file.name }</button>
        }
    };
    let start_naming = {
        let naming = naming.clone();
        Callback::from(move |_: MouseEvent| naming.set(true))
    };
    html! {
        <div class="tabs">
            <div class="tabs__list" role="tablist" aria-label={tr("editor.files", &[])} ref={list} onkeydown={arrows}>
                { for props.files.iter().enumerate().map(tab) }
            </div>
            <button class="icon-button" type="button" data-role="new-file" title={tr("editor.new-file", &[])} aria-label={tr("editor.new-file", &[])} onclick={deed(Deed::New)}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 3 V13 M3 8 H13" /></svg>
            </button>
            <button class="icon-button" type="button" data-role="rename-file" hidden={props.visits} title={tr("editor.rename-file", &[])} aria-label={tr("editor.rename-file", &[])} onclick={start_naming}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 13 L3.5 10.5 L11 3 L13 5 L5.5 12.5 Z" /></svg>
            </button>
            <button class="icon-button" type="button" data-role="delete-file" hidden={props.visits} title={tr("editor.delete-file", &[])} aria-label={tr("editor.delete-file", &[])} onclick={deed(Deed::Delete(props.open))}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 4.5 H13 M6.5 4.5 V3 H9.5 V4.5 M4.5 4.5 L5 13 H11 L11.5 4.5" /></svg>
            </button>
        </div>
    }
}

fn rename(props: &TabsProps, naming: &UseStateHandle<bool>) -> Callback<Option<String>> {
    let (dispatch, naming, open) = (props.dispatch.clone(), naming.clone(), props.open);
    Callback::from(move |name: Option<String>| {
        naming.set(false);
        if let Some(name) = name {
            dispatch.emit(Action::Desk(Deed::Rename(open, name)));
        }
    })
}

/// Properties of [`NameField`].
#[derive(Clone, PartialEq, Properties)]
struct NameFieldProps {
    /// The name so far.
    name: AttrValue,
    /// Gets the new name, or nothing.
    done: Callback<Option<String>>,
}

/// A field for the name of a file: Enter takes it, Escape leaves it.
#[component]
fn NameField(props: &NameFieldProps) -> Html {
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with((), move |()| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                // Refusals would only mean that the field is not on the page any more.
                let _ = field.focus();
                field.select();
            }
        });
    }
    let key = {
        let done = props.done.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => done.emit(event.target_dyn_into::<HtmlInputElement>().map(|field| field.value())),
            "Escape" => done.emit(None),
            _ => {}
        })
    };
    let left = {
        let done = props.done.clone();
        Callback::from(move |event: FocusEvent| done.emit(event.target_dyn_into::<HtmlInputElement>().map(|field| field.value())))
    };
    html! {
        <div class="tabs">
            <input
                class="input tabs__name"
                ref={field}
                data-role="file-name"
                aria-label={tr("editor.file-name", &[])}
                maxlength={NAME_LENGTH_MAX.to_string()}
                value={props.name.clone()}
                spellcheck="false"
                onkeydown={key}
                onblur={left}
            />
        </div>
    }
}
