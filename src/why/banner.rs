//! The sentence at the head of the stage, with its rule and what would help.
//! It must not know how the sentence was chosen.

use std::rc::Rc;

use yew::prelude::*;

use super::choose::Why;
use crate::app::Action;
use crate::locale::{Piece, has, pieces, tr};

/// Properties of [`WhyBanner`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct WhyBannerProps {
    /// What to say.
    pub why: Rc<Why>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The banner.
#[component]
pub fn WhyBanner(props: &WhyBannerProps) -> Html {
    let why = &props.why;
    let state = if why.waits { "waits" } else { "calm" };
    let word = if why.waits { tr("why.word-waits", &[]) } else { tr("why.word-calm", &[]) };
    html! {
        <div class={classes!("why", format!("why--{state}"))}>
            <div class="why__words">
                <p class="why__sentence">
                    <strong class="why__word">{ word }</strong>
                    <span data-why="" data-rule={why.rule.clone()}>{ sentence(why) }</span>
                </p>
                <p class="why__chain" hidden={why.chain.is_empty()}>
                    { tr("why.chain", &[]) }
                    { " " }
                    { for why.chain.iter().enumerate().map(|(index, name)| html! {
                        <>
                            if index > 0 { <span class="why__arrow" aria-hidden="true">{ " → " }</span> }
                            <span class="why__link">{ name }</span>
                        </>
                    }) }
                </p>
            </div>
            <div class="why__remedy" hidden={why.remedy.is_none()}>
                if let Some(remedy) = &why.remedy {
                    <button
                        class="button button--accent"
                        type="button"
                        data-role="remedy"
                        title={remedy.command.line.clone()}
                        onclick={
                            let (dispatch, command) = (props.dispatch.clone(), remedy.command.clone());
                            Callback::from(move |_: MouseEvent| dispatch.emit(Action::Run(command.clone())))
                        }
                    >{ tr(remedy.key, &[("name", &remedy.name)]) }</button>
                }
            </div>
        </div>
    }
}

/// The rule in plain words.
pub fn words(why: &Why) -> String {
    let word = |piece| match piece {
        Piece::Words(text) | Piece::Value(_, text) => text,
    };
    in_pieces(why).into_iter().map(word).collect()
}

/// The rule in words, with names set off.
fn sentence(why: &Why) -> Html {
    in_pieces(why)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => html! { { words } },
            Piece::Value(_, value) => html! { <b class="why__name">{ value }</b> },
        })
        .collect()
}

/// The rule in words. A rule without words is named.
fn in_pieces(why: &Why) -> Vec<Piece> {
    let key = format!("why.{}", why.rule);
    let arguments: Vec<(&str, &str)> = why.arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let key = if has(&key) { key.as_str() } else { "why.unknown" };
    pieces(key, &arguments)
}
