//! Reads `lesson.yaml`. What cannot be read is a finding with its line, and the rest is read all the same.
//! It must not know texts, or whether names and commands exist.

use crate::manifest::{self, Node, NodeKind};

use super::goal::{Check, Expect, Goal, Happening, Target};
use super::{Finding, Hint, LESSON_FILE, Lesson, Predict, Script, Step};

/// Reads a lesson, and says everything that is wrong with its text.
pub fn read(text: &str) -> (Lesson, Vec<Finding>) {
    let manifest = manifest::parse(text);
    let mut reader = Reader { findings: Vec::new() };
    for problem in &manifest.problems {
        reader.say(problem.range.start.line, format!("{}: {}", problem.code, problem.get("found")));
    }
    let lesson = match manifest.documents.first() {
        Some(document) => reader.lesson(&document.root),
        None => {
            reader.say(1, "the file is empty: a lesson needs `steps`");
            Lesson::default()
        }
    };
    (lesson, reader.findings)
}

struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    fn say(&mut self, line: usize, message: impl Into<String>) {
        self.findings.push(Finding::new(LESSON_FILE, line, message));
    }

    /// The fields of a mapping by name; anything that is not among `known` is a finding.
    fn fields<'a, const N: usize>(&mut self, node: &'a Node, known: [&str; N]) -> [Option<&'a Node>; N] {
        let mut fields = [None; N];
        if !matches!(node.kind, NodeKind::Mapping { .. }) {
            self.say(line_of(node), format!("a mapping is needed here, with {}", known.join(", ")));
        }
        for entry in node.entries() {
            let key = entry.key.scalar().unwrap_or_default();
            match known.iter().position(|name| *name == key) {
                Some(index) => fields[index] = Some(&entry.value),
                None => self.say(line_of(&entry.key), format!("there is no field {key:?} here, only {}", known.join(", "))),
            }
        }
        fields
    }

    fn text(&mut self, node: Option<&Node>) -> String {
        match node {
            None => String::new(),
            Some(node) => match node.scalar() {
                Some(text) => text.to_owned(),
                None => {
                    self.say(line_of(node), "a text is needed here");
                    String::new()
                }
            },
        }
    }

    fn number(&mut self, node: &Node) -> i64 {
        node.scalar().and_then(|text| text.parse().ok()).unwrap_or_else(|| {
            self.say(line_of(node), "a whole number is needed here");
            0
        })
    }

    fn flag(&mut self, node: Option<&Node>) -> bool {
        match node.map(|node| (node, node.scalar())) {
            None | Some((_, Some("false"))) => false,
            Some((_, Some("true"))) => true,
            Some((node, _)) => {
                self.say(line_of(node), "`true` or `false` is needed here");
                false
            }
        }
    }

    /// A list; a single scalar counts as a list of one.
    fn list<'a>(&mut self, node: Option<&'a Node>) -> Vec<&'a Node> {
        match node {
            None => Vec::new(),
            Some(node) if matches!(node.kind, NodeKind::Sequence { .. }) => node.items().iter().collect(),
            Some(node) if node.scalar().is_some() => vec![node],
            Some(node) => {
                self.say(line_of(node), "a list is needed here");
                Vec::new()
            }
        }
    }

    fn texts(&mut self, node: Option<&Node>) -> Vec<String> {
        let list = self.list(node);
        list.into_iter().map(|node| self.text(Some(node))).collect()
    }

    fn script(&mut self, node: Option<&Node>) -> Script {
        let text = self.text(node);
        let line = node.map_or(0, line_of);
        Script { text, line }
    }

    fn lesson(&mut self, root: &Node) -> Lesson {
        let [minutes, files, start, terms, steps] = self.fields(root, ["minutes", "files", "start", "terms", "steps"]);
        let minutes = minutes.map_or(0, |node| self.number(node));
        if !(1..=30).contains(&minutes) {
            self.say(line_of(root), "`minutes` says how long the lesson takes: a number from 1 to 30");
        }
        let steps = self.list(steps).into_iter().map(|node| self.step(node)).collect::<Vec<_>>();
        if steps.is_empty() {
            self.say(line_of(root), "a lesson needs at least one step in `steps`");
        }
        Lesson { minutes: minutes.unsigned_abs(), files: self.texts(files), start: self.script(start), terms: self.texts(terms), steps }
    }

    fn step(&mut self, node: &Node) -> Step {
        let [name, challenge, goals, never, hints, predict, solution] =
            self.fields(node, ["name", "challenge", "goals", "never", "hints", "predict", "solution"]);
        let step = Step {
            name: self.text(name),
            line: line_of(node),
            challenge: self.flag(challenge),
            goals: self.goals(goals),
            never: self.goals(never),
            hints: self.list(hints).into_iter().map(|node| Hint { command: self.text(Some(node)), line: line_of(node) }).collect(),
            predict: predict.map(|node| self.predict(node)),
            solution: self.script(solution),
        };
        for (field, missing) in [
            ("name", step.name.is_empty()),
            ("goals", step.goals.is_empty()),
            ("hints", step.hints.is_empty()),
            ("solution", step.solution.text.is_empty()),
        ] {
            if missing {
                self.say(step.line, format!("the step has no `{field}`"));
            }
        }
        step
    }

    fn goals(&mut self, node: Option<&Node>) -> Vec<Goal> {
        let list = self.list(node);
        list.into_iter().filter_map(|node| self.goal(node)).collect()
    }

    fn goal(&mut self, node: &Node) -> Option<Goal> {
        let names =
            ["name", "object", "path", "is", "not", "least", "contains", "gone", "command", "prints", "fails", "rule", "about", "order"];
        let [name, object, path, is, not, least, contains, gone, command, prints, fails, rule, about, order] = self.fields(node, names);
        let line = line_of(node);
        let check = match (object, command, rule, order) {
            (Some(object), None, None, None) => {
                let least = least.map(|node| self.number(node));
                let expects = [
                    is.map(|node| Expect::Is(self.text(Some(node)))),
                    not.map(|node| Expect::Not(self.text(Some(node)))),
                    least.map(Expect::AtLeast),
                    contains.map(|node| Expect::Contains(self.text(Some(node)))),
                    self.flag(gone).then_some(Expect::Gone),
                ];
                let mut expects = expects.into_iter().flatten();
                let expect = expects.next().unwrap_or(Expect::There);
                if expects.next().is_some() {
                    self.say(line, "only one of `is`, `not`, `least`, `contains` and `gone`");
                }
                let path = path.map(|node| self.path(node));
                if path.is_none() && !matches!(expect, Expect::There | Expect::Gone) {
                    self.say(line, "`path` is missing: a JSONPath such as '{.status.readyReplicas}'");
                }
                let objects = self.list(Some(object)).into_iter().filter_map(|node| self.target(node)).collect();
                Check::Objects { objects, path, expect }
            }
            (None, Some(command), None, None) => Check::Command {
                words: self.text(Some(command)).split_whitespace().map(str::to_owned).collect(),
                prints: prints.map(|node| self.text(Some(node))),
                fails: self.flag(fails),
            },
            (None, None, Some(rule), None) => Check::Rule { rule: self.text(Some(rule)), about: about.and_then(|node| self.target(node)) },
            (None, None, None, Some(order)) => Check::Order(
                self.list(Some(order))
                    .into_iter()
                    .filter_map(|node| {
                        Happening::read(node.scalar().unwrap_or_default()).map_err(|message| self.say(line_of(node), message)).ok()
                    })
                    .collect(),
            ),
            _ => {
                self.say(line, "a goal is one of `object`, `command`, `rule` and `order`");
                return None;
            }
        };
        let name = self.text(name);
        if name.is_empty() {
            self.say(line, "the goal has no `name`, by which the texts call it");
        }
        Some(Goal { name, line, check })
    }

    fn target(&mut self, node: &Node) -> Option<Target> {
        Target::read(node.scalar().unwrap_or_default()).map_err(|message| self.say(line_of(node), message)).ok()
    }

    fn path(&mut self, node: &Node) -> String {
        let path = self.text(Some(node));
        if let Err(error) = crate::kubectl::output::jsonpath::Path::parse(&path) {
            self.say(line_of(node), format!("{path:?} is no JSONPath: {error}"));
        }
        path
    }

    fn predict(&mut self, node: &Node) -> Predict {
        let [choices, answer, shown] = self.fields(node, ["choices", "answer", "shown"]);
        let predict = Predict {
            line: line_of(node),
            choices: self.texts(choices),
            answer: self.text(answer),
            shown: shown.and_then(|node| self.goal(node)),
        };
        if predict.choices.len() < 2 || !predict.choices.contains(&predict.answer) {
            self.say(predict.line, "a prediction has two `choices` or more, and its `answer` is one of them");
        }
        if predict.shown.is_none() {
            self.say(predict.line, "`shown` is missing: the goal that shows what comes true");
        }
        predict
    }
}

