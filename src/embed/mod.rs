//! The sandbox inside another page: what its address asks for, and the messages that it exchanges with the page around it.
//! Both are written down for hosts in docs/embedding.md and static/embed.d.ts. It must not know the cluster.

pub mod host;
pub mod parameters;
pub mod protocol;
