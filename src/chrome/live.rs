//! What happens, said in sentences to those who hear the page.
//! It must not know where news come from.

use std::rc::Rc;

use yew::prelude::*;

use crate::locale::{tr, tr_count};
use crate::state::news::News;

/// More news at once are only counted: nobody can listen to fifty sentences.
const SENTENCES_MAX: usize = 4;

/// News in words.
pub fn sentences(news: &[News]) -> String {
    let told = news.iter().take(SENTENCES_MAX).map(|item| tr(item.key, &[("name", &item.name)]));
    let mut text = told.collect::<Vec<_>>().join(" ");
    if let Some(more) = news.len().checked_sub(SENTENCES_MAX).filter(|more| *more > 0) {
        text.push(' ');
        text.push_str(&tr_count("page.more-news", more as u64, &[]));
    }
    text
}

/// Properties of [`Live`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LiveProps {
    /// What to say.
    pub text: Rc<str>,
}

/// The live region.
#[component]
pub fn Live(props: &LiveProps) -> Html {
    html! { <div class="visually-hidden" role="status" aria-live="polite">{ &*props.text }</div> }
}
