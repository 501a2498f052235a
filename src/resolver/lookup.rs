//! A query as the resolver shows it: the thin layer over the engine's name server.
//! It must not know how it is drawn.

use statefulset_engine::api::time::Ms;
use statefulset_engine::cluster::World;

/// A query and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// Which query it is: no two are the same.
    pub id: usize,
    /// The name as it was typed.
    pub name: String,
    /// When it was asked.
    pub at_ms: Ms,
    /// The names that were tried, in order.
    pub tries: Vec<Try>,
    /// The addresses in the answer.
    pub addresses: Vec<Address>,
}

/// One name that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// The full name.
    pub name: String,
    /// What came back.
    pub outcome: Outcome,
}

/// What came back for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Addresses.
    Found,
    /// There is no such name.
    Missing,
    /// The name exists and has no address.
    Empty,
    /// Nobody answered.
    Failed,
}

impl Outcome {
    /// Its name in classes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Missing => "missing",
            Self::Empty => "empty",
            Self::Failed => "failed",
        }
    }
}

/// An address in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub ip: String,
    /// Whose it is: a pod or a Service; empty where nobody has it.
    pub owner: String,
}

impl Lookup {
    /// Lookups that are kept.
    pub const KEPT_MAX: usize = 12;

    /// Asks the cluster's name server, as a pod of the default namespace would.
    pub fn ask(world: &World, id: usize, name: &str) -> Self {
        Self { id, name: name.to_owned(), at_ms: world.now_ms(), tries: Vec::new(), addresses: Vec::new() }
    }

    /// The time it was asked, in seconds.
    pub fn clock(&self) -> String {
        format!("{}.{}", self.at_ms / 1_000, self.at_ms / 100 % 10)
    }
}
