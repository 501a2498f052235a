//! What a shell remembers while it runs a command line: variables, folder, last exit code, and how much it may still do.
//! It must not know the grammar or any program.

use crate::sorted::SortedMap;

use crate::api::metadata::Uid;
use crate::api::object::Key;
use crate::process::{Context, Streams};

/// Commands that one line may run at one moment of cluster time; more come from a loop without an end.
const COMMANDS_AT_ONCE_MAX: u32 = 20_000;
/// Commands that one line may run in all.
const COMMANDS_MAX: u32 = 200_000;
/// What one line may print.
pub(super) const OUTPUT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Where a shell runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// At the terminal, beside the cluster.
    Outside,
    /// In a container.
    Pod(InPod),
}

/// A container in which a shell runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InPod {
    /// The pod.
    pub(crate) key: Key,
    /// Which life of the pod.
    pub(crate) uid: Uid,
    /// Which of its containers.
    pub(crate) container: usize,
    /// Which life of the container.
    pub(crate) container_id: u64,
    /// Its image.
    pub(crate) image: String,
}

/// A variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) value: String,
    pub(super) exported: bool,
}

/// What leaves the usual order of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// `break N`.
    Break(u32),
    /// `continue N`.
    Continue(u32),
    /// `exit`.
    Exit,
    /// The line cannot go on; a shell that is typed into asks for the next one.
    Stop,
}

/// The memory of a shell.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    pub(super) place: Place,
    /// What error texts begin with: `bash`, `sh`.
    pub(super) name: &'static str,
    pub(super) variables: SortedMap<String, Variable>,
    /// `$0`, `$1`, ….
    pub(super) positional: Vec<String>,
    /// The folder, with a leading slash; `/` for the terminal outside.
    pub(super) folder: String,
    /// `$?`.
    pub(super) status: i32,
    pub(super) flow: Option<Flow>,
    /// `set -e`.
    pub(super) ends_on_error: bool,
    /// Whether the standard streams are a terminal.
    pub(super) tty: bool,
    /// How many shells run it, one inside the other.
    pub(super) depth: u32,
}

impl Shell {
    /// A shell that remembers nothing yet.
    pub(super) fn new(place: Place, name: &'static str) -> Self {
        Self {
            place,
            name,
            variables: SortedMap::new(),
            positional: vec![name.to_owned()],
            folder: "/".to_owned(),
            status: 0,
            flow: None,
            ends_on_error: false,
            tty: false,
            depth: 0,
        }
    }

    /// A variable's value, also of the special ones; `None` where it is not set.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        match name {
            "?" => Some(self.status.to_string()),
            "#" => Some(self.positional.len().saturating_sub(1).to_string()),
            "$" => Some("1".to_owned()),
            "@" | "*" => Some(self.positional.get(1..).unwrap_or_default().join(" ")),
            "-" | "!" => Some(String::new()),
            "PWD" => Some(self.folder.clone()),
            _ if name.bytes().all(|byte| byte.is_ascii_digit()) => self.positional.get(name.parse::<usize>().ok()?).cloned(),
            _ => self.variables.get(name).map(|variable| variable.value.clone()),
        }
    }

    /// Sets a variable; it stays exported if it was.
    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        let exported = self.variables.get(name).is_some_and(|variable| variable.exported);
        self.variables.insert(name.to_owned(), Variable { value: value.into(), exported });
    }

    /// Sets a variable that programs see too.
    pub(super) fn export(&mut self, name: &str, value: impl Into<String>) {
        self.variables.insert(name.to_owned(), Variable { value: value.into(), exported: true });
    }

    /// The variables that programs see.
    pub(super) fn environment(&self) -> SortedMap<String, String> {
        self.variables
            .iter()
            .filter(|(_, variable)| variable.exported)
            .map(|(name, variable)| (name.clone(), variable.value.clone()))
            .collect()
    }

    /// The container, where the shell runs in one.
    pub(super) fn pod(&self) -> Option<&InPod> {
        match &self.place {
            Place::Outside => None,
            Place::Pod(pod) => Some(pod),
        }
    }

    /// An error of the shell itself.
    pub(super) fn complain(&self, streams: &mut Streams, message: &str) {
        streams.error(&format!("{}: {message}", self.name));
    }

    /// Counts a command; false where the line has run too many, which it then has said.
    pub(super) fn may_go_on(&mut self, context: &mut Context<'_>) -> bool {
        let now_ms = context.world.now_ms();
        let budget = &mut *context.budget;
        if budget.moment_ms != now_ms {
            (budget.moment_ms, budget.at_once) = (now_ms, 0);
        }
        budget.at_once = budget.at_once.saturating_add(1);
        budget.total = budget.total.saturating_add(1);
        let (at_once, total) = (budget.at_once, budget.total);
        let reason = if at_once > COMMANDS_AT_ONCE_MAX {
            format!(
                "the line has run {COMMANDS_AT_ONCE_MAX} commands while no cluster time passed; a loop that waits for the cluster needs a `sleep 1`"
            )
        } else if total > COMMANDS_MAX {
            format!("the line has run {COMMANDS_MAX} commands; a loop needs an end")
        } else {
            return true;
        };
        // Said once: every shell of the line stops at the same count.
        if at_once == COMMANDS_AT_ONCE_MAX + 1 || total == COMMANDS_MAX + 1 {
            context.streams.error(&format!("sandbox: stopped: {reason}"));
        }
        self.status = 1;
        self.flow = Some(Flow::Stop);
        false
    }
}
