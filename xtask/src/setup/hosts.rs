//! The tools of other people's pages, into which the sandbox is put to see that it works there: mdBook and Jekyll. What Node
//! packages a host needs is written beside it (tests/hosts).

use super::{Found, Site, apt, cargo_tool};
use crate::{
    failure::{Failure, Result},
    paths,
};

pub(super) fn find_book(site: &Site) -> Option<Found> {
    cargo_tool::find(&cargo_tool::mdbook(), site)
}

pub(super) fn fetch_book(site: &Site) -> Result<Found> {
    cargo_tool::fetch(&cargo_tool::mdbook(), site)
}

pub(super) fn find_jekyll() -> Option<Found> {
    paths::on_path("jekyll").map(|_| Found::named("Jekyll"))
}

pub(super) fn fetch_jekyll(site: &Site) -> Result<Found> {
    let remedy = "install Jekyll 4 and put it on PATH.";
    apt::install(site, &["jekyll"], "The sandbox is tried in a page that Jekyll makes, and Jekyll is not here")
        .map_err(|failure| failure.remedy(remedy))?;
    find_jekyll().ok_or_else(|| Failure::new("Jekyll was installed, and still is not found.").remedy(remedy))
}
