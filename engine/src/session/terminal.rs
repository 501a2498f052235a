//! What a terminal remembers between commands: the current namespace, the files that commands read, environment variables.
//! It must not know the cluster.

use crate::sorted::SortedMap;

use crate::api::metadata::Text;

/// A file that a command has opened in the editor, and waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFile {
    /// Its name.
    pub name: String,
    /// Its text, as it was opened.
    pub text: Text,
    /// How it was closed, once it was: with what was saved, or with nothing.
    pub closed: Option<Option<Text>>,
}

/// The memory of a terminal.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// The namespace of kubectl's current context.
    pub namespace: Text,
    /// The files that commands can read, by name.
    pub files: SortedMap<String, Text>,
    /// Environment variables.
    pub variables: SortedMap<String, String>,
    /// The file that is open in the editor for a command.
    pub open: Option<OpenFile>,
}

impl Default for Terminal {
    fn default() -> Self {
        Self { namespace: "default".into(), files: SortedMap::new(), variables: SortedMap::new(), open: None }
    }
}
