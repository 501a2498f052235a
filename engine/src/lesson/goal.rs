//! Goals: conditions on a session, judged from its store, watch log, decisions and commands. A goal that is met tells since
//! when, so that the page can point at the moment. It must not know files or texts.

use crate::api::kind::Kind;
use crate::api::object::{Body, Object};
use crate::api::storage::ClaimPhase;
use crate::api::time::Ms;
use crate::cluster::store::{Verb, WatchEvent};
use crate::journal::Journal;
use crate::kubectl::output::jsonpath::Path;
use crate::session::Session;

/// A condition with the name by which the texts call it.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// Its name.
    pub name: String,
    /// Where it stands in the file.
    pub line: usize,
    /// The condition.
    pub check: Check,
}

/// A condition on a session.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// Objects as they are now.
    Objects {
        /// Which; all of them count.
        objects: Vec<Target>,
        /// What is looked at: a JSONPath as kubectl's; without one it is enough that they exist.
        path: Option<String>,
        /// What is expected there.
        expect: Expect,
    },
    /// A command was used since the step began.
    Command {
        /// Its words, in this order; others may stand between them. `pod|pods` is either word.
        words: Vec<String>,
        /// What it printed, at least.
        prints: Option<String>,
        /// Whether it has to fail rather than succeed.
        fails: bool,
    },
    /// A controller decided by this rule since the step began.
    Rule {
        /// The rule's id.
        rule: String,
        /// About which object; any, where none is named.
        about: Option<Target>,
    },
    /// These things happened since the step began, in this order; others may have happened between them.
    Order(Vec<Happening>),
}

/// What is expected of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Expect {
    /// The object exists.
    There,
    /// The object does not exist.
    Gone,
    /// The value is this text.
    Is(String),
    /// The value is not this text.
    Not(String),
    /// The value is a number of at least this.
    AtLeast(i64),
    /// The value contains this text.
    Contains(String),
}

/// An object: `Kind/name` in the namespace `default`, or `namespace/Kind/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace; empty for cluster-wide kinds.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// Something that happens to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// To which.
    pub target: Target,
    /// What.
    pub what: What,
}

/// What can happen to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It was created.
    Created,
    /// It became Ready.
    Ready,
    /// It ceased to be Ready.
    Unready,
    /// It began to terminate.
    Terminating,
    /// It is gone.
    Gone,
    /// A claim was bound.
    Bound,
    /// Anything of it changed.
    Changed,
}

impl What {
    /// Every word for what can happen.
    pub const WORDS: [(&'static str, Self); 7] = [
        ("created", Self::Created),
        ("ready", Self::Ready),
        ("unready", Self::Unready),
        ("terminating", Self::Terminating),
        ("gone", Self::Gone),
        ("bound", Self::Bound),
        ("changed", Self::Changed),
    ];
}

/// Where a step began in the logs of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// In the watch log.
    pub events: usize,
    /// In the decisions.
    pub decisions: usize,
    /// Among the commands.
    pub jobs: usize,
}

impl Mark {
    /// The present of a session.
    pub fn now(session: &Session) -> Self {
        Self { events: session.world.store.log.len(), decisions: session.world.decisions.log().len(), jobs: session.jobs().count() }
    }
}

impl Target {
    /// Reads `Kind/name` or `namespace/Kind/name`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn read(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('/').collect();
        let (namespace, kind, name) = match parts[..] {
            [kind, name] => ("default", kind, name),
            [namespace, kind, name] => (namespace, kind, name),
            _ => return Err(format!("{text:?} is no object: write `Pod/web-0`, or `lab/Pod/web-0` for one in the namespace lab")),
        };
        let kind = Kind::by_name(kind).ok_or_else(|| format!("there is no kind {kind:?}"))?;
        let namespace = if kind.namespaced() { namespace } else { "" };
        if name.is_empty() {
            return Err(format!("{text:?} has no name"));
        }
        Ok(Self { kind, namespace: namespace.to_owned(), name: name.to_owned() })
    }

    fn is(&self, object: &Object) -> bool {
        object.kind() == self.kind && *object.meta.namespace == *self.namespace && *object.meta.name == *self.name
    }
}

impl Happening {
    /// Reads `Pod/web-0 ready`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn read(text: &str) -> Result<Self, String> {
        let (target, word) = text.trim().split_once(' ').ok_or_else(|| format!("{text:?}: write an object and what happens to it"))?;
        let what = What::WORDS.iter().find(|(known, _)| *known == word.trim()).map(|(_, what)| *what);
        let words = What::WORDS.map(|(word, _)| word).join(", ");
        Ok(Self { target: Target::read(target)?, what: what.ok_or_else(|| format!("{:?} is none of {words}", word.trim()))? })
    }

    /// Whether it happened with an event, the one at `index` of the log.
    fn at(&self, log: &Journal<WatchEvent>, index: usize, event: &WatchEvent) -> bool {
        if !self.target.is(&event.object) {
            return false;
        }
        let before = || {
            let same = |earlier: &&WatchEvent| earlier.object.meta.uid == event.object.meta.uid;
            log.iter().take(index).filter(same).last().map(|earlier| &*earlier.object)
        };
        let began = |state: fn(&Object) -> bool| state(&event.object) && before().is_none_or(|before| !state(before));
        match self.what {
            What::Created => event.verb == Verb::Added,
            What::Gone => event.verb == Verb::Deleted,
            What::Changed => event.verb == Verb::Modified,
            What::Terminating => event.verb != Verb::Deleted && began(|object| object.meta.terminating()),
            What::Ready => event.verb != Verb::Deleted && began(is_ready),
            What::Unready => event.verb != Verb::Deleted && !is_ready(&event.object) && before().is_some_and(is_ready),
            What::Bound => event.verb != Verb::Deleted && began(is_bound),
        }
    }
}

