//! Mounts the page in the place of the picture that index.html holds, once its language is there. Each piece of work has
//! a turn of the browser of its own: while one goes on, no key is taken and nothing is drawn.

use gloo_timers::future::TimeoutFuture;
use statefulset_sandbox::app::{App, AppProps, Made, Visit};
use statefulset_sandbox::browser::{language, panic};
use statefulset_sandbox::embed::parameters::Parameters;

fn main() {
    panic::install();
    yew::platform::spawn_local(async {
        let visit = Visit::of_browser();
        let asked = Parameters::read(&visit.query).language;
        language::load(asked.unwrap_or_else(language::preferred)).await;
        TimeoutFuture::new(0).await;
        let made = Made::in_turns().await;
        TimeoutFuture::new(0).await;
        let root = web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("app"));
        if let Some(root) = root {
            yew::Renderer::<App>::with_root_and_props(root, AppProps { paused: false, visit, made }).render();
        }
    });
}
