//! The containers inside a pod's card.
//! It must not know pods.

use yew::prelude::*;

use super::scene::{ContainerCard, ContainerLook};
use crate::locale::{tr, tr_count};

/// Containers that are listed; more are counted.
const LISTED_MAX: usize = 3;

/// The containers of a pod, init containers first.
pub(super) fn containers(all: &[ContainerCard]) -> Html {
    let more = all.len().saturating_sub(LISTED_MAX);
    html! {
        <ul class="containers" aria-label={tr("stage.containers", &[])}>
            { for all.iter().take(LISTED_MAX).map(container) }
            if more > 0 { <li class="container container--more">{ format!("+{more}") }</li> }
        </ul>
    }
}

fn container(container: &ContainerCard) -> Html {
    let look = tr(&format!("stage.container.{}", container.look.name()), &[]);
    let word = if container.reason.is_empty() { look } else { container.reason.to_owned() };
    html! {
        <li
            class={classes!("container", format!("container--{}", container.look.name()), container.init.then_some("container--init"))}
            title={format!("{}: {word}, {}", container.name, container.image)}
        >
            { shape(container.look) }
            <span class="container__name">{ container.name.shared() }</span>
            if container.init {
                <span class="container__fact">{ tr("stage.init", &[]) }</span>
            } else {
                <span class={classes!("container__fact", (container.restarts > 0).then_some("container__fact--bad"))}>
                    { tr_count("stage.restarts", u64::from(container.restarts), &[]) }
                </span>
            }
            <span class="visually-hidden">{ word }</span>
        </li>
    }
}

/// A box that is empty, half full, full, ticked or crossed.
fn shape(look: ContainerLook) -> Html {
    let inside = match look {
        ContainerLook::Waiting => html! {},
        ContainerLook::Running => html! { <rect class="fill" x="3.5" y="6" width="5" height="2.5" /> },
        ContainerLook::Ready => html! { <rect class="fill" x="3.5" y="3.5" width="5" height="5" /> },
        ContainerLook::Done => html! { <path d="M3.4 6.2 L5.3 8.1 L8.8 4" /> },
        ContainerLook::Failed => html! { <path d="M3.8 3.8 L8.2 8.2 M8.2 3.8 L3.8 8.2" /> },
    };
    html! {
        <svg class="shape container__shape" viewBox="0 0 12 12" aria-hidden="true"><rect x="1" y="1" width="10" height="10" rx="2" />{ inside }</svg>
    }
}
