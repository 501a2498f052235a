//! The browsers that tests run in: Chromium, unless somebody asks for another one.
//!
//! Only names them. Fetching them is `setup`'s work, and what is done in them is that of the verbs.

use crate::{
    cli::{self, Args},
    failure::{Failure, Result},
    setup::Need,
};

/// A browser, by its engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// Blink: Chromium.
    Chromium,
    /// Gecko: Firefox.
    Firefox,
    /// WebKit: its GTK port, the nearest to Safari that runs on Linux.
    WebKit,
}

impl Browser {
    /// All of them.
    pub(crate) const ALL: [Browser; 3] = [Browser::Chromium, Browser::Firefox, Browser::WebKit];

    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// What there must be for tests to run in it.
    pub(crate) fn need(self) -> Need {
        match self {
            Self::Chromium => Need::Chromium,
            Self::Firefox => Need::Firefox,
            Self::WebKit => Need::WebKit,
        }
    }

    /// Takes `--browser NAME`, which may be `all`; what is meant without it is the caller's.
    pub(crate) fn of_args(args: &mut Args, otherwise: &[Browser]) -> Result<Vec<Browser>> {
        let Some(name) = args.value("--browser")? else { return Ok(otherwise.to_vec()) };
        if name == "all" {
            return Ok(Self::ALL.to_vec());
        }
        Self::ALL.into_iter().find(|browser| browser.name() == name).map(|browser| vec![browser]).ok_or_else(|| {
            let remedy = match cli::closest(&name, Self::ALL.map(Self::name)) {
                Some(meant) => format!("did you mean {meant}?"),
                None => "there are chromium, firefox, webkit and all.".to_owned(),
            };
            Failure::new(format!("There is no browser {name}.")).remedy(remedy)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Result<Vec<Browser>> {
        Browser::of_args(&mut Args::new(line.split_whitespace().map(str::to_owned)), &[Browser::Chromium])
    }

    #[test]
    fn nothing_but_chromium_is_meant_unless_somebody_says_so() {
        assert_eq!(asked("--native").unwrap(), [Browser::Chromium]);
        assert_eq!(asked("--browser firefox").unwrap(), [Browser::Firefox]);
        assert_eq!(asked("--browser=all").unwrap(), Browser::ALL);
    }

    #[test]
    fn a_typing_error_names_the_browser_that_was_meant() {
        assert!(asked("--browser firefx").unwrap_err().to_string().contains("did you mean firefox?"));
        assert!(asked("--browser lynx").unwrap_err().to_string().contains("there are chromium"));
    }
}
