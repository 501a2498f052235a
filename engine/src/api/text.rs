//! Texts as objects hold them: immutable, and shared by those who copy them. It must not know what they say.

use std::borrow::Borrow;
use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt::{self, Write};
use std::ops::Deref;
use std::rc::Rc;

use serde_json::Value;

use crate::json::ToJson;

/// A shared, immutable text. Empty ones, of which objects hold many, take no memory.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Text(Option<Rc<str>>);

/// A [`Text`] made as [`format!`] makes a string.
macro_rules! text {
    ($($part:tt)*) => { $crate::api::text::Text::written(format_args!($($part)*)) };
}
pub(crate) use text;

impl Text {
    /// A text that is written out; `text!` is the short way to say so. What it is written into first is kept for the next one, so
    /// that only the text itself is allocated.
    pub fn written(arguments: fmt::Arguments<'_>) -> Self {
        thread_local!(static SCRATCH: Cell<String> = const { Cell::new(String::new()) });
        SCRATCH.with(|scratch| {
            let mut draft = scratch.take();
            // Writing to a string cannot fail.
            let _ = draft.write_fmt(arguments);
            let text = draft.as_str().into();
            draft.clear();
            scratch.set(draft);
            text
        })
    }

    /// The same for those who know no [`Text`].
    pub fn shared(&self) -> Rc<str> {
        self.0.clone().unwrap_or_default()
    }

    /// Whether two texts are copies of one. Equal texts may not be.
    pub fn is(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(left), Some(right)) => Rc::ptr_eq(left, right),
            (None, None) => true,
            _ => false,
        }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self((!text.is_empty()).then(|| text.into()))
    }
}

impl From<Rc<str>> for Text {
    fn from(text: Rc<str>) -> Self {
        Self((!text.is_empty()).then_some(text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<&Text> for Text {
    fn from(text: &Text) -> Self {
        text.clone()
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.is(other) { Ordering::Equal } else { (**self).cmp(&**other) }
    }
}

impl ToJson for Text {
    fn to_json(&self) -> Value {
        (**self).to_json()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_compare_as_what_they_say() {
        let (a, b) = (Text::from("a"), Text::from(String::from("a")));
        assert!(a == b && a.cmp(&b) == Ordering::Equal && !a.is(&b) && a.is(&a.clone()));
        assert!(Text::from("") == Text::default() && Text::from("").is(&Text::default()) && Text::default() < a);
    }

    #[test]
    fn a_text_can_be_written_while_another_one_is() {
        struct Nested;
        impl fmt::Display for Nested {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&text!("<{}>", 1))
            }
        }
        assert_eq!(&*text!("a{Nested}b{}", Nested), "a<1>b<1>");
        assert_eq!(&*text!("{:>3}", Text::from("c")), "  c");
    }
}
