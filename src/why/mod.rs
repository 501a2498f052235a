//! *Why?*: one sentence that says what is going on or what is waited for, and by which rule. The rule comes from the
//! engine's decisions, the words from the locale files. It must not guess.

pub mod banner;
pub mod choose;
mod remedy;
mod rule_panel;
pub mod rules;

pub use banner::WhyBanner;
