//! The page around this one: hears its requests and speaks to it. Who it is is settled by the first valid message, by the
//! window that it comes from: a sandboxed frame's origin is "null" and says nothing. It must not know what a request does.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{MessageEvent, Window};
use yew::Callback;

use super::protocol::{MESSAGE_BYTES_MAX, Refusal, Request, Word, request};

/// The page around.
pub struct Host {
    parent: Window,
    /// To whom words are addressed: the origin of the first valid message, once there was one.
    peer: Rc<RefCell<Option<String>>>,
    _listener: EventListener,
}

impl Host {
    /// Listens to the page around, if there is one. Where `origins` names some, no other is heard.
    pub fn new(origins: Vec<String>, hear: Callback<Request>) -> Option<Self> {
        let window = web_sys::window()?;
        let parent = window.parent().ok()?.filter(|parent| *parent != window)?;
        let peer = Rc::new(RefCell::new(None));
        let listener = {
            let (parent, peer) = (parent.clone(), peer.clone());
            EventListener::new(&window, "message", move |event| {
                let Some(event) = event.dyn_ref::<MessageEvent>() else {
                    return;
                };
                let from_parent = event.source().is_some_and(|source| JsValue::from(source) == JsValue::from(parent.clone()));
                let allowed = origins.is_empty() || origins.contains(&event.origin());
                let known = peer.borrow().as_ref().is_none_or(|peer: &String| *peer == event.origin());
                if !from_parent || !allowed || !known {
                    return;
                }
                match text_of(&event.data()).ok_or(Refusal::Stranger).and_then(|text| request(&text)) {
                    Ok(request) => {
                        peer.replace(Some(event.origin()));
                        hear.emit(request);
                    }
                    Err(Refusal::Wrong(member)) => {
                        send(&parent, &event.origin(), &Word::Error("bad-message", member.to_owned()));
                    }
                    Err(Refusal::Stranger) => {}
                }
            })
        };
        Some(Self { parent, peer, _listener: listener })
    }

    /// Says that the page is there, or how tall it is: no secret, so to anyone who embeds it.
    pub fn announce(&self, word: &Word) {
        send(&self.parent, "null", word);
    }

    /// Says something to the peer; nothing where nobody has spoken yet.
    pub fn say(&self, word: &Word) {
        if let Some(origin) = &*self.peer.borrow() {
            send(&self.parent, origin, word);
        }
    }

    /// Whether somebody listens.
    pub fn listens(&self) -> bool {
        self.peer.borrow().is_some()
    }
}

/// A message as text; `None` where it is no plain object, or too large to be looked at.
fn text_of(data: &JsValue) -> Option<String> {
    if !data.is_object() {
        return None;
    }
    let text = js_sys::JSON::stringify(data).ok()?;
    (text.length() as usize <= MESSAGE_BYTES_MAX).then(|| text.into())
}

fn send(to: &Window, origin: &str, word: &Word) {
    // An opaque origin cannot be addressed; the window is the parent's all the same.
    let target = if origin == "null" { "*" } else { origin };
    if let Ok(message) = js_sys::JSON::parse(&word.json()) {
        // A parent that is gone hears nothing.
        let _ = to.post_message(&message, target);
    }
}
