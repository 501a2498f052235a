//! Puts a text into the usual form: two spaces a level, lists at the column of their key, no blanks at the ends of lines, one line
//! break at the end. Comments, quotes and the order of keys stay. It must not know what the text means, and changes nothing of it:
//! where the formatted text would read otherwise, it gives the text back as it was.

use crate::manifest::{CollectionStyle, Node, NodeKind, parse};

/// The text in the usual form; `None` where it cannot be read, or is in that form already.
#[must_use]
pub fn format(text: &str) -> Option<String> {
    let manifest = parse(text);
    if manifest.has_errors() {
        return None;
    }
    let lines: Vec<&str> = text.split('\n').collect();
    // By how many columns each line moves, and whether its inside may be touched.
    let mut columns: Vec<Option<usize>> = vec![None; lines.len()];
    let mut literal = vec![false; lines.len()];
    for document in &manifest.documents {
        place(&document.root, 0, &mut columns, &mut literal);
    }
    let mut out: Vec<String> = Vec::new();
    let mut moved: isize = 0;
    for (index, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let words = line.trim_start_matches(' ');
        if words.trim().is_empty() {
            out.push(if literal[index] { (*line).to_owned() } else { String::new() });
            continue;
        }
        if let Some(column) = columns[index] {
            moved = column as isize - indent as isize;
        } else if words.starts_with('#') && !literal[index] {
            // A comment goes with the line that follows it.
            let next = (index + 1..lines.len()).find(|next| columns[*next].is_some());
            if let Some(column) = next.and_then(|next| columns[next]) {
                out.push(format!("{}{}", " ".repeat(column), words.trim_end()));
                continue;
            }
        } else if words.starts_with("---") && indent == 0 {
            moved = 0;
        }
        let indent = (indent as isize + moved).max(0) as usize;
        if literal[index] {
            out.push(format!("{}{words}", " ".repeat(indent)));
            continue;
        }
        let mut words = words.trim_end();
        let mut line = " ".repeat(indent);
        while let Some(rest) = words.strip_prefix("- ") {
            line.push_str("- ");
            words = rest.trim_start_matches(' ');
        }
        out.push(line + words);
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    let formatted = format!("{}\n", out.join("\n"));
    let same = |one: &crate::manifest::Manifest, other: &crate::manifest::Manifest| {
        one.documents.len() == other.documents.len()
            && one.documents.iter().zip(&other.documents).all(|(one, other)| one.value == other.value)
    };
    (formatted != text && same(&manifest, &parse(&formatted))).then_some(formatted)
}

/// Gives the lines on which a node's parts begin their columns.
fn place(node: &Node, column: usize, columns: &mut [Option<usize>], literal: &mut [bool]) {
    match &node.kind {
        NodeKind::Mapping { entries, style: CollectionStyle::Block } => {
            for entry in entries {
                begin(&entry.key, column, columns);
            }
            for entry in entries {
                let inner = match &entry.value.kind {
                    NodeKind::Sequence { style: CollectionStyle::Block, .. } => column,
                    _ => column + 2,
                };
                place(&entry.value, inner, columns, literal);
            }
        }
        NodeKind::Sequence { items, style: CollectionStyle::Block } => {
            for item in items {
                // The dash stands two before its element, on the element's first line.
                begin(item, column, columns);
                place(item, column + 2, columns, literal);
            }
        }
        NodeKind::Scalar { .. } => {
            for line in literal.iter_mut().take(node.range.end.line).skip(node.range.start.line) {
                *line = true;
            }
        }
        _ => {}
    }
}

/// The first part that begins on a line says where the line stands.
fn begin(node: &Node, column: usize, columns: &mut [Option<usize>]) {
    if let Some(place) = columns.get_mut(node.range.start.line - 1) {
        place.get_or_insert(column);
    }
}
