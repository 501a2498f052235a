//! The engine of the StatefulSet sandbox: a deterministic model of a Kubernetes cluster, of kubectl and of the few
//! programs that StatefulSet labs use. It owns everything that needs no screen, and must not know a browser, a wall
//! clock, a file system or a random source other than its seed.

pub mod api;
pub mod assist;
pub mod cluster;
pub mod complete;
pub mod controllers;
pub mod dns;
pub mod ensemble;
pub mod hash;
pub mod images;
pub mod invariants;
pub mod journal;
mod json;
pub mod kubectl;
pub mod lesson;
pub mod manifest;
pub mod order;
pub mod process;
pub mod reasons;
pub mod review;
pub mod schema;
pub mod script;
pub mod session;
pub mod settings;
pub mod shell;
pub mod sorted;
pub mod texts;
