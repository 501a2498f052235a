//! Why a command failed, and how kubectl says so. It must not know which command.
//! Follows `kubectl/pkg/cmd/util/helpers.go`.

use crate::api::status::Status;
use crate::process::Streams;

/// One reason why a command failed.
#[derive(Clone, Debug)]
pub enum Failure {
    /// kubectl's own words; `error: ` goes before them.
    Text(String),
    /// What the API server answered.
    Status(Box<Status>),
    /// Words that are printed as they stand.
    Verbatim(String),
    /// Several reasons, one a line.
    Several(Vec<Failure>),
    /// All was said already; this is the exit code.
    Exit(i32),
}

/// How a command ended.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// kubectl's own words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A wrong use of a command: `words`, and where to read more.
    pub fn usage(words: &str, command: &str) -> Self {
        Self::Text(format!("{words}\nSee 'kubectl {command} -h' for help and examples"))
    }

    /// One failure of many; `Ok` where there is none.
    pub fn of(mut failures: Vec<Self>) -> Outcome {
        match failures.len() {
            0 => Ok(()),
            1 => Err(failures.remove(0)),
            _ => Err(Self::Several(failures)),
        }
    }

    /// Whether the API server said that something is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Status(status) if status.reason == crate::api::status::Reason::NotFound)
    }

    /// The failure with kubectl's remark on where the object came from.
    pub fn when(self, doing: &str, source: &str) -> Self {
        match self {
            Self::Status(status) => Self::Status(Box::new(status.when(doing, source))),
            Self::Text(text) => Self::Text(format!("error when {doing} \"{source}\": {text}")),
            other => other,
        }
    }

    /// Prints the failure to standard error and gives the exit code.
    pub fn print(&self, streams: &mut Streams) -> i32 {
        match self {
            Self::Exit(code) => return *code,
            Self::Status(status) => streams.error(&status.kubectl_text()),
            other => streams.error(&other.line()),
        }
        1
    }

    /// The failure as one among several.
    pub fn line(&self) -> String {
        match self {
            Self::Text(text) if text.starts_with("error: ") => text.clone(),
            Self::Text(text) => format!("error: {text}"),
            Self::Status(status) => status.standard_text(),
            Self::Verbatim(text) => text.clone(),
            Self::Several(failures) => failures.iter().map(Self::among_several).collect::<Vec<_>>().join("\n"),
            Self::Exit(_) => String::new(),
        }
    }

    /// Among several, kubectl's own words stand without `error: `.
    fn among_several(&self) -> String {
        let line = self.line();
        line.strip_prefix("error: ").map_or(line.clone(), str::to_owned)
    }

    /// The bare words, without `error: ` or what the server's answers begin with.
    pub fn words(&self) -> String {
        match self {
            Self::Text(text) | Self::Verbatim(text) => text.clone(),
            Self::Status(status) => status.message.clone(),
            Self::Several(failures) => format!("[{}]", failures.iter().map(Self::words).collect::<Vec<_>>().join(", ")),
            Self::Exit(_) => String::new(),
        }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Status(Box::new(status))
    }
}
