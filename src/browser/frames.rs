//! Animation frames: asked for one at a time, given back when nobody needs them any more.
//! It must not know what is done in a frame.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// A source of frames.
pub struct Frames {
    callback: Closure<dyn FnMut(f64)>,
    requested: Option<i32>,
}

impl Frames {
    /// Frames that call `callback` with the browser's time in milliseconds.
    pub fn new(callback: impl FnMut(f64) + 'static) -> Self {
        Self { callback: Closure::new(callback), requested: None }
    }

    /// Asks for a frame, unless one is under way.
    pub fn request(&mut self) {
        if self.requested.is_none() {
            let function = self.callback.as_ref().unchecked_ref();
            self.requested = web_sys::window().and_then(|window| window.request_animation_frame(function).ok());
        }
    }

    /// The frame that was asked for has come.
    pub fn arrived(&mut self) {
        self.requested = None;
    }

    /// Gives back the frame that was asked for.
    pub fn cancel(&mut self) {
        if let (Some(handle), Some(window)) = (self.requested.take(), web_sys::window()) {
            // A frame that has come already cannot be given back, which is as good.
            let _ = window.cancel_animation_frame(handle);
        }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// The browser's time in milliseconds, for measuring how long something took.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
