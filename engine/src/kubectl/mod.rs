//! argv -> request -> text, as kubectl 1.36.2 prints it. It must not know the page.
//!
//! [`commands`] is the table of verbs; each verb has a file of its own. Verbs read through [`client`], write through
//! [`change`], and print through [`output`] and [`table`].

pub mod apply;
pub mod change;
pub mod client;
pub mod commands;
pub mod config;
pub mod create;
pub mod delete;
pub mod describe;
pub mod diff;
pub mod dispatch;
pub mod edit;
pub mod events;
pub mod explain;
pub mod expose;
pub mod failure;
pub mod files;
pub mod flags;
pub mod get;
pub mod help;
pub mod info;
pub mod label;
pub mod nodes;
pub mod output;
pub mod patch;
pub mod pods;
pub mod replace;
pub mod resources;
pub mod rollout;
pub mod scale;
pub mod selectors;
pub mod set;
pub mod table;
pub mod unknown;
pub mod wait;

use crate::process::Process;

/// Starts `kubectl` with these arguments (without the program's own name).
pub fn start(arguments: &[String]) -> Box<dyn Process> {
    dispatch::start(arguments)
}

#[cfg(test)]
mod tests;
