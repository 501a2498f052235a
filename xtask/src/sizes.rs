//! How large the published page is, and how large it may be. The budgets stand here and nowhere else.
//!
//! Measures what a host would send; does not know how the files were made.

use crate::{
    failure::{Failure, Result},
    paths, process,
    setup::Workshop,
};
use std::{fmt::Write as _, path::Path};

/// A kind of file, and how many bytes of it the first visit may cost, compressed with brotli.
struct Budget {
    name: &'static str,
    covers: fn(&str) -> bool,
    bytes: u64,
}

/// The app's budget is what it measured with the editor's help, lessons, sharing, time travel and the stage's views in it, and
/// 5 % on top, so that growth is noticed. The aim is 350,000, and it is missed by far. What stands between is code that does
/// something, spread wide: no single function takes more than 2 % of it. Loading the review of manifests, lessons and the
/// rarer verbs of kubectl later, as a second module, is the way to the aim.
const BUDGETS: [Budget; 3] = [
    Budget { name: "The app (WebAssembly)", covers: |path| path.ends_with(".wasm"), bytes: 996_000 },
    Budget {
        name: "Styles and glue",
        covers: |path| {
            let fetched_later = is_code_editor(path) || path.starts_with("course/");
            !fetched_later && [".css", ".html", ".js"].iter().any(|ending| path.ends_with(ending))
        },
        bytes: 40_000,
    },
    // CodeMirror with its search; without search it would be 8,000 less. Fetched once the page stands.
    Budget { name: "The code editor", covers: is_code_editor, bytes: 125_000 },
];

fn is_code_editor(path: &str) -> bool {
    path == "editor.js"
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Size {
    path: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Prints the table of a built page, and fails if a budget is overdrawn.
pub(crate) fn report(workshop: &Workshop, dist: &Path) -> Result<()> {
    let mut node = workshop.command("node");
    node.arg(paths::root().join("xtask/src/sizes.mjs")).arg(dist);
    let listing =
        process::answer(&mut node).ok_or_else(|| Failure::new(format!("The sizes of {} could not be measured.", dist.display())))?;
    let sizes: Vec<Size> = listing.lines().filter_map(parse).collect();
    println!("\n{}", table(&sizes));
    let over = overdrawn(&sizes);
    if over.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("The page is too large. {}", over.join(" ")))
        .remedy("find what grew, or load it later; the budgets and their place are in xtask/src/sizes.rs."))
}

fn parse(line: &str) -> Option<Size> {
    let mut columns = line.splitn(4, '\t');
    let mut number = || columns.next()?.parse().ok();
    let (raw, gzip, brotli) = (number()?, number()?, number()?);
    Some(Size { path: columns.next()?.to_owned(), raw, gzip, brotli })
}

fn table(sizes: &[Size]) -> String {
    let sum = |column: fn(&Size) -> u64| sizes.iter().map(column).sum();
    let total = Size { path: "in total".into(), raw: sum(|size| size.raw), gzip: sum(|size| size.gzip), brotli: sum(|size| size.brotli) };
    let width = sizes.iter().map(|size| size.path.len()).max().unwrap_or(0).max(total.path.len());
    let mut text = format!("{:<width$}  {:>10}  {:>10}  {:>10}\n", "file", "raw", "gzip", "brotli");
    for size in sizes.iter().chain([&total]) {
        let columns = [size.raw, size.gzip, size.brotli].map(kilobytes);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<width$}  {:>10}  {:>10}  {:>10}", size.path, columns[0], columns[1], columns[2]);
    }
    for budget in &BUDGETS {
        let spent = spent(budget, sizes);
        let _ = writeln!(text, "{}: {} of {}, brotli", budget.name, kilobytes(spent), kilobytes(budget.bytes));
    }
    text
}

fn spent(budget: &Budget, sizes: &[Size]) -> u64 {
    sizes.iter().filter(|size| (budget.covers)(&size.path)).map(|size| size.brotli).sum()
}

fn overdrawn(sizes: &[Size]) -> Vec<String> {
    BUDGETS
        .iter()
        .map(|budget| (budget, spent(budget, sizes)))
        .filter(|(budget, spent)| *spent > budget.bytes)
        .map(|(budget, spent)| format!("{}: {}, and {} is the most.", budget.name, kilobytes(spent), kilobytes(budget.bytes)))
        .collect()
}

/// `12345` as `12.3 kB`, a kilobyte being 1000 bytes.
fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(path: &str, brotli: u64) -> Size {
        Size { path: path.into(), raw: brotli * 3, gzip: brotli + 10, brotli }
    }

    #[test]
    fn a_line_of_the_listing_is_read() {
        assert_eq!(parse("300\t110\t100\ta folder/app.wasm"), Some(size("a folder/app.wasm", 100)));
        assert_eq!(parse("nonsense"), None);
    }

    #[test]
    fn the_table_has_a_line_a_file_totals_and_budgets() {
        let table = table(&[size("app.wasm", 100_000), size("boot.js", 1_234)]);
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[2].starts_with("boot.js") && lines[2].ends_with("1.2 kB"), "{table}");
        assert!(lines[3].starts_with("in total") && lines[3].ends_with("101.2 kB"), "{table}");
        let budget = format!("The app (WebAssembly): 100.0 kB of {}, brotli", kilobytes(BUDGETS[0].bytes));
        assert!(table.contains(&budget), "{table}");
    }

    #[test]
    fn exactly_the_budget_is_allowed_and_a_byte_more_is_not() {
        let app = BUDGETS[0].bytes;
        assert!(overdrawn(&[size("app.wasm", app), size("a.css", 20_000), size("b.js", 20_000)]).is_empty());
        assert_eq!(overdrawn(&[size("app.wasm", app + 1)]).len(), 1);
        assert_eq!(overdrawn(&[size("a.css", 20_000), size("b.js", 20_001)]).len(), 1);
        assert_eq!(overdrawn(&[size("editor.js", BUDGETS[2].bytes), size("b.js", 40_000)]).len(), 0);
    }
}
