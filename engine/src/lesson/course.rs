//! The course: chapters of lessons in their order, and per language their titles and the glossary.
//! It must not know what is in a lesson.

use crate::manifest::{self, Node};

use super::Finding;

/// The file with the order of the lessons.
pub const COURSE_FILE: &str = "course.yaml";

/// A part of the course.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chapter {
    /// Its name.
    pub name: String,
    /// Its lessons: the names of their folders.
    pub lessons: Vec<String>,
}

/// Reads the order of the lessons.
pub fn read(text: &str) -> (Vec<Chapter>, Vec<Finding>) {
    let manifest = manifest::parse(text);
    let say = |line: usize, message: String| Finding::new(COURSE_FILE, line, message);
    let mut findings: Vec<Finding> = manifest
        .problems
        .iter()
        .map(|problem| say(problem.range.start.line, format!("{}: {}", problem.code, problem.get("found"))))
        .collect();
    let scalar = |node: Option<&Node>| node.and_then(Node::scalar).unwrap_or_default().to_owned();
    let field = |node: &Node, name: &str| node.entry(name).map(|entry| entry.value.clone());
    let mut chapters = Vec::new();
    let list = manifest.documents.first().and_then(|document| field(&document.root, "chapters"));
    for node in list.iter().flat_map(Node::items) {
        let lessons = field(node, "lessons").map(|list| list.items().iter().map(|item| scalar(Some(item))).collect()).unwrap_or_default();
        let chapter = Chapter { name: scalar(field(node, "name").as_ref()), lessons };
        if chapter.name.is_empty() || chapter.lessons.is_empty() {
            findings.push(say(node.range.start.line, "a chapter has a `name` and `lessons`".to_owned()));
        }
        chapters.push(chapter);
    }
    if chapters.is_empty() {
        findings.push(say(1, "the course has no `chapters`".to_owned()));
    }
    (chapters, findings)
}

/// The course's texts in a language: lines `key = text`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    lines: Vec<(String, String)>,
}

impl Names {
    /// Reads them.
    pub fn read(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let lines = lines.filter_map(|line| line.split_once('=')).map(|(key, text)| (key.trim().to_owned(), text.trim().to_owned()));
        Self { lines: lines.collect() }
    }

    /// A text, such as `lesson.names`, `line.names`, `chapter.basics`, `term.pvc` and `means.pvc`.
    pub fn get(&self, area: &str, name: &str) -> Option<&str> {
        let found = self.lines.iter().find(|(key, _)| key.split_once('.') == Some((area, name)));
        found.map(|(_, text)| text.as_str())
    }

    /// The names of an area, in the order of the file.
    pub fn names<'a>(&'a self, area: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter_map(move |(key, _)| key.split_once('.').filter(|(head, _)| *head == area).map(|(_, name)| name))
    }

    /// All keys, in the order of the file.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|(key, _)| key.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_and_its_names_are_read() {
        let (chapters, findings) = read("chapters:\n- name: basics\n  lessons: [first, second]\n");
        assert_eq!(findings, []);
        assert_eq!(chapters, [Chapter { name: "basics".into(), lessons: vec!["first".into(), "second".into()] }]);
        assert_eq!(read("chapters:\n- name: basics\n").1.len(), 1);
        let names = Names::read("# x\nlesson.first = First\nterm.pvc = PVC\n");
        assert_eq!(names.get("lesson", "first"), Some("First"));
        assert_eq!(names.names("term").collect::<Vec<_>>(), ["pvc"]);
    }
}
