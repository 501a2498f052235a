//! Light or dark: as the system has it, or as the person has chosen.
//! It must not know colours.

use super::storage;

/// Under which name the choice is kept.
const STORED: &str = "statefulset-sandbox.theme";

/// A choice of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All choices.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// Its name: in the style sheet, in storage, and in the locale files behind `page.theme.`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a name.
    pub fn of_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }

    /// The choice of the last visit.
    pub fn stored() -> Self {
        storage::get(STORED).map_or(Self::Auto, |name| Self::of_name(&name))
    }

    /// Whether it comes out dark.
    pub fn dark(self) -> bool {
        let system = || web_sys::window().and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok()?);
        self == Self::Dark || self == Self::Auto && system().is_some_and(|query| query.matches())
    }

    /// Keeps the choice for the next visit.
    pub fn store(self) {
        storage::set(STORED, self.name());
    }

    /// Shows it.
    pub fn show(self) {
        if let Some(root) = web_sys::window().and_then(|window| window.document()).and_then(|document| document.document_element()) {
            // An attribute of the root cannot fail to be set.
            let _ = root.set_attribute("data-theme", self.name());
        }
    }
}
