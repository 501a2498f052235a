//! The few things the page needs from a browser besides elements: clipboard, frames, storage, files beside the page, theme,
//! focus, language, what to do after a panic.
//! Each is wrapped so that a browser that refuses it costs a convenience and not the page. It must not know the cluster.

pub mod clipboard;
pub mod fetch;
pub mod files;
pub mod focus;
pub mod frames;
pub mod language;
pub mod panic;
pub mod selection;
pub mod storage;
pub mod tempo;
pub mod texts;
pub mod theme;
pub mod visit;
