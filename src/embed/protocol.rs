//! The messages of the protocol with the page around, version 1, as JSON. What a message must be is checked here, before
//! anything is done about it: types, lengths, ranges. It must not know windows.

use serde_json::{Value, json};
use statefulset_engine::api::time::Ms;

use crate::browser::theme::Theme;
use crate::locale::Language;
use crate::share::saved::AT_MS_MAX;

/// The version: the value of `sandbox` in every message.
const VERSION: u64 = 1;
/// The longest line that is run.
const LINE_BYTES_MAX: usize = 4_096;
/// The longest message that is looked at.
pub const MESSAGE_BYTES_MAX: usize = 2_000_000;

/// What the page around asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Nothing: a first word.
    Hello,
    /// The state.
    Get,
    /// Show the session that a link carries.
    Load(String),
    /// Run a command.
    Run(String),
    /// Go to a moment.
    Seek(Ms),
    /// Let time go by.
    Play,
    /// Let time stand still.
    Pause,
    /// Another look; what is `None` stays.
    Look(Option<Language>, Option<Theme>),
}

/// Why a message is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is none of this protocol's, or of a kind that this version does not know: not answered.
    Stranger,
    /// It is one of this protocol's, and wrong: the member that is.
    Wrong(&'static str),
}

/// Reads a message.
pub fn request(text: &str) -> Result<Request, Refusal> {
    if text.len() > MESSAGE_BYTES_MAX {
        return Err(Refusal::Wrong("size"));
    }
    let message: Value = serde_json::from_str(text).map_err(|_| Refusal::Stranger)?;
    if message["sandbox"].as_u64() != Some(VERSION) {
        return Err(Refusal::Stranger);
    }
    let word = |name: &'static str| message[name].as_str().map(str::to_owned).ok_or(Refusal::Wrong(name));
    let optional = |name: &str| message[name].as_str();
    Ok(match message["type"].as_str().ok_or(Refusal::Stranger)? {
        "hello" => Request::Hello,
        "get" => Request::Get,
        "load" => Request::Load(word("link")?),
        "run" => Request::Run(word("line").and_then(|line| {
            let fits = line.len() <= LINE_BYTES_MAX && !line.contains(['\0', '\r']) && !line.trim().is_empty();
            if fits { Ok(line) } else { Err(Refusal::Wrong("line")) }
        })?),
        "seek" => Request::Seek(message["at_ms"].as_u64().filter(|at_ms| *at_ms <= AT_MS_MAX).ok_or(Refusal::Wrong("at_ms"))?),
        "play" => Request::Play,
        "pause" => Request::Pause,
        "set" => {
            let language = optional("lang").map(|tag| Language::of_tag(tag).ok_or(Refusal::Wrong("lang"))).transpose()?;
            let named = |name| Theme::ALL.into_iter().find(|theme| theme.name() == name);
            let theme = optional("theme").map(|name| named(name).ok_or(Refusal::Wrong("theme"))).transpose()?;
            Request::Look(language, theme)
        }
        _ => return Err(Refusal::Stranger),
    })
}

/// What the page says to the page around.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// It is there.
    Ready,
    /// How tall its content is.
    Height(u32),
    /// The session, as a link's fragment, and the moment.
    State(String, Ms),
    /// A command was run.
    Command(String, Ms),
    /// An object changed.
    Event {
        /// `ADDED`, `MODIFIED` or `DELETED`.
        verb: &'static str,
        /// The object's kind.
        kind: &'static str,
        /// Its namespace; empty for a cluster-wide object.
        namespace: String,
        /// Its name.
        name: String,
        /// When.
        at_ms: Ms,
        /// How many more changes there were that are not told.
        left_out: usize,
    },
    /// A goal of a lesson was reached: the lesson, steps done, and all steps.
    Goal(String, usize, usize),
    /// Something cannot be done: a code, and what it is about.
    Error(&'static str, String),
}

