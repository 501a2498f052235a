//! What the page's address asks for, behind its question mark. A frame and the element of embed.js use the same names.
//! Anything else, and any value that makes no sense, is passed over. It must not know the browser.

use crate::browser::theme::Theme;
use crate::locale::Language;

/// What may be done in an embedded sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    #[default]
    Free,
    /// What the page offers on buttons and in lessons, but nothing typed or edited.
    Guided,
    /// Time can be moved, and nothing else.
    ReadOnly,
}

impl Mode {
    /// Its name in the address and in the style sheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Guided => "guided",
            Self::ReadOnly => "read-only",
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        [Self::Free, Self::Guided, Self::ReadOnly].into_iter().find(|mode| mode.name() == name)
    }
}

/// The parts of the page that can be asked for.
pub const PARTS: [&str; 6] = ["lesson", "editor", "stage", "time", "terminal", "names"];
/// The most that is read of one value.
const VALUE_BYTES_MAX: usize = 2_000;

/// What an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// Whether the page stands inside another one.
    pub embedded: bool,
    /// The lesson to open.
    pub lesson: Option<String>,
    /// The language.
    pub language: Option<Language>,
    /// The colours.
    pub theme: Option<Theme>,
    /// The parts that are shown; all where none is named.
    pub parts: Vec<&'static str>,
    /// What may be done.
    pub mode: Mode,
    /// Whether the frame grows with its content.
    pub grows: bool,
    /// The origins whose messages are taken; any where none is named.
    pub origins: Vec<String>,
}

impl Parameters {
    /// Reads what stands behind the question mark.
    pub fn read(query: &str) -> Self {
        let mut parameters = Self::default();
        for pair in query.trim_start_matches('?').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if value.len() <= VALUE_BYTES_MAX {
                parameters.take(name, &unescaped(value));
            }
        }
        parameters
    }

    fn take(&mut self, name: &str, value: &str) {
        let list = || value.split(',').map(str::trim).filter(|word| !word.is_empty());
        match name {
            "embed" => self.embedded = value != "0",
            "lesson" if is_name(value) => self.lesson = Some(value.to_owned()),
            "lang" => self.language = Language::of_tag(value).or(self.language),
            "theme" => self.theme = Theme::ALL.into_iter().find(|theme| theme.name() == value).or(self.theme),
            "panes" => self.parts = PARTS.into_iter().filter(|part| list().any(|word| word == *part)).collect(),
            "mode" => self.mode = Mode::of_name(value).unwrap_or(self.mode),
            "height" => self.grows = value == "auto",
            "origins" => self.origins = list().map(|origin| origin.trim_end_matches('/').to_owned()).collect(),
            _ => {}
        }
    }

    /// Whether a part of the page is shown.
    pub fn shows(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }
}

/// Names of lessons are names of folders.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 80 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A value of an address, as it was before it was written into one.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, behind @ ..] = rest {
        let code = behind.get(..2).filter(|_| *byte == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => {
                bytes.push(value);
                rest = &behind[2..];
            }
            None => {
                bytes.push(if *byte == b'+' { b' ' } else { *byte });
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_shown_and_what_may_be_done() {
        let asked = Parameters::read(
            "?embed=1&lesson=partition&lang=zh-TW&panes=terminal,stage,nonsense&theme=dark&mode=read-only&height=auto&origins=https%3A%2F%2Fa.example%2C%20https://b.example/",
        );
        assert!(asked.embedded && asked.grows);
        assert_eq!(asked.lesson.as_deref(), Some("partition"));
        assert_eq!(asked.language, Some(Language::TraditionalChinese));
        assert_eq!(asked.parts, ["stage", "terminal"]);
        assert_eq!((asked.theme, asked.mode), (Some(Theme::Dark), Mode::ReadOnly));
        assert_eq!(asked.origins, ["https://a.example", "https://b.example"]);
        assert!(asked.shows("stage") && !asked.shows("editor"));
    }

    #[test]
    fn nothing_and_nonsense_ask_for_the_whole_page() {
        assert_eq!(Parameters::read(""), Parameters::default());
        let odd = format!("?&=&%&%zz=%e&lesson=../x&lang=tlh&theme=pink&mode=root&panes=&height=12&panes={}", "x".repeat(9_000));
        assert_eq!(Parameters::read(&odd), Parameters::default());
        assert!(Parameters::default().shows("editor"));
    }
}
