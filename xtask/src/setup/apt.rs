//! Debian's packages, where there is apt and someone who may use it.
//!
//! Knows no package by name; the callers say which and why.

use super::Site;
use crate::{
    failure::{Failure, Result},
    paths, process,
    steps::step,
};
use std::process::Command;

/// Installs packages. The remedy for everything that stands in the way is part of the failure.
pub(super) fn install(site: &Site, packages: &[&str], why: &str) -> Result<()> {
    let line = packages.join(" ");
    let by_hand = format!("as root, run `apt-get update && apt-get install --no-install-recommends {line}`.");
    if paths::on_path("apt-get").is_none() {
        return Err(Failure::new(format!("{why}, and this system has no apt-get to install it with ({line}).")));
    }
    let Some(become_root) = Root::find() else {
        return Err(Failure::new(format!("{why}, and only root may install packages.")).remedy(by_hand));
    };
    step(&format!("apt-get install {line}"), &format!("{why}."), || {
        // A list that is out of date names files that are gone; a failed update may still leave a list that will do.
        let updated = process::logged(become_root.apt().arg("update"), &site.log("apt-update"), site.verbose);
        process::logged(
            become_root.apt().args(["install", "--yes", "--no-install-recommends"]).args(packages),
            &site.log("apt-install"),
            site.verbose,
        )
        .map_err(|failure| {
            let offline = if updated.is_err() { " The package lists could not be fetched either: is there a network?" } else { "" };
            Failure::new(format!("{failure}{offline}")).remedy(&by_hand)
        })
    })
}

/// The installed version of a Debian package.
pub(super) fn installed_version(package: &str) -> Option<String> {
    let answer = process::answer(process::command("dpkg-query").args(["-W", "-f", "${db:Status-Status} ${Version}", package]))?;
    answer.strip_prefix("installed ").map(str::to_owned)
}

/// How we become root, if we can without a password.
enum Root {
    Already,
    Sudo,
}

impl Root {
    fn find() -> Option<Self> {
        if process::answer(process::command("id").arg("-u")).as_deref() == Some("0") {
            Some(Self::Already)
        } else if process::answer(process::command("sudo").args(["-n", "true"])).is_some() {
            Some(Self::Sudo)
        } else {
            None
        }
    }

    fn apt(&self) -> Command {
        // `env` sets the variable behind sudo too, which drops ours.
        let mut command = process::command(match self {
            Self::Already => "env",
            Self::Sudo => "sudo",
        });
        if matches!(self, Self::Sudo) {
            command.arg("env");
        }
        // Another apt may be at work on a machine that has just started: wait for it instead of failing.
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "-o", "DPkg::Lock::Timeout=300"]);
        command
    }
}
