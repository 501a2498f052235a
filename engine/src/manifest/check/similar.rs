//! The known name that a misspelt one was probably meant to be.

/// Longest name compared; longer ones are no typing mistake of ours.
const NAME_MAX: usize = 64;

/// The nearest of `names` to `word`, where one is near enough: other case, a part of it, or a letter or two off.
pub(crate) fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let lower = word.to_ascii_lowercase();
    if lower.is_empty() || lower.len() > NAME_MAX {
        return None;
    }
    let allowed = (lower.len() / 4).clamp(1, 2);
    names
        .filter_map(|name| {
            let other = name.to_ascii_lowercase();
            let distance = if other == lower {
                0
            } else {
                let steps = distance(&lower, &other);
                let part = lower.len() >= 5 && (other.starts_with(&lower) || other.ends_with(&lower));
                if steps <= allowed {
                    steps
                } else if part {
                    allowed + 1
                } else {
                    return None;
                }
            };
            Some((distance, name))
        })
        .min_by_key(|(distance, name)| (*distance, name.len()))
        .map(|(_, name)| name)
}

/// Letters to change, add, take away or swap.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 3 {
        return usize::MAX;
    }
    let mut rows: [Vec<usize>; 3] = [Vec::new(), (0..=b.len()).collect(), Vec::new()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (rows[1][j] + usize::from(x != y)).min(rows[1][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(rows[0][j - 1] + 1);
            }
            row.push(best);
        }
        rows.rotate_left(1);
        rows[1] = row;
    }
    rows[1][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_find_theirs() {
        let names = ["replicas", "serviceName", "updateStrategy", "template", "selector"];
        let find = |word| nearest(word, names.into_iter());
        assert_eq!(find("replica"), Some("replicas"));
        assert_eq!(find("repilcas"), Some("replicas"));
        assert_eq!(find("servicename"), Some("serviceName"));
        assert_eq!(find("strategy"), Some("updateStrategy"));
        assert_eq!(find("app"), None);
        assert_eq!(find("spec"), None);
        assert_eq!(find(""), None);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
