//! The root component of the page.
use yew::prelude::*;

/// The page.
#[component]
pub fn App() -> Html {
    html! { <main>{ "StatefulSet sandbox" }</main> }
}
