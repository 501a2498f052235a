//! What stands at the head of a file that `kubectl edit` opens: how to use it, and what was wrong before.
//! It must not know how it is saved.

use crate::api::object::Object;

const HEADER: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
";

/// What was wrong with one object.
pub(super) struct Reason {
    object: String,
    causes: Vec<String>,
}

impl Reason {
    /// An object that was not valid, and why.
    pub(super) fn invalid(object: &Object, causes: Vec<String>) -> Self {
        Self { object: named(object), causes }
    }

    /// The object: `statefulsets.apps "web"`.
    pub(super) fn object(&self) -> &str {
        &self.object
    }
}

/// `statefulsets.apps "web"`.
pub(super) fn named(object: &Object) -> String {
    format!("{} \"{}\"", object.kind().info().resource(), object.meta.name)
}

/// The head of a file.
pub(super) fn text(reasons: &[Reason]) -> String {
    let mut text = HEADER.to_owned();
    for reason in reasons {
        let colon = if reason.causes.is_empty() { "" } else { ":" };
        text.push_str(&format!("# {} was not valid{colon}\n", reason.object));
        for cause in &reason.causes {
            text.push_str(&format!("# * {}\n", cause.replace('\n', "\n# ")));
        }
        text.push_str("#\n");
    }
    text
}

/// A text without its lines of comment.
pub(super) fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with('#')).map(|line| format!("{line}\n")).collect()
}
