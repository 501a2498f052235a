//! Aligned columns as Go's `text/tabwriter` makes them: a column is a run of lines that have a cell there which a tab ends.
//! It must not know what the cells mean.

/// Columns at least so wide, and so many blanks behind the widest cell.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The least width of a column, with its padding.
    pub width_min: usize,
    /// Blanks behind the widest cell.
    pub padding: usize,
}

/// As `kubectl get` prints.
pub const TABLE: Layout = Layout { width_min: 6, padding: 3 };
/// As `kubectl describe` prints.
pub const DESCRIPTION: Layout = Layout { width_min: 0, padding: 2 };
/// As `kubectl rollout history` prints.
pub const HISTORY: Layout = Layout { width_min: 0, padding: 2 };

/// Text whose cells end at tabs, with the tabs made into blanks.
pub fn align(text: &str, layout: Layout) -> String {
    let ends_line = text.ends_with('\n');
    let body = text.strip_suffix('\n').unwrap_or(text);
    let lines: Vec<Vec<&str>> = body.split('\n').map(|line| line.split('\t').collect()).collect();
    let mut out = String::with_capacity(text.len() * 2);
    let mut widths = Vec::new();
    Aligner { lines: &lines, layout, out: &mut out }.format(&mut widths, 0, lines.len());
    if !ends_line {
        out.pop();
    }
    out
}

struct Aligner<'a> {
    lines: &'a [Vec<&'a str>],
    layout: Layout,
    out: &'a mut String,
}

impl Aligner<'_> {
    /// Formats the lines `from..to`, of which the first `widths.len()` columns are known.
    fn format(&mut self, widths: &mut Vec<usize>, from: usize, to: usize) {
        let column = widths.len();
        let mut from = from;
        let mut this = from;
        while this < to {
            if column + 1 >= self.lines[this].len() {
                this += 1;
                continue;
            }
            self.write(widths, from, this);
            from = this;
            let mut width = self.layout.width_min;
            while this < to && column + 1 < self.lines[this].len() {
                width = width.max(self.lines[this][column].chars().count() + self.layout.padding);
                this += 1;
            }
            widths.push(width);
            self.format(widths, from, this);
            widths.pop();
            from = this;
        }
        self.write(widths, from, to);
    }

    fn write(&mut self, widths: &[usize], from: usize, to: usize) {
        for line in &self.lines[from..to] {
            for (column, cell) in line.iter().enumerate() {
                self.out.push_str(cell);
                if let Some(width) = widths.get(column)
                    && column + 1 < line.len()
                {
                    let blanks = width.saturating_sub(cell.chars().count());
                    self.out.extend(std::iter::repeat_n(' ', blanks));
                }
            }
            self.out.push('\n');
        }
    }
}

/// A table printed row by row whose columns only ever grow: what `get -w` prints.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    widths: Vec<usize>,
}

impl Rows {
    /// Rows that are printed together, each ended by a line break.
    pub fn print(&mut self, rows: &[Vec<String>]) -> String {
        for row in rows {
            for (column, cell) in row.iter().enumerate().take(row.len().saturating_sub(1)) {
                let width = (cell.chars().count() + TABLE.padding).max(TABLE.width_min);
                match self.widths.get_mut(column) {
                    Some(widest) => *widest = width.max(*widest),
                    None => self.widths.push(width),
                }
            }
        }
        let mut out = String::new();
        for row in rows {
            for (column, cell) in row.iter().enumerate() {
                out.push_str(cell);
                if column + 1 < row.len() {
                    let blanks = self.widths.get(column).map_or(0, |width| width.saturating_sub(cell.chars().count()));
                    out.extend(std::iter::repeat_n(' ', blanks));
                }
            }
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_a_tab_ends_a_column() {
        let text = "Name:\tweb\nNamespace:\tdefault\nPod Template:\n  Labels:\tapp\n  X:\ty\n";
        assert_eq!(align(text, DESCRIPTION), "Name:       web\nNamespace:  default\nPod Template:\n  Labels:  app\n  X:       y\n");
    }

    #[test]
    fn columns_grow_and_never_shrink() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let mut rows = Rows::default();
        assert_eq!(
            rows.print(&[row(&["NAME", "STATUS", "AGE"]), row(&["web-0", "Running", "1s"])]),
            "NAME    STATUS    AGE\nweb-0   Running   1s\n"
        );
        assert_eq!(rows.print(&[row(&["web-0", "Terminating", "2s"])]), "web-0   Terminating   2s\n");
        assert_eq!(rows.print(&[row(&["web-0", "Pending", "0s"])]), "web-0   Pending       0s\n");
    }
}
