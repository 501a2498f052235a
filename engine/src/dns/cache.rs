//! What CoreDNS keeps: answers, also that a name does not exist, for a while. Follows the plugin `cache`. It must not know how
//! answers are found.

use crate::sorted::SortedMap;

use crate::api::time::Ms;

use super::{Answer, Status, Type};

/// How long answers are kept, also that there is none.
const KEEP_S: u64 = 30;
/// How long it is kept that the server could not find out.
const KEEP_FAILURE_S: u64 = 5;
/// CoreDNS keeps as many answers; then the oldest go.
const ENTRIES_MAX: usize = 9_984;

/// What CoreDNS keeps.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    entries: SortedMap<(String, Type), (Ms, Answer)>,
}

impl Cache {
    /// A kept answer with what is left of its time.
    pub(super) fn get(&self, name: &str, kind: Type, now_ms: Ms) -> Option<Answer> {
        let (stored_ms, answer) = self.entries.get(&(name.to_ascii_lowercase(), kind))?;
        let keep = if answer.status == Status::ServFail { KEEP_FAILURE_S } else { KEEP_S };
        let left = keep.checked_sub(now_ms.saturating_sub(*stored_ms) / 1000).filter(|left| *left > 0)?;
        let mut answer = answer.clone();
        for record in answer.answers.iter_mut().chain(&mut answer.authority).chain(&mut answer.additional) {
            record.ttl = record.ttl.min(left);
        }
        answer.cached_ms = Some(*stored_ms);
        Some(answer)
    }

    /// Keeps an answer.
    pub(super) fn put(&mut self, name: &str, kind: Type, answer: &Answer, now_ms: Ms) {
        if self.entries.len() >= ENTRIES_MAX {
            let oldest = self.entries.iter().min_by_key(|(_, (stored_ms, _))| *stored_ms).map(|(key, _)| key.clone());
            if let Some(key) = oldest {
                self.entries.remove(&key);
            }
        }
        self.entries.insert((name.to_ascii_lowercase(), kind), (now_ms, answer.clone()));
    }

    /// What is kept at a moment: name, type and since when, in order of name.
    pub fn kept(&self, now_ms: Ms) -> impl Iterator<Item = (&str, Type, Ms)> {
        self.entries
            .iter()
            .filter(move |((name, kind), _)| self.get(name, *kind, now_ms).is_some())
            .map(|((name, kind), (stored_ms, _))| (name.as_str(), *kind, *stored_ms))
    }
}
