//! The lines of a description: cells end at tabs, levels indent by two blanks.
//! It must not know any kind. Follows `kubectl/pkg/describe`.

use crate::sorted::SortedMap;

use crate::api::metadata::{LAST_APPLIED, Text};

/// Longer annotations are broken into lines.
const ANNOTATION_MAX: usize = 140;

/// Text with tabs that grows line by line.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// What was written.
    pub text: String,
}

impl Sheet {
    /// A line at a level.
    pub fn line(&mut self, level: usize, text: &str) {
        for _ in 0..level {
            self.text.push_str("  ");
        }
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// `Title:<tab>value`.
    pub fn field(&mut self, level: usize, title: &str, value: impl std::fmt::Display) {
        self.line(level, &format!("{title}:\t{value}"));
    }

    /// Labels, one a line.
    pub fn labels(&mut self, title: &str, labels: &SortedMap<Text, Text>) {
        self.pairs(title, labels.iter().map(|(key, value)| format!("{key}={value}")).collect());
    }

    /// Annotations, one a line; what apply remembers is left out.
    pub fn annotations(&mut self, title: &str, annotations: &SortedMap<Text, Text>) {
        let shown = annotations.iter().filter(|(key, _)| &***key != LAST_APPLIED).map(|(key, value)| annotation(key, value));
        self.pairs(title, shown.collect());
    }

    /// Lines under one title.
    pub fn pairs(&mut self, title: &str, lines: Vec<String>) {
        if lines.is_empty() {
            return self.field(0, title, "<none>");
        }
        let indent = title.len() - title.trim_start().len();
        for (index, line) in lines.into_iter().enumerate() {
            if index == 0 {
                self.field(0, title, line);
            } else {
                self.line(0, &format!("{}\t{line}", " ".repeat(indent)));
            }
        }
    }
}

fn annotation(key: &str, value: &str) -> String {
    let value = value.strip_suffix('\n').unwrap_or(value);
    if value.len() + key.len() + 2 <= ANNOTATION_MAX && !value.contains('\n') {
        return format!("{key}: {value}");
    }
    let mut text = format!("{key}:");
    for line in value.split('\n') {
        let shown: String = line.chars().take(ANNOTATION_MAX - 2).collect();
        let dots = if shown.len() < line.len() { "..." } else { "" };
        text.push_str(&format!("\n\t  {shown}{dots}"));
    }
    text
}
