//! Debian's Rust as a toolchain for WebAssembly, where rustup's server is out of reach.
//!
//! Debian has the compiler and the library's source, but no library for wasm32: it is compiled here once, into a toolchain
//! folder of our own in the cache, whose `rustc` is Debian's with that folder as its sysroot. Nothing in the system's folders is
//! written, and the folder carries the package's version, so that a new compiler gets a new library.

use super::{
    Found, Site, apt,
    wasm_target::{self, TARGET},
};
use crate::{
    failure::{Failure, Result},
    paths, process,
    steps::step,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

const COMPILER: &str = "rustc-web";
const PACKAGES: [&str; 5] = [COMPILER, "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];
/// The folder that Debian's rustc was built to live in.
const SYSTEM: &str = "/usr";
/// The name under which rustup knows the toolchain.
const LINK: &str = "debian";
/// How the programs of our toolchain begin.
const SCRIPT: &str = "#!/bin/sh\n# Made by the set-up of StatefulSet sandbox.\n";

/// Whether this is a system with Debian's packages.
pub(super) fn is_possible() -> bool {
    Path::new("/etc/debian_version").exists() && paths::on_path("apt-get").is_some()
}

/// Whether rustup has a toolchain of the name.
pub(super) fn is_linked() -> bool {
    process::answer(process::command("rustup").args(["toolchain", "list"])).is_some_and(|list| list.lines().any(|line| line == LINK))
}

/// Whether a toolchain's folder was made here, for this cache or another.
pub(super) fn is_ours(folder: &Path) -> bool {
    fs::read_to_string(folder.join("bin/rustc")).is_ok_and(|script| script.starts_with(SCRIPT))
}

/// The folder of the toolchain for the compiler that is installed now.
fn home(site: &Site) -> Option<PathBuf> {
    if !Path::new(SYSTEM).join("bin/rustc").exists() {
        return None;
    }
    let version = apt::installed_version(COMPILER)?;
    // The letters that a version may hold and a folder's name had better not.
    let version: String =
        version.chars().map(|letter| if letter.is_ascii_alphanumeric() || ".-".contains(letter) { letter } else { '_' }).collect();
    Some(site.cache.join("toolchains").join(format!("debian-{version}")))
}

pub(super) fn find(site: &Site) -> Option<Found> {
    let home = home(site)?;
    wasm_target::holds_core(&libraries(&home, TARGET)).then(|| Found::in_folder(format!("{TARGET} of Debian's Rust"), home.join("bin")))
}

pub(super) fn fetch(site: &Site) -> Result<Found> {
    if home(site).is_none() || PACKAGES.iter().any(|package| apt::installed_version(package).is_none()) {
        apt::install(site, &PACKAGES, "Debian's Rust can compile for WebAssembly, with its library's source")?;
    }
    let home = home(site).ok_or_else(|| Failure::new("Debian's Rust was installed, and still is not found."))?;
    check_version()?;
    step(
        "Compiling Rust's standard library for WebAssembly",
        "Debian has its source but not the result. About a minute, once per version of Debian's Rust.",
        || build(site, &home),
    )?;
    link(&home, site);
    find(site).ok_or_else(|| Failure::new(format!("The library was compiled, but is not in {}.", home.display())))
}

fn check_version() -> Result<()> {
    let says = process::answer(process::command(Path::new(SYSTEM).join("bin/rustc")).arg("--version"));
    let oldest = wasm_target::oldest_rust()?;
    if says.as_deref().and_then(wasm_target::release).is_some_and(|version| version >= oldest) {
        return Ok(());
    }
    Err(Failure::new(format!("Debian's Rust here is {}, older than the project needs.", says.as_deref().unwrap_or("unknown")))
        .remedy(format!("make its security updates available to apt, or let rustup reach its server: `rustup target add {TARGET}`.")))
}

/// Compiles the library into a fresh folder and moves it into place at the end, so that half a library is never found.
fn build(site: &Site, home: &Path) -> Result<()> {
    let unwritable = |error: std::io::Error| Failure::new(format!("{} cannot be written: {error}.", site.cache.display()));
    let work = site.cache.join("build-std");
    drop(fs::remove_dir_all(&work));
    fs::create_dir_all(work.join("src")).map_err(unwritable)?;
    fs::write(work.join("Cargo.toml"), "[package]\nname = \"nothing\"\nedition = \"2024\"\n\n[workspace]\n").map_err(unwritable)?;
    fs::write(work.join("src/lib.rs"), "#![no_std]\n").map_err(unwritable)?;

    let mut cargo = process::command(Path::new(SYSTEM).join("bin/cargo"));
    cargo
        .current_dir(&work)
        .args(["build", "--release", "-Z", "build-std=std,panic_abort,panic_unwind,test,proc_macro", "--target", TARGET])
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("RUSTC", Path::new(SYSTEM).join("bin/rustc"))
        .env("RUSTC_BOOTSTRAP", "1") // build-std is not stable; the library that it builds is
        .env("RUSTFLAGS", "-Cembed-bitcode=yes") // without it, a later build with LTO has nothing to work on
        .env("CARGO_TARGET_DIR", work.join("target"));
    process::logged(&mut cargo, &site.log("build-std"), site.verbose)
        .map_err(|failure| failure.remedy("if crates could not be fetched, see that there is a network, then run this again."))?;

    let fresh = work.join("toolchain");
    let library = libraries(&fresh, TARGET);
    fs::create_dir_all(&library).map_err(unwritable)?;
    fs::create_dir_all(fresh.join("bin")).map_err(unwritable)?;
    for file in fs::read_dir(work.join("target").join(TARGET).join("release/deps")).map_err(unwritable)?.flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libnothing") {
            fs::copy(file.path(), library.join(name)).map_err(unwritable)?;
        }
    }
    furnish(&fresh, home).map_err(unwritable)?;
    drop(fs::remove_dir_all(home));
    fs::create_dir_all(site.cache.join("toolchains")).map_err(unwritable)?;
    fs::rename(&fresh, home).map_err(unwritable)?;
    drop(fs::remove_dir_all(&work));
    Ok(())
}

/// The rest of a toolchain: Debian's programs, told to look here, and Debian's library for the machine itself.
fn furnish(fresh: &Path, home: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let system = Path::new(SYSTEM);
        for program in ["rustc", "rustdoc"] {
            let script = format!("{SCRIPT}exec {}/bin/{program} --sysroot '{}' \"$@\"\n", system.display(), home.display());
            let path = fresh.join("bin").join(program);
            fs::write(&path, script)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
        symlink(system.join("bin/cargo"), fresh.join("bin/cargo"))?;
        for entry in fs::read_dir(system.join("lib/rustlib"))?.flatten() {
            if entry.file_name() != TARGET {
                symlink(entry.path(), fresh.join("lib/rustlib").join(entry.file_name()))?;
            }
        }
    }
    #[cfg(not(unix))]
    let _ = (fresh, home);
    Ok(())
}

/// Makes the toolchain known to rustup, so that a person can say `cargo +debian`. It works without, too.
fn link(home: &Path, site: &Site) {
    if paths::on_path("rustup").is_some() {
        let mut rustup = process::command("rustup");
        rustup.args(["toolchain", "link", LINK]).arg(home);
        drop(process::logged(&mut rustup, &site.log("rustup-link"), false));
    }
}

fn libraries(home: &Path, target: &str) -> PathBuf {
    home.join("lib/rustlib").join(target).join("lib")
}
