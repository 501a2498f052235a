//! What frames the panels: the page's header, the bar that chooses a pane on a narrow screen, what is said aloud, and the
//! words about the sandbox itself. It must not know the cluster.

pub mod about;
pub mod choices;
pub mod header;
pub mod live;
pub mod notice;
pub mod panes;
