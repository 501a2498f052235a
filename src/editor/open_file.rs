//! A file that a command has opened, as `kubectl edit` does: it stands in the editor's place until it is saved or given up.
//! It must not know the command.

use std::rc::Rc;

use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use crate::app::Action;
use crate::locale::tr;

/// Properties of [`OpenFileView`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct OpenFileProps {
    /// The name of the file.
    pub name: AttrValue,
    /// Its text, as it was opened.
    pub text: Rc<str>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The file.
#[component]
pub fn OpenFileView(props: &OpenFileProps) -> Html {
    let area = use_node_ref();
    {
        let area = area.clone();
        use_effect_with((props.name.clone(), props.text.clone()), move |(_, text)| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                area.set_value(text);
                // Whoever asked for an editor is in it; one that is not on the page takes no focus.
                let _ = area.focus();
                let _ = area.set_selection_range(0, 0);
                area.set_scroll_top(0);
            }
        });
    }
    let save = {
        let (area, dispatch) = (area.clone(), props.dispatch.clone());
        Callback::from(move |()| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                dispatch.emit(Action::CloseFile(Some(area.value().into())));
            }
        })
    };
    let cancel = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::CloseFile(None)))
    };
    let key = {
        let save = save.clone();
        Callback::from(move |event: KeyboardEvent| {
            let saves = matches!(event.key().as_str(), "s" | "Enter") && (event.ctrl_key() || event.meta_key());
            if saves {
                event.prevent_default();
                save.emit(());
            }
        })
    };
    html! {
        <div class="editor" data-role="open-file">
            <div class="panel-head">
                <h2 class="panel-title editor__file">{ props.name.rsplit('/').next().unwrap_or_default().to_owned() }</h2>
                <span class="hint">{ tr("editor.open-file", &[]) }</span>
            </div>
            <div class="field">
                <textarea
                    class="field__area field__area--plain"
                    ref={area}
                    data-role="open-file-text"
                    aria-label={tr("editor.open-file", &[])}
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    onkeydown={key}
                />
            </div>
            <div class="editor__foot">
                <div class="editor__apply">
                    <span class="hint">{ tr("editor.save-keys", &[]) }</span>
                    <button class="button" type="button" data-role="cancel-file" onclick={cancel}>{ tr("editor.cancel", &[]) }</button>
                    <button class="button button--accent" type="button" data-role="save-file" onclick={Callback::from(move |_: MouseEvent| save.emit(()))}>
                        { tr("editor.save", &[]) }
                    </button>
                </div>
            </div>
        </div>
    }
}
