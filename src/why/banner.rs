//! The sentence at the head of the stage, with its rule, since when it is so, who waits for whom, and what would help.
//! It must not know how the sentence was chosen.

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use super::choose::{PLAIN, Why};
use super::rule_panel::RulePanel;
use crate::app::Action;
use crate::locale::{Piece, has, pieces, tr};
use crate::timeline::clock::time_of;

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
    let open = use_state(|| false);
    let opener = use_node_ref();
    let state = if why.waits { "waits" } else { "calm" };
    let word = if why.waits { tr("why.word-waits", &[]) } else { tr("why.word-calm", &[]) };
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let (open, opener) = (open.clone(), opener.clone());
        Callback::from(move |()| {
            open.set(false);
            if let Some(opener) = opener.cast::<HtmlElement>() {
                // A button that is not on the page any more needs no focus.
                let _ = opener.focus();
            }
        })
    };
    let whole = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Select(None)))
    };
    html! {
        <div class={classes!("why", format!("why--{state}"))}>
            <div class="why__words">
                if let Some(chosen) = &why.chosen {
                    <p class="why__about">
                        { tr("why.about", &[("name", &format!("{} {}", chosen.kind.name(), chosen.name))]) }
                        <button type="button" class="why__whole" data-role="why-whole" onclick={whole}>{ tr("why.whole", &[]) }</button>
                    </p>
                }
                <p class="why__sentence">
                    <strong class="why__word">{ word }</strong>
                    <span data-why="" data-rule={why.rule.clone()}>{ sentence(&why.rule, &why.arguments) }</span>
                </p>
                <div class="why__more">
                    if let Some(since_ms) = why.since_ms {
                        <p class="why__since">{ tr("why.since", &[("time", &time_of(since_ms))]) }</p>
                    }
                    { chain(props) }
                    if let Some(saw) = &why.saw {
                        <p class="why__chain">{ tr("why.saw", &[("there", &saw.there.to_string()), ("wanted", &saw.wanted.to_string()), ("ready", &saw.ready.to_string()), ("updated", &saw.updated.to_string())]) }</p>
                    }
                    if let Some((rule, arguments)) = &why.name {
                        <p class="why__chain" data-why-name={rule.clone()}>{ sentence(rule, arguments) }</p>
                    }
                </div>
            </div>
            <div class="why__tools">
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
                if !PLAIN.contains(&&*why.rule) {
                    <button class="why__which" type="button" data-role="which-rule" ref={opener} aria-expanded={open.to_string()} onclick={toggle}>{ tr("why.which-rule", &[]) }</button>
                }
            </div>
            if *open {
                <RulePanel key={why.rule.clone()} rule={why.rule.clone()} {close} />
            }
        </div>
    }
}

/// What is said, in plain words.
pub fn words(why: &Why) -> String {
    let word = |piece| match piece {
        Piece::Words(text) | Piece::Value(_, text) => text,
    };
    in_pieces(&why.rule, &why.arguments).into_iter().map(word).collect()
}

/// Who waits for whom; pressing a name asks about it.
fn chain(props: &WhyBannerProps) -> Html {
    let chain = &props.why.chain;
    html! {
        <p class="why__chain" hidden={chain.is_empty()}>
            { tr("why.chain", &[]) }
            { " " }
            { for chain.iter().enumerate().map(|(index, key)| {
                let (dispatch, key) = (props.dispatch.clone(), key.clone());
                let name = key.name.to_string();
                let ask = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Select(Some(key.clone()))));
                html! {
                    <>
                        if index > 0 { <span class="why__arrow" aria-hidden="true">{ " → " }</span> }
                        <button type="button" class="why__link" onclick={ask}>{ name }</button>
                    </>
                }
            }) }
        </p>
    }
}

/// The rule in words, with names set off.
fn sentence(rule: &str, arguments: &[(String, String)]) -> Html {
    in_pieces(rule, arguments)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => html! { { words } },
            Piece::Value(_, value) => html! { <b class="why__name">{ value }</b> },
        })
        .collect()
}

/// The rule in words. A rule without words is named.
fn in_pieces(rule: &str, arguments: &[(String, String)]) -> Vec<Piece> {
    let key = format!("why.{rule}");
    let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let key = if has(&key) { key.as_str() } else { "why.unknown" };
    pieces(key, &arguments)
}