fn is_ready(object: &Object) -> bool {
    object.pod().is_some_and(|pod| pod.ready())
}

fn is_bound(object: &Object) -> bool {
    matches!(&object.body, Body::PersistentVolumeClaim(claim) if claim.phase == ClaimPhase::Bound)
}

impl Check {
    /// Since when the condition holds in a session whose step began at `since`; `None` where it does not.
    pub fn met(&self, session: &Session, since: Mark) -> Option<Ms> {
        match self {
            Self::Objects { objects, path, expect } => {
                let path = path.as_deref().map(Path::parse).transpose().ok()?;
                let holds = objects.iter().all(|target| holds(session, target, path.as_ref(), expect));
                holds.then(|| session.world.now_ms())
            }
            Self::Command { words, prints, fails } => session.jobs().skip(since.jobs).find_map(|(_, job)| {
                let ended = job.exit.map_or(!*fails, |exit| (exit != 0) == *fails);
                let printed = |text: &String| job.streams.out.contains(text.as_str()) || job.streams.err.contains(text.as_str());
                let met = matches(words, &job.line) && ended && prints.as_ref().is_none_or(printed);
                met.then(|| job.ended_ms.unwrap_or(job.started_ms))
            }),
            Self::Rule { rule, about } => {
                let decisions = session.world.decisions.log().since(since.decisions);
                let of = |subject: &crate::api::object::Key| {
                    about.as_ref().is_none_or(|about| {
                        subject.kind == about.kind && *subject.namespace == *about.namespace && *subject.name == *about.name
                    })
                };
                decisions.into_iter().find(|decision| decision.rule == rule && of(&decision.subject)).map(|decision| decision.since_ms)
            }
            Self::Order(happenings) => {
                let log = &session.world.store.log;
                let mut wanted = happenings.iter().peekable();
                let mut at_ms = None;
                for (index, event) in (since.events..).zip(log.since(since.events)) {
                    while wanted.peek().is_some_and(|happening| happening.at(log, index, event)) {
                        at_ms = Some(event.at_ms);
                        wanted.next();
                    }
                    if wanted.peek().is_none() {
                        break;
                    }
                }
                at_ms.filter(|_| wanted.peek().is_none())
            }
        }
    }
}

fn holds(session: &Session, target: &Target, path: Option<&Path>, expect: &Expect) -> bool {
    let world = &session.world;
    let Some(object) = world.store.find(target.kind, &target.namespace, &target.name) else {
        return *expect == Expect::Gone;
    };
    let Some(path) = path else {
        return *expect == Expect::There;
    };
    let value = path.print(&object.to_value(world.settings.epoch)).unwrap_or_default();
    match expect {
        Expect::There => !value.is_empty(),
        Expect::Gone => value.is_empty(),
        Expect::Is(text) => value == *text,
        Expect::Not(text) => value != *text,
        Expect::AtLeast(number) => value.parse::<i64>().is_ok_and(|value| value >= *number),
        Expect::Contains(text) => value.contains(text.as_str()),
    }
}

/// Whether the words stand in a command line in their order.
fn matches(words: &[String], line: &str) -> bool {
    let mut typed = line.split_whitespace().map(|word| word.trim_matches(['\'', '"', ';', '(', ')']));
    words.iter().all(|word| typed.any(|typed| word.split('|').any(|choice| choice == typed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_order_with_others_between() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(matches(&words("kubectl get pod|pods"), "kubectl get -n lab pods -w"));
        assert!(!matches(&words("kubectl get pods"), "kubectl pods get"));
        assert!(matches(&words("kubectl get pods"), "for i in 0 1; do (kubectl get pods); done"));
        assert!(!matches(&words("kubectl delete"), "echo kubectl"));
    }

    #[test]
    fn objects_and_happenings_are_read() {
        let target = Target::read("lab/Pod/web-0").expect("a pod");
        assert_eq!((target.kind, target.namespace.as_str(), target.name.as_str()), (Kind::Pod, "lab", "web-0"));
        assert_eq!(Target::read("Node/node-1").expect("a node").namespace, "");
        assert!(Target::read("Pot/web-0").is_err());
        assert!(Happening::read("Pod/web-0 tired").is_err());
        assert_eq!(Happening::read("Pod/web-0 ready").expect("a happening").what, What::Ready);
    }
}
