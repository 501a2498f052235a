//! Sharing: what there is to a session, as a text that the headless runner runs and as a link that carries it all.
//! The codec (`saved`, `write`, `read`, `link`, `base64`) is pure and tested natively, and so are `replay`, which does a
//! session again, and `kubectl` and `picture`, which make other things of it. `dialog` hands all of it out.
//! It must not know how the page keeps any of it.

pub mod base64;
pub mod dialog;
pub mod kubectl;
pub mod link;
pub mod picture;
pub mod read;
pub mod replay;
pub mod saved;
pub mod write;

#[cfg(test)]
mod tests;
