//! Renders the course as plain pages, one a lesson and language: text, files, commands and what they print. They are read
//! where JavaScript or WebAssembly is missing, by people and by machines. What the commands print is no text of the
//! lesson: the solution of each step is played, and this is what came of it.
//!
//!     cargo run -p statefulset-engine --example lesson_pages -- OUT
//!
//! Owns the pages' form. It must not know the app.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use statefulset_engine::lesson::course::{self, Names};
use statefulset_engine::lesson::text::{self, Block, Inline, Inlines, StepText, Text};
use statefulset_engine::lesson::{LESSON_FILE, Lesson, prove, read};
use statefulset_engine::script;

/// The languages: their tags, and what their speakers call them.
const LANGUAGES: [(&str, &str); 3] = [("en", "English"), ("zh-TW", "繁體中文"), ("zh-CN", "简体中文")];

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let out = env::args().nth(1).map_or_else(|| root.join("dist/course"), PathBuf::from);
    let course = fs::read_to_string(root.join("lessons/course.yaml"))?;
    let (chapters, _) = course::read(&course);
    for (tag, _) in LANGUAGES {
        let words = Words {
            tag,
            own: lines(&root.join(format!("lessons/pages.{tag}.txt")))?,
            course: lines(&root.join(format!("lessons/{tag}.txt")))?,
        };
        let folder = out.join(tag);
        fs::create_dir_all(&folder)?;
        let mut contents = String::new();
        for chapter in &chapters {
            let _ = writeln!(contents, "<h2>{}</h2>\n<ol>", escaped(words.course.get("chapter", &chapter.name).unwrap_or(&chapter.name)));
            for name in &chapter.lessons {
                let title = words.course.get("lesson", name).unwrap_or(name);
                let line = words.course.get("line", name).unwrap_or_default();
                let _ = writeln!(contents, "<li><a href=\"{name}.html\">{}</a><br>{}</li>", escaped(title), escaped(line));
                let place = root.join("lessons").join(name);
                let files = |file: &str| fs::read_to_string(place.join(file)).ok();
                let page = lesson(name, &words, &files)?;
                fs::write(folder.join(format!("{name}.html")), page)?;
            }
            contents.push_str("</ol>\n");
        }
        fs::write(folder.join("index.html"), words.page("index", words.get("course"), words.get("about"), &contents))?;
    }
    Ok(())
}

fn lines(path: &Path) -> io::Result<Names> {
    Ok(Names::read(&fs::read_to_string(path)?))
}

/// What a language's pages say beside the lessons.
struct Words<'a> {
    tag: &'a str,
    own: Names,
    course: Names,
}

impl Words<'_> {
    fn get(&self, name: &str) -> &str {
        self.own.get("pages", name).unwrap_or_default()
    }

    /// A whole page. `name` is that of its file.
    fn page(&self, name: &str, title: &str, about: &str, body: &str) -> String {
        let tag = self.tag;
        let lesson = if name == "index" { String::new() } else { format!("lesson={name}&amp;") };
        let others: String = LANGUAGES
            .iter()
            .map(|(other, own)| {
                let current = if *other == tag { " aria-current=\"true\"" } else { "" };
                format!("<a href=\"../{other}/{name}.html\" hreflang=\"{other}\" lang=\"{other}\"{current}>{own}</a> ")
            })
            .collect();
        let alternates: String = LANGUAGES
            .iter()
            .map(|(other, _)| format!("<link rel=\"alternate\" hreflang=\"{other}\" href=\"../{other}/{name}.html\">\n"))
            .collect();
        format!(
            "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"description\" content=\"{about}\">\n<title>{title}</title>\n{alternates}\
             <link rel=\"icon\" href=\"../../icon.svg\" type=\"image/svg+xml\">\n<link rel=\"stylesheet\" href=\"../../lesson-page.css\">\n</head>\n<body>\n\
             <header><nav><a href=\"index.html\">{course}</a> {others}</nav></header>\n<main>\n<h1>{title}</h1>\n\
             <p><a class=\"open\" href=\"../../index.html?{lesson}lang={tag}\">{open}</a></p>\n{body}</main>\n</body>\n</html>\n",
            about = escaped(about),
            title = escaped(title),
            course = escaped(self.get("course")),
            open = escaped(self.get("open")),
        )
    }
}

