//! Mounts the page, once its language is there.

use statefulset_sandbox::browser::{language, panic};

fn main() {
    panic::install();
    yew::platform::spawn_local(async {
        language::load(language::preferred()).await;
        yew::Renderer::<statefulset_sandbox::app::App>::new().render();
    });
}
