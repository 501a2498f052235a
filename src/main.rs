//! Mounts the page.
fn main() {
    yew::Renderer::<statefulset_sandbox::app::App>::new().render();
}
