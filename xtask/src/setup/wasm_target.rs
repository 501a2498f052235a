//! A Rust toolchain that can compile for WebAssembly: the person's own, another that rustup has, one that rustup can complete,
//! or Debian's.
//!
//! Decides which; how Debian's is made is [`debian`]'s business.

use super::{Found, Site, debian};
use crate::{
    failure::{Failure, Result},
    paths, process,
    steps::step,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The target of everything that runs in the browser.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

pub(super) fn find(site: &Site) -> Result<Option<Found>> {
    let libraries = process::answer(process::command("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    if libraries.is_some_and(|folder| holds_core(Path::new(&folder))) {
        return Ok(Some(Found::named(TARGET)));
    }
    if let Some((name, folder)) = complete_rustup_toolchain()? {
        return Ok(Some(Found::in_folder(format!("{TARGET} of rustup's {name}"), folder.join("bin"))));
    }
    Ok(debian::find(site))
}

pub(super) fn fetch(site: &Site) -> Result<Found> {
    let has_rustup = paths::on_path("rustup").is_some();
    if has_rustup {
        let tried = step(
            &format!("rustup target add {TARGET}"),
            "The page is Rust compiled to WebAssembly, and the standard library for it is not here yet.",
            || process::logged(process::command("rustup").args(["target", "add", TARGET]), &site.log("rustup"), site.verbose),
        );
        match tried {
            Ok(()) => {
                if let Some(found) = find(site)? {
                    return Ok(found);
                }
                println!("      It is still not found. Trying Debian's toolchain instead.");
            }
            Err(_) if debian::is_possible() => println!("      rustup cannot download it. Debian's toolchain will do instead."),
            Err(failure) => {
                return Err(failure.remedy(format!(
                    "see that rustup reaches its server and run `rustup target add {TARGET}`. \
                     On Debian 12 and newer, the packages of its own Rust are used instead."
                )));
            }
        }
    }
    if !debian::is_possible() {
        return Err(Failure::new(format!("No Rust toolchain here has a standard library for {TARGET}."))
            .remedy(format!("install Rust with rustup, then run `rustup target add {TARGET}`.")));
    }
    debian::fetch(site)
}

/// A toolchain of rustup's, other than the active one, that has the target and is new enough. Stable ones are preferred.
fn complete_rustup_toolchain() -> Result<Option<(String, PathBuf)>> {
    let Some(home) = env::var_os("RUSTUP_HOME").map(PathBuf::from).or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".rustup")))
    else {
        return Ok(None);
    };
    let Ok(folders) = fs::read_dir(home.join("toolchains")) else { return Ok(None) };
    let mut candidates: Vec<(String, PathBuf)> = folders
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        // Our own Debian toolchain may be linked there; only its maker knows whether it is still good.
        .filter(|(_, folder)| !debian::is_ours(folder))
        .filter(|(_, folder)| holds_core(&folder.join("lib/rustlib").join(TARGET).join("lib")))
        .collect();
    candidates.sort_by_key(|(name, _)| (!name.starts_with("stable"), name.starts_with("nightly"), name.clone()));
    let oldest = oldest_rust()?;
    Ok(candidates.into_iter().find(|(_, folder)| {
        let rustc = folder.join("bin/rustc");
        process::answer(process::command(rustc).arg("--version")).and_then(|says| release(&says)).is_some_and(|version| version >= oldest)
    }))
}

/// Whether a folder of libraries is that of a whole target, and not what an uninstalled one left behind.
pub(super) fn holds_core(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|files| {
        files.flatten().any(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            name.starts_with("libcore-") && name.ends_with(".rlib")
        })
    })
}

/// The `rust-version` that Cargo.toml asks for.
pub(super) fn oldest_rust() -> Result<(u32, u32)> {
    let path = paths::root().join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|error| Failure::new(format!("{} cannot be read: {error}.", path.display())))?;
    text.lines()
        .find_map(|line| line.strip_prefix("rust-version")?.split('"').nth(1))
        .and_then(numbers)
        .ok_or_else(|| Failure::new("Cargo.toml does not say which rust-version it needs."))
}

/// Major and minor of `rustc 1.96.0 (…)`.
pub(super) fn release(says: &str) -> Option<(u32, u32)> {
    numbers(says.split_whitespace().nth(1)?)
}

fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split(['.', '-']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compilers_release_is_read() {
        assert_eq!(release("rustc 1.96.0 (abc 2026-05-01) (built from a source tarball)"), Some((1, 96)));
        assert_eq!(release("rustc 1.97.0-nightly (abc 2026-05-01)"), Some((1, 97)));
        assert_eq!(release("nonsense"), None);
    }

    #[test]
    fn the_projects_oldest_rust_is_read() {
        assert!(oldest_rust().unwrap() >= (1, 85));
    }
}