/// The page of a lesson.
fn lesson(name: &str, words: &Words<'_>, files: &dyn Fn(&str) -> Option<String>) -> io::Result<String> {
    let missing = |file: &str| io::Error::other(format!("{name}/{file} is missing"));
    let (lesson, _) = read(&files(LESSON_FILE).ok_or_else(|| missing(LESSON_FILE))?);
    let file = format!("{}.md", words.tag);
    let (text, _) = text::read(&file, &files(&file).ok_or_else(|| missing(&file))?);
    let mut page = Page { body: String::new(), words };
    page.blocks(&text.intro);
    page.steps(&lesson, &text, files)?;
    if !text.summary.is_empty() {
        page.heading(2, words.get("summary"));
        page.blocks(&text.summary);
    }
    page.heading(2, words.get("files"));
    for file in &lesson.files {
        page.heading(3, file);
        page.code(&files(file).unwrap_or_default());
    }
    page.terms(&lesson.terms);
    let about = words.course.get("line", name).unwrap_or(&text.title);
    Ok(words.page(name, &text.title, about, &page.body))
}

struct Page<'a> {
    body: String,
    words: &'a Words<'a>,
}

impl Page<'_> {
    fn heading(&mut self, level: u8, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.body, "<h{level}>{}</h{level}>", escaped(text));
    }

    fn code(&mut self, text: &str) {
        let _ = writeln!(self.body, "<pre tabindex=\"0\"><code>{}</code></pre>", escaped(text.trim_end()));
    }

    fn paragraph(&mut self, run: &Inlines) {
        if !run.is_empty() {
            let _ = writeln!(self.body, "<p>{}</p>", inlines(run));
        }
    }

    fn list<'a>(&mut self, title: &str, items: impl Iterator<Item = &'a Inlines>) {
        let items: String = items.filter(|run| !run.is_empty()).map(|run| format!("<li>{}</li>\n", inlines(run))).collect();
        if !items.is_empty() {
            let title = if title.is_empty() { String::new() } else { format!("<h3>{}</h3>\n", escaped(title)) };
            let _ = write!(self.body, "{title}<ul>\n{items}</ul>\n");
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(run) => self.paragraph(run),
                Block::List(items) => self.list("", items.iter()),
                Block::Code(text) => self.code(text),
            }
        }
    }

    /// The steps, each with what its solution prints in the cluster that the steps before it have left.
    fn steps(&mut self, lesson: &Lesson, text: &Text, files: &dyn Fn(&str) -> Option<String>) -> io::Result<()> {
        let wrong = |what: &dyn std::fmt::Display| io::Error::other(what.to_string());
        let mut session = prove::begin(lesson, files).map_err(|finding| wrong(&finding))?;
        if !lesson.start.text.trim().is_empty() {
            self.heading(2, self.words.get("start"));
            self.code(&lesson.start.text);
        }
        let none = StepText::default();
        for step in &lesson.steps {
            let words = text.step(&step.name).unwrap_or(&none);
            self.heading(2, &words.title);
            self.blocks(&words.body);
            self.paragraph(&words.ask);
            self.list("", words.choices.iter().map(|(_, run)| run));
            self.list(self.words.get("goals"), words.goals.iter().chain(&words.never).map(|(_, run)| run));
            self.list(self.words.get("hints"), words.hints.iter());
            let played = script::play(session, &step.solution.text, files).map_err(|error| wrong(&error))?;
            self.heading(3, self.words.get("commands"));
            self.code(&played.transcript);
            session = played.session;
            self.paragraph(&words.outcome);
        }
        Ok(())
    }

    fn terms(&mut self, names: &[String]) {
        if names.is_empty() {
            return;
        }
        self.heading(2, self.words.get("terms"));
        self.body.push_str("<dl>\n");
        for name in names {
            let (term, means) = (self.words.course.get("term", name), self.words.course.get("means", name));
            let _ = writeln!(
                self.body,
                "<dt id=\"term-{name}\">{}</dt><dd>{}</dd>",
                escaped(term.unwrap_or(name)),
                escaped(means.unwrap_or_default())
            );
        }
        self.body.push_str("</dl>\n");
    }
}

fn inlines(run: &Inlines) -> String {
    run.iter()
        .map(|inline| match inline {
            Inline::Words(text) => escaped(text),
            Inline::Code(text) => format!("<code>{}</code>", escaped(text)),
            Inline::Strong(text) => format!("<strong>{}</strong>", escaped(text)),
            Inline::Link { words, target } => {
                let address = match target.split_once(':') {
                    Some(("term", name)) => format!("#term-{name}"),
                    Some(("lesson", name)) => format!("{name}.html"),
                    _ => target.clone(),
                };
                format!("<a href=\"{}\">{}</a>", escaped(&address), escaped(words))
            }
        })
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
