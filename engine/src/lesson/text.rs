//! Reads the text of a lesson in one language: a small format of headings, paragraphs, lists and a few `@` lines. No HTML.
//! It must not know the lesson's checks, nor how text looks.

use super::Finding;

/// The heading of the section with what was learnt.
pub const SUMMARY: &str = "summary";

/// A lesson in a language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub intro: Vec<Block>,
    /// Its steps, by name.
    pub steps: Vec<StepText>,
    /// What was learnt.
    pub summary: Vec<Block>,
}

/// The text of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepText {
    /// The step's name.
    pub name: String,
    /// Where it stands.
    pub line: usize,
    /// Its title.
    pub title: String,
    /// What it says.
    pub body: Vec<Block>,
    /// Its goals, by name.
    pub goals: Vec<(String, Inlines)>,
    /// What must not be done, by name.
    pub never: Vec<(String, Inlines)>,
    /// Its hints, in stages.
    pub hints: Vec<Inlines>,
    /// The question of its prediction.
    pub ask: Inlines,
    /// The choices of its prediction, by name.
    pub choices: Vec<(String, Inlines)>,
    /// What happens, and why.
    pub outcome: Inlines,
}

/// A block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Inlines),
    /// A list.
    List(Vec<Inlines>),
    /// Lines as typed or printed.
    Code(String),
}

/// A run of text.
pub type Inlines = Vec<Inline>;

/// A piece of a run of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain words.
    Words(String),
    /// `code`.
    Code(String),
    /// **Words that matter**, or *words of the page*: neither is slanted, which Chinese is not.
    Strong(String),
    /// `[Words](target)`: `https://…`, `lesson:NAME` or `term:NAME`.
    Link {
        /// The words.
        words: String,
        /// Where they lead.
        target: String,
    },
}

/// The words of a run of text, without their looks.
pub fn plain(run: &[Inline]) -> String {
    run.iter()
        .map(|piece| match piece {
            Inline::Words(words) | Inline::Code(words) | Inline::Strong(words) | Inline::Link { words, .. } => words.as_str(),
        })
        .collect()
}

/// Reads a text, and says everything that is wrong with it.
pub fn read(file: &str, text: &str) -> (Text, Vec<Finding>) {
    let mut reader = Reader { file, text: Text::default(), findings: Vec::new(), summary: false };
    let mut lines = text.lines().enumerate().peekable();
    let mut paragraph: Vec<&str> = Vec::new();
    while let Some((index, line)) = lines.next() {
        let (number, trimmed) = (index + 1, line.trim());
        let starts = |head: &str| trimmed.starts_with(head);
        if trimmed.is_empty() || starts("# ") || starts("## ") || starts("@") || starts("- ") || starts("```") {
            reader.paragraph(&mut paragraph);
        }
        if trimmed.is_empty() {
            continue;
        } else if let Some(heading) = trimmed.strip_prefix("## ") {
            reader.heading(number, heading);
        } else if let Some(title) = trimmed.strip_prefix("# ") {
            if number > 1 {
                reader.say(number, "the title is the first line");
            }
            reader.text.title = title.trim().to_owned();
        } else if let Some(rest) = trimmed.strip_prefix('@') {
            let mut whole = rest.to_owned();
            // A directive goes on in lines that are indented.
            while let Some((_, more)) = lines.next_if(|(_, line)| line.starts_with("  ") && !line.trim().is_empty()) {
                join(&mut whole, more.trim());
            }
            reader.directive(number, &whole);
        } else if let Some(item) = trimmed.strip_prefix("- ") {
            let mut items = vec![item.to_owned()];
            while let Some((_, more)) =
                lines.next_if(|(_, line)| line.trim_start().starts_with("- ") || line.starts_with("  ") && !line.trim().is_empty())
            {
                match more.trim().strip_prefix("- ") {
                    Some(item) => items.push(item.to_owned()),
                    None => items.last_mut().into_iter().for_each(|item| join(item, more.trim())),
                }
            }
            reader.push(Block::List(items.iter().map(|item| inlines(item)).collect()));
        } else if starts("```") {
            let mut code = String::new();
            loop {
                match lines.next() {
                    Some((_, line)) if line.trim() == "```" => break,
                    Some((_, line)) => {
                        code.push_str(line);
                        code.push('\n');
                    }
                    None => {
                        reader.say(number, "the block of code has no end: close it with ```");
                        break;
                    }
                }
            }
            reader.push(Block::Code(code.trim_end().to_owned()));
        } else {
            paragraph.push(trimmed);
        }
    }
    reader.paragraph(&mut paragraph);
    if reader.text.title.is_empty() {
        reader.say(1, "the title is missing: the first line is `# Title`");
    }
    (reader.text, reader.findings)
}

struct Reader<'a> {
    file: &'a str,
    text: Text,
    findings: Vec<Finding>,
    summary: bool,
}