impl Word {
    /// The message.
    pub fn json(&self) -> String {
        let mut message = match self {
            Self::Ready => json!({ "type": "ready", "version": env!("CARGO_PKG_VERSION"), "kubernetes": "1.36" }),
            Self::Height(px) => json!({ "type": "height", "px": px }),
            Self::State(link, at_ms) => json!({ "type": "state", "link": link, "at_ms": at_ms }),
            Self::Command(line, at_ms) => json!({ "type": "command", "line": line, "at_ms": at_ms }),
            Self::Event { verb, kind, namespace, name, at_ms, left_out } => {
                let mut event =
                    json!({ "type": "event", "verb": verb, "kind": kind, "namespace": namespace, "name": name, "at_ms": at_ms });
                if *left_out > 0 {
                    event["left_out"] = (*left_out).into();
                }
                event
            }
            Self::Goal(lesson, done, steps) => json!({ "type": "goal", "lesson": lesson, "done": done, "steps": steps }),
            Self::Error(code, message) => json!({ "type": "error", "code": code, "message": message }),
        };
        message["sandbox"] = VERSION.into();
        message.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(message: &Value) -> Result<Request, Refusal> {
        request(&message.to_string())
    }

    #[test]
    fn requests_are_read() {
        assert_eq!(asked(&json!({ "sandbox": 1, "type": "hello" })), Ok(Request::Hello));
        assert_eq!(asked(&json!({ "sandbox": 1, "type": "run", "line": "kubectl get sts" })), Ok(Request::Run("kubectl get sts".into())));
        assert_eq!(asked(&json!({ "sandbox": 1, "type": "seek", "at_ms": 1500 })), Ok(Request::Seek(1_500)));
        assert_eq!(
            asked(&json!({ "sandbox": 1, "type": "set", "lang": "zh-CN" })),
            Ok(Request::Look(Some(Language::SimplifiedChinese), None))
        );
    }

    #[test]
    fn strangers_are_not_answered() {
        for message in
            [json!(null), json!(1), json!([]), json!({}), json!({ "type": "run", "line": "x" }), json!({ "sandbox": 2, "type": "hello" })]
        {
            assert_eq!(asked(&message), Err(Refusal::Stranger), "{message}");
        }
        assert_eq!(asked(&json!({ "sandbox": 1, "type": "dance" })), Err(Refusal::Stranger));
        assert_eq!(request("{"), Err(Refusal::Stranger));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (message, member) in [
            (json!({ "sandbox": 1, "type": "run" }), "line"),
            (json!({ "sandbox": 1, "type": "run", "line": " " }), "line"),
            (json!({ "sandbox": 1, "type": "run", "line": "x".repeat(5_000) }), "line"),
            (json!({ "sandbox": 1, "type": "seek", "at_ms": -1 }), "at_ms"),
            (json!({ "sandbox": 1, "type": "seek", "at_ms": 1e300 }), "at_ms"),
            (json!({ "sandbox": 1, "type": "load", "link": 7 }), "link"),
            (json!({ "sandbox": 1, "type": "set", "theme": "pink" }), "theme"),
        ] {
            assert_eq!(asked(&message), Err(Refusal::Wrong(member)), "{message}");
        }
    }

    #[test]
    fn hostile_messages_end_in_an_answer() {
        let whole = json!({ "sandbox": 1, "type": "load", "link": "s1.abc", "deep": [[[[{}]]]] }).to_string();
        for from in 0..whole.len() {
            for put in ["", "\"", "{", "9", "\\u0000", "]"] {
                let mut message = whole.clone();
                message.replace_range(from..=from, put);
                let _ = request(&message);
            }
        }
        assert_eq!(request(&"[".repeat(100_000)), Err(Refusal::Stranger), "too deep to be read");
        assert_eq!(request(&" ".repeat(MESSAGE_BYTES_MAX + 1)), Err(Refusal::Wrong("size")));
    }

    /// A value that looks like chance and is the same every time.
    fn odd(dice: &mut u64, depth: u32) -> Value {
        let mut below = |limit: u64| {
            *dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (*dice >> 33) % limit
        };
        let texts = [
            "hello",
            "get",
            "load",
            "run",
            "seek",
            "play",
            "pause",
            "set",
            "dance",
            "",
            "dark",
            "zh-TW",
            "kubectl get sts",
            "s1.eNo",
            "\0",
            "a\rb",
        ];
        match below(if depth > 2 { 6 } else { 8 }) {
            0 => json!(1),
            1 => json!(texts[below(texts.len() as u64) as usize]),
            2 => json!(below(2_000_000_000_000)),
            3 => json!(-(below(9) as f64) / 7.0),
            4 => json!(null),
            5 => json!("長".repeat(below(3_000) as usize)),
            6 => (0..below(4)).map(|_| odd(dice, depth + 1)).collect(),
            _ => message(dice, depth + 1),
        }
    }

    fn message(dice: &mut u64, depth: u32) -> Value {
        let mut message = json!({});
        if let Value::Number(one) = odd(dice, 3) {
            message["sandbox"] = if one.is_f64() { json!(1) } else { Value::Number(one) };
        }
        for name in ["type", "line", "link", "at_ms", "lang", "theme", "__proto__"] {
            message[name] = odd(dice, depth);
        }
        message
    }

    #[test]
    fn whatever_is_asked_for_is_within_bounds() {
        let (mut dice, mut understood) = (5, 0);
        for _ in 0..2_000 {
            let asked = asked(&message(&mut dice, 0));
            understood += u32::from(asked.is_ok());
            match asked {
                Ok(Request::Run(line)) => assert!(line.len() <= LINE_BYTES_MAX && !line.contains(['\0', '\r'])),
                Ok(Request::Seek(at_ms)) => assert!(at_ms <= AT_MS_MAX),
                _ => {}
            }
        }
        assert!(understood > 20, "only {understood} of them were understood");
    }

    #[test]
    fn every_word_says_its_version() {
        let word = Word::Event { verb: "ADDED", kind: "Pod", namespace: "default".into(), name: "web-0".into(), at_ms: 7, left_out: 0 };
        let message: Value = serde_json::from_str(&word.json()).expect("JSON");
        assert_eq!(
            message,
            json!({ "sandbox": 1, "type": "event", "verb": "ADDED", "kind": "Pod", "namespace": "default", "name": "web-0", "at_ms": 7 })
        );
    }
}
