//! The choice of language and of colours. It stands in the header, and where that has no room for it in the dialog behind
//! the header's last button. It must not know where it stands.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::Action;
use crate::browser::theme::Theme;
use crate::locale::{Language, tr};

/// Properties of [`Choices`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ChoicesProps {
    /// The colours chosen.
    pub theme: Theme,
    /// The page's language.
    pub language: Language,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// Both choices.
#[component]
pub fn Choices(props: &ChoicesProps) -> Html {
    let choose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                dispatch.emit(Action::Theme(Theme::of_name(&select.value())));
            }
        })
    };
    let speak = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            if let Some(language) = select.and_then(|select| Language::of_tag(&select.value())) {
                dispatch.emit(Action::Language(language));
            }
        })
    };
    html! {
        <>
            <label class="choices__language">
                <span class="visually-hidden">{ tr("page.language", &[]) }</span>
                <select class="select" data-role="language" onchange={speak}>
                    { for Language::ALL.into_iter().map(|language| html! {
                        <option value={language.tag()} lang={language.tag()} selected={language == props.language}>{ language.own_name() }</option>
                    }) }
                </select>
            </label>
            <label class="choices__theme">
                <span class="visually-hidden">{ tr("page.theme", &[]) }</span>
                <select class="select" data-role="theme" onchange={choose}>
                    { for Theme::ALL.into_iter().map(|theme| html! {
                        <option value={theme.name()} selected={theme == props.theme}>{ tr(&format!("page.theme.{}", theme.name()), &[]) }</option>
                    }) }
                </select>
            </label>
        </>
    }
}