impl Reader<'_> {
    fn say(&mut self, line: usize, message: impl Into<String>) {
        self.findings.push(Finding::new(self.file, line, message));
    }

    fn heading(&mut self, line: usize, heading: &str) {
        if heading.trim() == SUMMARY {
            self.summary = true;
            return;
        }
        match heading.split_once(": ") {
            Some((name, title)) => {
                let step = StepText { name: name.trim().to_owned(), title: title.trim().to_owned(), line, ..StepText::default() };
                self.text.steps.push(step);
            }
            None => self.say(line, "a step begins with `## name: Title`, the last section with `## summary`"),
        }
    }

    fn paragraph(&mut self, lines: &mut Vec<&str>) {
        if !lines.is_empty() {
            let mut text = String::new();
            lines.drain(..).for_each(|line| join(&mut text, line));
            self.push(Block::Paragraph(inlines(&text)));
        }
    }

    fn push(&mut self, block: Block) {
        let blocks = match self.text.steps.last_mut() {
            _ if self.summary => &mut self.text.summary,
            Some(step) => &mut step.body,
            None => &mut self.text.intro,
        };
        blocks.push(block);
    }

    fn directive(&mut self, line: usize, text: &str) {
        let Some((head, words)) = text.split_once(": ") else {
            return self.say(line, "write `@hint: text`, or `@goal name: text`");
        };
        let (word, name) = head.split_once(' ').unwrap_or((head, ""));
        let words = inlines(words.trim());
        let Some(step) = self.text.steps.last_mut().filter(|_| !self.summary) else {
            return self.say(line, "`@` lines belong to a step");
        };
        let name = name.trim().to_owned();
        match word {
            "goal" => step.goals.push((name, words)),
            "never" => step.never.push((name, words)),
            "choice" => step.choices.push((name, words)),
            "hint" => step.hints.push(words),
            "ask" => step.ask = words,
            "outcome" => step.outcome = words,
            _ => self.say(line, format!("there is no `@{word}`: goal, never, hint, ask, choice or outcome")),
        }
    }
}

/// Joins a line to a text. Between Chinese letters a line break is no space.
fn join(text: &mut String, line: &str) {
    let wide = |letter: Option<char>| letter.is_some_and(|letter| letter >= '\u{2e80}');
    let unbroken = wide(text.chars().last()) && wide(line.chars().next());
    if !text.is_empty() && !unbroken {
        text.push(' ');
    }
    text.push_str(line);
}

/// Reads the pieces of a run of text.
pub fn inlines(text: &str) -> Inlines {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let piece = match first {
            '`' => between(rest, "`", "`").map(|(code, rest)| (Inline::Code(code.to_owned()), rest)),
            '*' => between(rest, "**", "**")
                .or_else(|| between(rest, "*", "*"))
                .map(|(strong, rest)| (Inline::Strong(strong.to_owned()), rest)),
            '[' => between(rest, "[", "](").and_then(|(words, behind)| {
                let (target, rest) = behind.split_once(')')?;
                Some((Inline::Link { words: words.to_owned(), target: target.to_owned() }, rest))
            }),
            _ => None,
        };
        match piece {
            Some((piece, behind)) => {
                if !words.is_empty() {
                    pieces.push(Inline::Words(std::mem::take(&mut words)));
                }
                pieces.push(piece);
                rest = behind;
            }
            None => {
                words.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    if !words.is_empty() {
        pieces.push(Inline::Words(words));
    }
    pieces
}

/// What stands between two marks at the front of a text, and what comes behind them.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(open)?.split_once(close).filter(|(inside, _)| !inside.is_empty())
}

impl Text {
    /// The text of a step.
    pub fn step(&self, name: &str) -> Option<&StepText> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// Every run of text, for those who look through all of it.
    pub fn runs(&self) -> Vec<&Inlines> {
        let mut runs = Vec::new();
        let bodies = self.steps.iter().map(|step| &step.body);
        for block in [&self.intro, &self.summary].into_iter().chain(bodies).flatten() {
            match block {
                Block::Paragraph(run) => runs.push(run),
                Block::List(items) => runs.extend(items),
                Block::Code(_) => {}
            }
        }
        for step in &self.steps {
            runs.extend(step.goals.iter().chain(&step.never).chain(&step.choices).map(|(_, run)| run));
            runs.extend(step.hints.iter().chain([&step.ask, &step.outcome]));
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
# Order

One line
and its end.

## watch: Watch the order

Type `kubectl get pods`. See [claims](term:pvc).

- **first** web-0
- then web-1

```
web-0   1/1
```

@goal ready: web-0 is ready.
@hint: Look at
  the stage.
@ask: Which goes first?
@choice first: web-0
@outcome: web-0.

## summary

- Order.
";

    #[test]
    fn a_text_is_read() {
        let (text, findings) = read("en.md", GOOD);
        assert_eq!(findings, []);
        assert_eq!(text.title, "Order");
        assert_eq!(text.intro, [Block::Paragraph(vec![Inline::Words("One line and its end.".into())])]);
        let step = text.step("watch").expect("the step");
        assert_eq!((step.title.as_str(), step.body.len(), step.goals.len(), step.choices.len()), ("Watch the order", 3, 1, 1));
        assert_eq!(step.hints, [vec![Inline::Words("Look at the stage.".into())]]);
        assert_eq!(text.summary.len(), 1);
        assert!(text.runs().len() > 8);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let (_, findings) = read("en.md", "Order\n\n## watch\n@hind: x\n```\n");
        let lines: Vec<usize> = findings.iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [3, 4, 5, 1], "{findings:#?}");
    }

    #[test]
    fn chinese_lines_join_without_a_space() {
        let (text, _) = read("zh-TW.md", "# 題\n\n一個\nPod\n兩行\n文字\n");
        assert_eq!(text.intro, [Block::Paragraph(vec![Inline::Words("一個 Pod 兩行文字".into())])]);
    }
}
