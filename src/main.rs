//! Mounts the page.

fn main() {
    statefulset_sandbox::browser::panic::install();
    yew::Renderer::<statefulset_sandbox::app::App>::new().render();
}
