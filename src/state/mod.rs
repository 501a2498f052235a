//! What the page shows, apart from a screen: the sandbox (a session, the acts of its person, its place in time), the pace
//! of playback, and what of the cluster a person can see. Everything here runs and is tested without a browser.
//! It must not know Yew or the DOM.

pub mod acts;
pub mod branches;
pub mod command;
pub mod examples;
pub mod files;
pub mod head;
pub mod history;
pub mod in_step;
pub mod jobs;
pub mod links;
pub mod news;
pub mod recall;
pub mod record;
pub mod sandbox;
pub mod snapshots;
pub mod speed;
pub mod strips;
pub mod visible;

#[cfg(test)]
mod tests;
