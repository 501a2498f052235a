//! Text of lessons as elements: code, words that matter, links to the glossary, to lessons and to the documentation.
//! It must not know where a text comes from.

use statefulset_engine::lesson::text::{Block, Inline};
use yew::prelude::*;

use super::Act;
use crate::app::Action;

/// Blocks of text.
pub(super) fn blocks(blocks: &[Block], dispatch: &Callback<Action>) -> Html {
    blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(words) => html! { <p class="lesson__text">{ run(words, dispatch) }</p> },
            Block::List(items) => html! {
                <ul class="lesson__list">{ for items.iter().map(|words| html! { <li>{ run(words, dispatch) }</li> }) }</ul>
            },
            Block::Code(code) => html! { <pre class="lesson__code">{ code }</pre> },
        })
        .collect()
}

/// A run of text.
pub(super) fn run(words: &[Inline], dispatch: &Callback<Action>) -> Html {
    words
        .iter()
        .map(|piece| match piece {
            Inline::Words(words) => html! { { words } },
            Inline::Code(code) => html! { <code class="code">{ code }</code> },
            Inline::Strong(words) => html! { <b>{ words }</b> },
            Inline::Link { words, target } => link(words, target, dispatch),
        })
        .collect()
}

fn link(words: &str, target: &str, dispatch: &Callback<Action>) -> Html {
    let act = match target.split_once(':') {
        Some(("term", name)) => Act::Term(Some(name.to_owned())),
        Some(("lesson", name)) => Act::Open(name.to_owned()),
        _ => return html! { <a href={target.to_owned()} target="_blank" rel="noopener noreferrer">{ words }</a> },
    };
    let dispatch = dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Lesson(act.clone())));
    html! { <button class="link" type="button" {onclick}>{ words }</button> }
}
