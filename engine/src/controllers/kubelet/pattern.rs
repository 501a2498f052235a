//! Which pods a rule means: a small pattern that must match the whole name.
//!
//! Letters, `.`, `[a-z]`, `[^…]`, `\d`, groups, `|`, `*`, `+` and `?`, as in any regular expression; a crate for the rest of
//! them would weigh more than the whole kubelet. It must not know pods.

/// Whether a pattern matches the whole of a text. A pattern that is not understood matches only itself.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.trim_start_matches('^').trim_end_matches('$').chars().collect();
    let text: Vec<char> = text.chars().collect();
    let mut parser = Parser { pattern: &pattern, at: 0, depth: 0 };
    match parser.alternatives() {
        Some(node) if parser.at == pattern.len() => node.ends(&text, [0].into()).contains(&text.len()),
        _ => pattern == text,
    }
}

enum Node {
    One(Set),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Repeat { node: Box<Node>, from_zero: bool, many: bool },
}

enum Set {
    Any,
    Chars { ranges: Vec<(char, char)>, negated: bool },
}

impl Set {
    fn holds(&self, character: char) -> bool {
        match self {
            Self::Any => true,
            Self::Chars { ranges, negated } => ranges.iter().any(|(from, to)| (*from..=*to).contains(&character)) != *negated,
        }
    }
}

impl Node {
    /// The positions at which a match that begins at one of `starts` can end. Sets of positions, rather than backtracking,
    /// keep every pattern fast.
    fn ends(&self, text: &[char], starts: crate::sorted::SortedSet<usize>) -> crate::sorted::SortedSet<usize> {
        match self {
            Self::One(set) => {
                starts.into_iter().filter(|at| text.get(*at).is_some_and(|character| set.holds(*character))).map(|at| at + 1).collect()
            }
            Self::Sequence(nodes) => nodes.iter().fold(starts, |starts, node| node.ends(text, starts)),
            Self::Either(nodes) => nodes.iter().flat_map(|node| node.ends(text, starts.clone())).collect(),
            Self::Repeat { node, from_zero, many } => {
                let once = node.ends(text, starts.clone());
                let mut all = once.clone();
                let mut newest = once;
                while *many && !newest.is_empty() {
                    newest = node.ends(text, newest).difference(&all).copied().collect();
                    all.extend(newest.iter().copied());
                }
                if *from_zero {
                    all.extend(starts);
                }
                all
            }
        }
    }
}

/// Groups inside groups beyond this are not understood.
const DEPTH_MAX: usize = 20;

struct Parser<'a> {
    pattern: &'a [char],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.pattern.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }

    fn alternatives(&mut self) -> Option<Node> {
        let mut nodes = vec![self.sequence()?];
        while self.peek() == Some('|') {
            self.at += 1;
            nodes.push(self.sequence()?);
        }
        Some(Node::Either(nodes))
    }

    fn sequence(&mut self) -> Option<Node> {
        let mut nodes = Vec::new();
        while self.peek().is_some_and(|character| character != '|' && character != ')') {
            let mut node = self.atom()?;
            while let Some(sign @ ('*' | '+' | '?')) = self.peek() {
                self.at += 1;
                node = Node::Repeat { node: Box::new(node), from_zero: sign != '+', many: sign != '?' };
            }
            nodes.push(node);
        }
        Some(Node::Sequence(nodes))
    }

    fn atom(&mut self) -> Option<Node> {
        match self.next()? {
            '.' => Some(Node::One(Set::Any)),
            '(' => {
                self.depth += 1;
                if self.depth > DEPTH_MAX {
                    return None;
                }
                let node = self.alternatives()?;
                self.depth -= 1;
                (self.next()? == ')').then_some(node)
            }
            '[' => self.class(),
            '\\' => Some(Node::One(match self.next()? {
                'd' => Set::Chars { ranges: vec![('0', '9')], negated: false },
                'w' => Set::Chars { ranges: vec![('0', '9'), ('a', 'z'), ('A', 'Z'), ('_', '_')], negated: false },
                other => single(other),
            })),
            '*' | '+' | '?' => None,
            other => Some(Node::One(single(other))),
        }
    }

    fn class(&mut self) -> Option<Node> {
        let negated = self.peek() == Some('^');
        if negated {
            self.at += 1;
        }
        let mut ranges = Vec::new();
        loop {
            let from = self.next()?;
            if from == ']' && !ranges.is_empty() {
                return Some(Node::One(Set::Chars { ranges, negated }));
            }
            let is_range = self.peek() == Some('-') && self.pattern.get(self.at + 1).is_some_and(|to| *to != ']');
            let to = if is_range {
                self.at += 1;
                self.next()?
            } else {
                from
            };
            ranges.push((from, to));
        }
    }
}

fn single(character: char) -> Set {
    Set::Chars { ranges: vec![(character, character)], negated: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, text, expected) in [
            ("web-1", "web-1", true),
            ("web-1", "web-10", false),
            ("web-.*", "web-10", true),
            ("web-[0-2]", "web-3", false),
            ("web-(0|2)", "web-2", true),
            ("web-\\d+", "web-123", true),
            (".*", "anything", true),
            ("^web-0$", "web-0", true),
            ("web-[^1]", "web-2", true),
            ("web-?0", "web0", true),
            ("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false),
            ("web-(", "web-(", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
