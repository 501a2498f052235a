//! What CoreDNS keeps: answers, also that a name does not exist, for a while. It must not know how answers are found.

/// What CoreDNS keeps.
#[derive(Clone, Debug, Default)]
pub struct Cache {}
