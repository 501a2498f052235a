//! What went wrong and what to do about it, in words for the person who typed the command.
//!
//! Knows nothing of the chores. A chore never prints an error or ends the process itself: it returns a
//! [`Failure`], and `main` shows it.

use std::fmt;

/// A chore that could not do its work: what happened, and the remedy where there is one.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    remedy: Option<String>,
}

/// The result of every step of a chore.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure that explains itself.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: None }
    }

    /// A failure about which everything has been said.
    pub(crate) fn silent() -> Self {
        Self::new("")
    }

    /// Whether there is nothing left to say.
    pub(crate) fn is_silent(&self) -> bool {
        self.what.is_empty()
    }

    /// The same failure with the thing to do about it, or with another thing to do if it has one.
    pub(crate) fn remedy(mut self, remedy: impl AsRef<str>) -> Self {
        let remedy = remedy.as_ref();
        self.remedy = Some(match self.remedy {
            Some(first) => format!("{first} Or {remedy}"),
            None => remedy.to_owned(),
        });
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        if let Some(remedy) = &self.remedy {
            write!(f, "\n\nWhat to do: {remedy}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remedy_stands_below_what_happened() {
        let failure = Failure::new("Port 8080 is in use.").remedy("free it.");
        assert_eq!(failure.to_string(), "Port 8080 is in use.\n\nWhat to do: free it.");
        assert!(failure.remedy("choose another.").to_string().ends_with("What to do: free it. Or choose another."));
    }
}
