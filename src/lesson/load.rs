//! Fetches the course and lessons: files beside the page, in the page's language. It must not know what is done with them.

use statefulset_engine::lesson::course::{self, COURSE_FILE, Chapter, Names};
use statefulset_engine::lesson::lint::{Around, lint};
use statefulset_engine::lesson::text::Text;
use statefulset_engine::lesson::{Finding, LESSON_FILE, Lesson, read};

use crate::browser::fetch;
use crate::locale;

/// The course in a language.
#[derive(Debug)]
pub struct Course {
    /// Its chapters.
    pub chapters: Vec<Chapter>,
    /// Titles and glossary.
    pub names: Names,
}

/// A lesson in a language.
#[derive(Debug)]
pub struct Loaded {
    /// The name of its folder.
    pub name: String,
    /// The lesson.
    pub lesson: Lesson,
    /// Its text.
    pub text: Text,
    /// Its files: name and text.
    pub files: Vec<(String, String)>,
    /// Files that its scripts read, and that do not open in the editor.
    pub beside: Vec<(String, String)>,
    /// What its author still has to put right.
    pub findings: Vec<Finding>,
    /// What it was read from.
    source: Vec<String>,
}

// Each is made once; two that are not the same one are different for whoever draws them.
impl PartialEq for Course {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl PartialEq for Loaded {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Loaded {
    /// A lesson without words or files.
    #[cfg(test)]
    pub(crate) fn of(name: &str, lesson: Lesson) -> Self {
        let (text, files, beside, findings, source) = Default::default();
        Self { name: name.to_owned(), lesson, text, files, beside, findings, source }
    }

    /// Whether both were read from the same texts.
    pub fn same_as(&self, other: &Self) -> bool {
        self.name == other.name && self.source == other.source && self.files == other.files
    }
}

impl Course {
    /// All lessons, in their order.
    pub fn lessons(&self) -> impl Iterator<Item = &String> {
        self.chapters.iter().flat_map(|chapter| &chapter.lessons)
    }
}

/// Fetches the course.
pub async fn course() -> Option<Course> {
    let tag = locale::current().tag();
    let [order, names] = fetch::texts(&[address(COURSE_FILE), address(&format!("{tag}.txt"))]).await?.try_into().ok()?;
    Some(Course { chapters: course::read(&order).0, names: Names::read(&names) })
}

/// Fetches a lesson.
pub async fn lesson(name: &str, course: &Course) -> Option<Loaded> {
    let tag = locale::current().tag();
    let within = |file: &str| address(&format!("{name}/{file}"));
    let words = format!("{tag}.md");
    let [source, text] = fetch::texts(&[within(LESSON_FILE), within(&words)]).await?.try_into().ok()?;
    let lesson = read(&source).0;
    let texts = fetch::texts(&lesson.files.iter().map(|file| within(file)).collect::<Vec<_>>()).await?;
    let named = lesson.files_beside();
    let beside = fetch::texts(&named.iter().map(|file| within(file)).collect::<Vec<_>>()).await?;
    let beside: Vec<(String, String)> = named.into_iter().zip(beside).collect();
    let files: Vec<(String, String)> = lesson.files.into_iter().zip(texts).collect();
    let all = |file: &str| match file {
        LESSON_FILE => Some(source.clone()),
        _ if file == words => Some(text.clone()),
        _ => files.iter().chain(&beside).find(|(name, _)| name == file).map(|(_, text)| text.clone()),
    };
    let around = Around { lessons: course.lessons().cloned().collect(), names: vec![(tag.to_owned(), course.names.clone())] };
    let linted = lint(name, &all, &[tag], &around);
    let words = linted.texts.into_iter().next()?.1;
    Some(Loaded {
        name: name.to_owned(),
        lesson: linted.lesson,
        text: words,
        files,
        beside,
        findings: linted.findings,
        source: vec![source, text],
    })
}

fn address(file: &str) -> String {
    format!("lessons/{file}")
}
