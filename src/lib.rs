//! The page of the StatefulSet sandbox: shows what the engine does, and turns gestures into commands.
//! The only crate that knows a browser; it decides nothing about Kubernetes.

pub mod app;
pub mod browser;
pub mod chrome;
pub mod compare;
pub mod dock;
pub mod editor;
pub mod embed;
pub mod inspector;
pub mod keep;
pub mod lesson;
pub mod locale;
pub mod resolver;
pub mod share;
pub mod stage;
pub mod state;
pub mod terminal;
pub mod timeline;
pub mod why;