fn line_of(node: &Node) -> usize {
    node.range.start.line
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
minutes: 5
files: [web.yaml]
start: |
  $ kubectl get nodes
steps:
- name: apply
  goals:
  - {name: ready, object: Pod/web-0, path: '{.status.phase}', is: Running}
  - name: order
    order: [Pod/web-0 ready, Pod/web-1 created]
  never:
  - {name: shortcut, command: kubectl delete sts|statefulset}
  hints: ['', kubectl apply -f web.yaml]
  predict:
    choices: [first, last]
    answer: first
    shown: {name: shown, order: Pod/web-0 created}
  solution: |
    $ kubectl apply -f web.yaml
    @settle
";

    #[test]
    fn a_lesson_is_read() {
        let (lesson, findings) = read(GOOD);
        assert_eq!(findings, []);
        assert_eq!((lesson.minutes, lesson.files.len(), lesson.start.line), (5, 1, 4));
        let step = &lesson.steps[0];
        assert_eq!((step.goals.len(), step.never.len(), step.hints.len(), step.solution.line), (2, 1, 2, 19));
        assert!(matches!(&step.goals[0].check, Check::Objects { expect: Expect::Is(text), .. } if text == "Running"));
        assert_eq!(step.predict.as_ref().map(|predict| predict.answer.as_str()), Some("first"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let broken = GOOD.replace("Pod/web-0,", "Pot/web-0,").replace("answer: first", "answer: third").replace("minutes: 5", "minute: 5");
        let (_, findings) = read(&broken);
        let lines: Vec<usize> = findings.iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [1, 1, 8, 15], "{findings:#?}");
    }
}
