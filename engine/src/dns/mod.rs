//! What CoreDNS would answer: records, search list, cache. It must not know the shell.

pub mod cache;
