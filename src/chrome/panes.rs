//! The bar at the foot of a narrow screen that chooses which pane is shown.
//! It must not know what is in a pane.

use yew::prelude::*;

use crate::app::Action;
use crate::locale::tr;

/// A pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The lesson, where one is open.
    Lesson,
    /// The stage.
    Stage,
    /// The manifest.
    Editor,
    /// The terminal.
    Terminal,
    /// The resolver.
    Names,
}

impl Pane {
    /// All panes, in the order of the bar.
    pub const ALL: [Self; 5] = [Self::Lesson, Self::Stage, Self::Editor, Self::Terminal, Self::Names];

    /// Its name: in the style sheet, and in the locale files behind `page.pane.`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lesson => "lesson",
            Self::Stage => "stage",
            Self::Editor => "editor",
            Self::Terminal => "terminal",
            Self::Names => "names",
        }
    }
}

/// Properties of [`Panes`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PanesProps {
    /// The pane that is shown.
    pub pane: Pane,
    /// Whether the lesson panel is open.
    pub lesson: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The bar.
#[component]
pub fn Panes(props: &PanesProps) -> Html {
    let button = |pane: Pane| {
        let dispatch = props.dispatch.clone();
        let choose = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Pane(pane)));
        html! {
            <button class="panes__button" type="button" aria-pressed={(pane == props.pane).to_string()} onclick={choose}>
                { tr(&format!("page.pane.{}", pane.name()), &[]) }
            </button>
        }
    };
    html! { <nav class="panes" aria-label={tr("page.panes", &[])}>{ for Pane::ALL.into_iter().filter(|pane| *pane != Pane::Lesson || props.lesson).map(button) }</nav> }
}
