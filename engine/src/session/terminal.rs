//! What a terminal remembers between commands: the current namespace, the files that commands read, environment variables.
//! It must not know the cluster.

use crate::sorted::SortedMap;

use crate::api::metadata::Text;

/// The memory of a terminal.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// The namespace of kubectl's current context.
    pub namespace: Text,
    /// The files that commands can read, by name.
    pub files: SortedMap<String, Text>,
    /// Environment variables.
    pub variables: SortedMap<String, String>,
}

impl Default for Terminal {
    fn default() -> Self {
        Self { namespace: "default".into(), files: SortedMap::new(), variables: SortedMap::new() }
    }
}
