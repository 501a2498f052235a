//! The languages of the page: their tags, their own names, their plural rules (CLDR), and which one a browser's list asks for.
//! It must not know any message.

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English: built in, and what is shown where another language lacks a text.
    #[default]
    English,
    /// Chinese as in Taiwan.
    TraditionalChinese,
    /// Chinese as in mainland China.
    SimplifiedChinese,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 3] = [Self::English, Self::TraditionalChinese, Self::SimplifiedChinese];

    /// Its tag: the folder of its texts, and the `lang` attribute of the page.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::TraditionalChinese => "zh-TW",
            Self::SimplifiedChinese => "zh-CN",
        }
    }

    /// What its speakers call it, whatever the page's language is.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::TraditionalChinese => "繁體中文",
            Self::SimplifiedChinese => "简体中文",
        }
    }

    /// The language of a tag of this page.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The first of a browser's languages that the page has; English where it has none of them.
    pub fn wanted(tags: &[String]) -> Self {
        tags.iter().find_map(|tag| Self::nearest(tag)).unwrap_or_default()
    }

    /// The page's language for a BCP 47 tag. A script decides before a region; Chinese without either is simplified.
    fn nearest(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        match parts.next()? {
            "en" => Some(Self::English),
            "zh" => {
                let parts: Vec<&str> = parts.collect();
                let has = |names: &[&str]| parts.iter().any(|part| names.contains(part));
                let traditional = has(&["hant"]) || !has(&["hans"]) && has(&["tw", "hk", "mo"]);
                Some(if traditional { Self::TraditionalChinese } else { Self::SimplifiedChinese })
            }
            _ => None,
        }
    }

    /// The plural categories that the language tells apart among whole numbers.
    pub fn plurals(self) -> &'static [&'static str] {
        match self {
            Self::English => &["one", "other"],
            Self::TraditionalChinese | Self::SimplifiedChinese => &["other"],
        }
    }

    /// The plural category of a number.
    pub fn plural(self, count: u64) -> &'static str {
        match (self, count) {
            (Self::English, 1) => "one",
            _ => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_choose_their_form() {
        assert_eq!([0, 1, 2].map(|count| Language::English.plural(count)), ["other", "one", "other"]);
        assert_eq!(Language::TraditionalChinese.plural(1), "other");
    }

    #[test]
    fn the_browsers_list_chooses_the_language() {
        let wanted = |tags: &[&str]| Language::wanted(&tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>()).tag();
        for (tag, language) in [
            ("zh-TW", "zh-TW"),
            ("zh-Hant", "zh-TW"),
            ("zh-Hant-HK", "zh-TW"),
            ("zh-HK", "zh-TW"),
            ("zh-MO", "zh-TW"),
            ("zh", "zh-CN"),
            ("zh-CN", "zh-CN"),
            ("zh-SG", "zh-CN"),
            ("zh-Hans-TW", "zh-CN"),
            ("en-GB", "en"),
        ] {
            assert_eq!(wanted(&[tag]), language, "{tag}");
        }
        assert_eq!(wanted(&["fr", "zh-TW", "en"]), "zh-TW");
        assert_eq!(wanted(&["de"]), "en");
        assert_eq!(wanted(&[]), "en");
    }
}
