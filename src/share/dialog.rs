//! The dialog that hands a session out: link, file, script, pictures, the lines that embed it, and the way to start over.
//! It must not know how any of them is made.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use crate::app::{Action, Export, Keeping};
use crate::browser::{clipboard, files};
use crate::locale::{tr, tr_count};

/// The id of the dialog.
const DIALOG: &str = "share";

/// Opens the dialog.
pub fn open() {
    if let Some(dialog) = dialog() {
        // Refused only where it is open already.
        let _ = dialog.show_modal();
    }
}

/// Closes the dialog.
pub fn close() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

fn dialog() -> Option<HtmlDialogElement> {
    web_sys::window()?.document()?.get_element_by_id(DIALOG)?.dyn_into().ok()
}

/// A session in the forms that fit into a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// The link.
    pub link: String,
    /// How many letters its fragment has.
    pub letters: usize,
    /// The lines that put it into another page.
    pub embed: String,
    /// The script for a real cluster.
    pub kubectl: String,
}

/// Properties of [`ShareDialog`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ShareDialogProps {
    /// What there is to hand out.
    pub shared: Rc<Shared>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The dialog; closed at first.
#[component]
pub fn ShareDialog(props: &ShareDialogProps) -> Html {
    let said = use_state(String::new);
    let asking = use_state(|| false);
    let copy = |text: &str, done: &'static str| {
        let (text, said) = (text.to_owned(), said.clone());
        Callback::from(move |_: MouseEvent| {
            let said = said.clone();
            clipboard::copy(text.clone(), move |copied| said.set(tr(if copied { done } else { "share.not-copied" }, &[])));
        })
    };
    let export = |export: Export, label: &str, role: &'static str| {
        let dispatch = props.dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Export(export)));
        html! { <button class="button" type="button" data-role={role} {onclick}>{ tr(label, &[]) }</button> }
    };
    let pick = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let dispatch = dispatch.clone();
                files::read(&input, move |name, text| {
                    close();
                    dispatch.emit(Action::Keep(Keeping::Open { name, text }));
                });
            }
        })
    };
    let ask = {
        let asking = asking.clone();
        move |ask: bool| {
            let asking = asking.clone();
            Callback::from(move |_: MouseEvent| asking.set(ask))
        }
    };
    let start_over = {
        let (dispatch, asking) = (props.dispatch.clone(), asking.clone());
        Callback::from(move |_: MouseEvent| {
            asking.set(false);
            close();
            dispatch.emit(Action::Keep(Keeping::StartOver));
        })
    };
    let shared = &props.shared;
    html! {
        <dialog class="about share" id={DIALOG} aria-labelledby="share-title" data-role="share-dialog">
            <div class="about__head">
                <h2 class="about__title" id="share-title">{ tr("share.title", &[]) }</h2>
                <button class="button" type="button" onclick={Callback::from(|_: MouseEvent| close())}>{ tr("share.close", &[]) }</button>
            </div>
            <p class="share__said" role="status">{ &*said }</p>
            <section class="about__part">
                <h3 class="about__heading" id="share-link">{ tr("share.link", &[]) }</h3>
                <div class="share__row">
                    <input class="input share__field" readonly=true data-role="share-link" aria-labelledby="share-link" value={shared.link.clone()} />
                    <button class="button button--accent" type="button" data-role="copy-link" onclick={copy(&shared.link, "share.copied")}>
                        { tr("share.copy", &[]) }
                    </button>
                </div>
                <p class="share__note">{ tr_count("share.link-note", shared.letters as u64, &[]) }</p>
            </section>
            <section class="about__part">
                <h3 class="about__heading">{ tr("share.file", &[]) }</h3>
                <div class="share__row">
                    { export(Export::Session, "share.download", "download-session") }
                    <label class="button share__open">
                        { tr("share.open", &[]) }
                        <input class="visually-hidden" type="file" data-role="open-file" accept=".txt,.yaml,.yml,text/plain" onchange={pick} />
                    </label>
                    <button class="button" type="button" data-role="copy-kubectl" onclick={copy(&shared.kubectl, "share.copied-script")}>
                        { tr("share.kubectl", &[]) }
                    </button>
                </div>
                <p class="share__note">{ tr("share.file-note", &[]) }</p>
            </section>
            <section class="about__part">
                <h3 class="about__heading">{ tr("share.picture", &[]) }</h3>
                <div class="share__row">
                    { export(Export::Svg, "share.svg", "save-svg") }
                    { export(Export::Png, "share.png", "save-png") }
                    { export(Export::Strip, "share.strip", "save-strip") }
                </div>
                <p class="share__note">{ tr("share.picture-note", &[]) }</p>
            </section>
            <section class="about__part">
                <h3 class="about__heading" id="share-embed">{ tr("share.embed", &[]) }</h3>
                <div class="share__row">
                    <textarea class="input share__field share__lines" readonly=true rows="3" aria-labelledby="share-embed" value={shared.embed.clone()} />
                    <button class="button" type="button" data-role="copy-embed" onclick={copy(&shared.embed, "share.copied")}>{ tr("share.copy", &[]) }</button>
                </div>
            </section>
            <section class="about__part share__over">
                if *asking {
                    <p class="share__ask" role="alert">{ tr("share.over-ask", &[]) }</p>
                    <button class="button share__sure" type="button" data-role="start-over-sure" onclick={start_over}>{ tr("share.over-sure", &[]) }</button>
                    <button class="button" type="button" onclick={ask(false)}>{ tr("share.over-keep", &[]) }</button>
                } else {
                    <button class="button" type="button" data-role="start-over" onclick={ask(true)}>{ tr("share.over", &[]) }</button>
                }
            </section>
        </dialog>
    }
}
