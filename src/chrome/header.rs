//! The page's header: its name, the choice of language and of colours, and the way to what it is about.
//! It must not know the panels.

use yew::prelude::*;

use super::about;
use super::choices::Choices;
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
            <div class="header__choices"><Choices theme={props.theme} language={props.language} dispatch={props.dispatch.clone()} /></div>
            if props.embedded {
                <button class="button" type="button" data-role="open-in-full" onclick={act(Action::OpenInFull)}>{ tr("page.full", &[]) }</button>
            } else {
                <button class="button" type="button" data-role="share" onclick={act(Action::Share)} aria-haspopup="dialog">
                    { tr("page.share", &[]) }
                </button>
            }
            <button class="button header__about" type="button" onclick={open} aria-haspopup="dialog">
                <span class="header__word">{ tr("page.about", &[]) }</span>
                <svg class="header__dots" viewBox="0 0 18 4" aria-hidden="true">
                    <circle cx="2" cy="2" r="2" /><circle cx="9" cy="2" r="2" /><circle cx="16" cy="2" r="2" />
                </svg>
            </button>
        </header>
    }
}
