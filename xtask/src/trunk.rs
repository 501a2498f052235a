//! Calling Trunk: the one place that knows its command line. What Trunk does is in Trunk.toml.

use crate::setup::Workshop;
use std::{env, path::Path, process::Command};

/// How the page is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Quickly, for looking at.
    Development,
    /// Small and fast, for publishing.
    Release,
}

/// `trunk VERB` that writes the page to a folder.
pub(crate) fn command(workshop: &Workshop, verb: &str, flavour: Flavour, dist: &Path) -> Command {
    let mut trunk = workshop.wasm_command("trunk");
    trunk.arg(verb).arg("--dist").arg(dist);
    if flavour == Flavour::Release {
        trunk.args(["--release", "--cargo-profile", "wasm-release"]);
    }
    // Trunk reads NO_COLOR as true or false and stops at the usual 1.
    if env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    trunk
}

#[cfg(test)]
mod tests {
    use crate::paths;

    /// Trunk stops when a folder that it is to watch is missing, so Trunk.toml cannot name folders in advance.
    #[test]
    fn every_folder_that_the_page_is_made_of_is_watched() {
        let root = paths::root();
        let settings = std::fs::read_to_string(root.join("Trunk.toml")).unwrap();
        let watched = settings.lines().find(|line| line.starts_with("watch = [")).unwrap();
        for folder in ["engine", "lessons", "locales", "src", "static"] {
            let exists = std::fs::read_dir(root.join(folder)).is_ok_and(|mut files| files.next().is_some());
            assert!(!exists || watched.contains(&format!("\"{folder}\"")), "{folder}/ belongs in `watch` of Trunk.toml");
        }
    }
}
