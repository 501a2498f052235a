//! The table of kubectl's commands: names, flags, and what runs. It must not know what any of them does.

mod flag_sets;
mod table;

pub use flag_sets::GLOBAL;
pub use table::COMMANDS;

use crate::process::{Context, Process};

use super::failure::Outcome;
use super::flags::{Flag, Parsed};

/// What a command does.
#[derive(Clone, Copy)]
pub enum Run {
    /// It is done at once.
    Now(fn(&Parsed, &mut Context<'_>) -> Outcome),
    /// It may wait.
    Later(fn(Parsed) -> Box<dyn Process>),
    /// It generates an object to create.
    Create,
    /// It is a group of commands.
    Group,
}

/// A command of kubectl.
pub struct Command {
    /// Its words, without `kubectl`: `rollout status`.
    pub name: &'static str,
    /// Other words for the last of them.
    pub aliases: &'static [&'static str],
    /// Its flags, besides the global ones.
    pub flags: &'static [&'static [Flag]],
    /// What it does.
    pub run: Run,
    /// What `--help` says first.
    pub about: &'static str,
    /// The line under `Usage:`, without `kubectl`.
    pub usage: &'static str,
}
