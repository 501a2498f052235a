//! The page's header: its name, the choice of language and of colours, and the way to what it is about.
//! It must not know the panels.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::about;
use crate::app::Action;
use crate::browser::theme::Theme;
use crate::lesson;
use crate::locale::{Language, tr};

/// Properties of [`Header`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct HeaderProps {
    /// The colours chosen.
    pub theme: Theme,
    /// The page's language.
    pub language: Language,
    /// Whether the page stands inside another one.
    pub embedded: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The header.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
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
    let learn = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Lesson(lesson::Act::Map)))
    };
    let open = Callback::from(|_: MouseEvent| about::open());
    let act = |action: Action| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    html! {
        <header class="header">
            <svg class="header__mark" viewBox="0 0 30 16" aria-hidden="true">
                <rect class="mark mark--first" x="0.5" y="1" width="8" height="14" rx="2.5" />
                <rect class="mark mark--second" x="10.5" y="1" width="8" height="14" rx="2.5" />
                <rect class="mark mark--slot" x="21" y="1.5" width="7.5" height="13" rx="2.5" />
            </svg>
            <h1 class="header__title">{ tr("page.title", &[]) }</h1>
            <p class="header__line">{ tr("page.line", &[]) }</p>
            <button class="button" type="button" data-role="lessons" onclick={learn}>{ tr("lesson.map", &[]) }</button>
            <label class="header__language">
                <span class="visually-hidden">{ tr("page.language", &[]) }</span>
                <select class="select" data-role="language" onchange={speak}>
                    { for Language::ALL.into_iter().map(|language| html! {
                        <option value={language.tag()} lang={language.tag()} selected={language == props.language}>{ language.own_name() }</option>
                    }) }
                </select>
            </label>
            <label class="header__theme">
                <span class="visually-hidden">{ tr("page.theme", &[]) }</span>
                <select class="select" onchange={choose}>
                    { for Theme::ALL.into_iter().map(|theme| html! {
                        <option value={theme.name()} selected={theme == props.theme}>{ tr(&format!("page.theme.{}", theme.name()), &[]) }</option>
                    }) }
                </select>
            </label>
            if props.embedded {
                <button class="button" type="button" data-role="open-in-full" onclick={act(Action::OpenInFull)}>{ tr("page.full", &[]) }</button>
            } else {
                <button class="button" type="button" data-role="share" onclick={act(Action::Share)} aria-haspopup="dialog">
                    { tr("page.share", &[]) }
                </button>
            }
            <button class="button header__about" type="button" onclick={open} aria-haspopup="dialog">{ tr("page.about", &[]) }</button>
        </header>
    }
}
