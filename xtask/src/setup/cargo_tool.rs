//! Tools that Cargo installs: Trunk, wasm-bindgen's command line, and those that only some chores want.
//!
//! Each lives in the cache under its name and version, so that clones and branches with different versions do not disturb
//! each other. The right version on PATH is used as it is. Must not know what the tools are used for.

use super::{Found, Site};
use crate::{
    failure::{Failure, Result},
    paths, process,
    steps::step,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A tool at one version.
pub(super) struct Tool {
    package: &'static str,
    version: String,
    programs: &'static [&'static str],
    why: &'static str,
    /// Whether the versions of its dependencies that it was released with can be relied on to build.
    locked: bool,
    /// How well to optimise it: the less, the sooner it is here.
    optimise: &'static str,
}

/// Trunk, pinned: 0.22 wants a newer Rust than the project does.
pub(super) fn trunk() -> Tool {
    Tool {
        package: "trunk",
        version: "0.21.14".into(),
        programs: &["trunk"],
        why: "Trunk builds the page from index.html and the crate, and serves it. Compiling it takes a few minutes, once.",
        locked: true,
        // Trunk mostly waits for others, so a minute of waiting for it is worth more than its own tenth of a second.
        optimise: "0",
    }
}

/// wasm-bindgen, at the version of the library: the two must agree to the last digit.
pub(super) fn wasm_bindgen() -> Result<Tool> {
    Ok(Tool {
        package: "wasm-bindgen-cli",
        version: paths::locked_version("wasm-bindgen")?,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        why: "wasm-bindgen joins the compiled page and the browser, and runs tests in it. Compiling it takes a few minutes, once.",
        locked: false,
        optimise: "1",
    })
}

/// Firefox's driver.
pub(super) fn geckodriver() -> Tool {
    Tool {
        package: "geckodriver",
        version: "0.37.1".into(),
        programs: &["geckodriver"],
        why: "geckodriver lets tests drive Firefox. Compiling it takes about two minutes, once.",
        locked: true,
        optimise: "0",
    }
}

/// mdBook, which makes books of Markdown.
pub(super) fn mdbook() -> Tool {
    Tool {
        package: "mdbook",
        version: "0.5.4".into(),
        programs: &["mdbook"],
        why: "The sandbox is tried in a book that mdBook makes. Compiling it takes a few minutes, once.",
        locked: true,
        optimise: "0",
    }
}

impl Tool {
    fn name(&self) -> String {
        format!("{} {}", self.package, self.version)
    }

    fn home(&self, site: &Site) -> PathBuf {
        site.cache.join("tools").join(format!("{}-{}", self.package, self.version))
    }

    /// Whether all programs in the folder (or, without one, on PATH) are there at the right version.
    fn is_in(&self, folder: Option<&Path>) -> bool {
        self.programs.iter().all(|program| {
            let program = folder.map_or_else(|| PathBuf::from(program), |folder| folder.join(program));
            process::answer(process::command(program).arg("--version")).is_some_and(|says| names_version(&says, &self.version))
        })
    }
}

pub(super) fn find(tool: &Tool, site: &Site) -> Option<Found> {
    let folder = tool.home(site).join("bin");
    if tool.is_in(Some(&folder)) {
        offer_on_path(tool, site, &folder);
        return Some(Found::in_folder(tool.name(), folder));
    }
    tool.is_in(None).then(|| Found::named(tool.name()))
}

pub(super) fn fetch(tool: &Tool, site: &Site) -> Result<Found> {
    let folder = tool.home(site).join("bin");
    step(&format!("cargo install {} --version {}", tool.package, tool.version), tool.why, || {
        process::logged(&mut install(tool, site), &site.log(tool.package), site.verbose).map_err(|failure| {
            failure.remedy(format!(
                "if the crates could not be fetched, see that there is a network and run this again. \
                 A {} {} that you installed yourself and put on PATH is used as well.",
                tool.package, tool.version
            ))
        })
    })?;
    find(tool, site).ok_or_else(|| {
        Failure::new(format!("{} was installed in {}, but does not run.", tool.name(), folder.display()))
            .remedy("remove that folder and run this again.")
    })
}

fn install(tool: &Tool, site: &Site) -> Command {
    let mut cargo = process::command("cargo");
    cargo.args(["install", tool.package, "--version", &format!("={}", tool.version), "--root"]).arg(tool.home(site));
    if tool.locked {
        cargo.arg("--locked");
    }
    // Their own release profiles (fat LTO, one unit) make fast tools slowly.
    for (name, value) in [("OPT_LEVEL", tool.optimise), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0"), ("STRIP", "debuginfo")] {
        cargo.env(format!("CARGO_PROFILE_RELEASE_{name}"), value);
    }
    // Checksums over megabytes of WebAssembly are the one thing that Trunk computes itself.
    if tool.package == "trunk" {
        cargo.args(["--config", "profile.release.package.sha2.opt-level=3"]);
    }
    cargo
}

/// Whether what a program prints for `--version` names exactly this version.
fn names_version(says: &str, version: &str) -> bool {
    says.split_whitespace().any(|word| word.strip_prefix('v').unwrap_or(word) == version)
}

/// Lets the person call `trunk` by hand: links our programs into Cargo's folder of programs, which is on PATH.
/// Only where there is no program of that name yet, or a link that we made earlier; and it is no harm if it fails.
fn offer_on_path(tool: &Tool, site: &Site, folder: &Path) {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let Some(home) = home.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"))) else { return };
    for program in tool.programs {
        let (link, target) = (home.join("bin").join(program), folder.join(program));
        match fs::read_link(&link) {
            Ok(old) if old == target => continue,
            Ok(old) if old.starts_with(&site.cache) => drop(fs::remove_file(&link)),
            _ if paths::on_path(program).is_some() => continue,
            _ => {}
        }
        #[cfg(unix)]
        if std::os::unix::fs::symlink(&target, &link).is_ok() {
            println!("  {} now leads to {}, so that `{program}` can be called by hand.", link.display(), target.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_version_will_do() {
        assert!(names_version("trunk 0.21.14", "0.21.14"));
        assert!(names_version("wasm-bindgen 0.2.130 (abcdef)", "0.2.130"));
        assert!(names_version("mdbook v0.5.4", "0.5.4"));
        assert!(!names_version("wasm-bindgen 0.2.13", "0.2.130"));
        assert!(!names_version("trunk 0.21.14-beta.1", "0.21.14"));
    }
}
