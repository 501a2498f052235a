//! Which steps of which lessons were done, kept between visits. It must not know what a step is.

use crate::browser::storage;

/// Under which name it is kept.
const STORED: &str = "statefulset-sandbox.lessons";

/// The steps that were done, by lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    done: Vec<(String, Vec<String>)>,
}

impl Progress {
    /// What was kept.
    pub fn stored() -> Self {
        storage::get(STORED).map_or_else(Self::default, |text| Self::read(&text))
    }

    /// Reads a line for each lesson: its name, then the names of its steps.
    fn read(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            Some((words.next()?, words.collect()))
        });
        Self { done: lines.collect() }
    }

    fn write(&self) -> String {
        self.done.iter().map(|(lesson, steps)| format!("{lesson} {}\n", steps.join(" "))).collect()
    }

    /// Notes that a step was done, and keeps it.
    pub fn note(&mut self, lesson: &str, step: &str) {
        if !self.has(lesson, step) {
            match self.done.iter_mut().find(|(known, _)| known == lesson) {
                Some((_, steps)) => steps.push(step.to_owned()),
                None => self.done.push((lesson.to_owned(), vec![step.to_owned()])),
            }
            storage::set(STORED, &self.write());
        }
    }

    /// Whether a step was done.
    pub fn has(&self, lesson: &str, step: &str) -> bool {
        self.steps(lesson).iter().any(|done| done == step)
    }

    /// How many steps of a lesson were done.
    pub fn count(&self, lesson: &str) -> usize {
        self.steps(lesson).len()
    }

    fn steps(&self, lesson: &str) -> &[String] {
        self.done.iter().find(|(known, _)| known == lesson).map_or(&[], |(_, steps)| steps)
    }

    /// Whether a lesson is finished: the challenge is its last step.
    pub fn finished(&self, lesson: &str) -> bool {
        self.has(lesson, "challenge")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut progress = Progress::default();
        progress.done.push(("names".into(), vec!["first".into(), "challenge".into()]));
        let again = Progress::read(&progress.write());
        assert_eq!(again, progress);
        assert!(again.finished("names") && !again.finished("dns"));
        assert_eq!((again.count("names"), again.count("dns")), (2, 0));
        assert_eq!(Progress::read("\n \n"), Progress::default());
    }
}
