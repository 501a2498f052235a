//! The stage as a picture that stands alone: SVG with its colours and words in it, for slides and handouts. Drawn from the
//! scene, as the page is, and not from the page. It must not know the DOM.

use std::fmt::Write as _;

use crate::locale::tr;
use crate::stage::scene::{ClaimCard, Column, PodCard, PodState, Scene, SetScene, Slot};

/// Colours by what they mean.
#[derive(Clone, Copy, Debug)]
pub struct Colours {
    page: &'static str,
    line: &'static str,
    ink: &'static str,
    quiet: &'static str,
    accent: &'static str,
    older: (&'static str, &'static str),
    newer: (&'static str, &'static str),
    good: &'static str,
    waiting: &'static str,
    bad: &'static str,
    disk: (&'static str, &'static str),
}

/// For light slides and for paper.
pub const LIGHT: Colours = Colours {
    page: "#ffffff",
    line: "#d9e0e8",
    ink: "#17202b",
    quiet: "#566474",
    accent: "#2f63d8",
    older: ("#2f63d8", "#f0f4ff"),
    newer: ("#7a35d6", "#f7f1ff"),
    good: "#17794d",
    waiting: "#8f5400",
    bad: "#b4233f",
    disk: ("#8a9aac", "#e8edf3"),
};

/// For dark slides.
pub const DARK: Colours = Colours {
    page: "#0a0e14",
    line: "#243040",
    ink: "#e6edf5",
    quiet: "#9dabbb",
    accent: "#7aa2ff",
    older: ("#7aa2ff", "#16223c"),
    newer: ("#c39bff", "#241a3a"),
    good: "#58d39b",
    waiting: "#f0b65a",
    bad: "#ff7d92",
    disk: ("#5b6d82", "#1b2532"),
};

const COLUMN: usize = 168;
const GAP: usize = 14;
const PAD: usize = 24;
/// Columns side by side before the next row begins.
const ROW: usize = 6;
/// Columns drawn of one set: more would be a wall.
const COLUMNS_MAX: usize = 60;
const CARD: usize = 92;
const CLAIM: usize = 46;

/// The picture of a scene, with a line above it and one below.
pub fn svg(scene: &Scene, colours: &Colours, title: &str, note: &str) -> String {
    let frame = frame(scene, colours, title, note);
    page(colours, frame.width, frame.height, &frame.body)
}

/// Pictures one below the other: a run, in moments.
pub fn strip(frames: &[(Scene, String, String)], colours: &Colours) -> String {
    let (mut body, mut width, mut height) = (String::new(), 0, 0);
    for (scene, title, note) in frames {
        let frame = frame(scene, colours, title, note);
        let _ = write!(body, r#"<g transform="translate(0 {height})">{}</g>"#, frame.body);
        height += frame.height;
        width = width.max(frame.width);
        let _ = write!(body, r#"<path d="M{PAD} {height}H{}" stroke="{}"/>"#, width - PAD, colours.line);
    }
    page(colours, width, height, &body)
}

fn page(colours: &Colours, width: usize, height: usize, body: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="system-ui, 'Segoe UI', 'Noto Sans', 'Liberation Sans', sans-serif" font-size="13"><rect width="{width}" height="{height}" fill="{}"/>{body}</svg>"#,
        colours.page
    )
}

struct Frame {
    body: String,
    width: usize,
    height: usize,
}

struct Pen<'a> {
    body: String,
    colours: &'a Colours,
}

fn frame(scene: &Scene, colours: &Colours, title: &str, note: &str) -> Frame {
    let mut pen = Pen { body: String::new(), colours };
    pen.text((PAD, 34), colours.ink, "17px", "700", title);
    let mut y = 52;
    let mut columns = 1;
    for set in &scene.sets {
        columns = columns.max(set.columns.len().min(ROW));
        y = pen.set(set, y);
    }
    for pod in &scene.pods {
        pen.pod(pod, (PAD, y));
        y += CARD + GAP;
    }
    if scene.is_empty() {
        pen.text((PAD, y + 14), colours.quiet, "13px", "400", &tr("share.empty-stage", &[]));
        y += 30;
    }
    let width = (PAD * 2 + columns * (COLUMN + GAP)).max(560);
    for line in wrapped(note, width / 7) {
        pen.text((PAD, y + 16), colours.quiet, "13px", "400", &line);
        y += 20;
    }
    Frame { body: pen.body, width, height: y + PAD }
}

impl Pen<'_> {
    fn text(&mut self, (x, y): (usize, usize), fill: &str, size: &str, weight: &str, words: &str) {
        let words = escaped(words);
        let _ = write!(self.body, r#"<text x="{x}" y="{y}" fill="{fill}" font-size="{size}" font-weight="{weight}">{words}</text>"#);
    }

    fn set(&mut self, set: &SetScene, top: usize) -> usize {
        let ready = tr("share.set-ready", &[("ready", &set.ready_replicas.to_string()), ("replicas", &set.replicas.to_string())]);
        self.text((PAD, top + 20), self.colours.ink, "14px", "600", &format!("StatefulSet {}", set.name));
        self.text((PAD, top + 38), self.colours.quiet, "12px", "400", &ready);
        let mut y = top + 52;
        let drawn = &set.columns[..set.columns.len().min(COLUMNS_MAX)];
        let claims = drawn.iter().map(|column| column.claims.len()).max().unwrap_or_default();
        let height = 22 + CARD + claims * (CLAIM + 8) + GAP;
        for (row, columns) in drawn.chunks(ROW).enumerate() {
            for (place, column) in columns.iter().enumerate() {
                let x = PAD + place * (COLUMN + GAP);
                self.column(column, (x, y));
                let index = row * ROW + place;
                if let Some(partition) = set.partition.as_ref().filter(|partition| partition.at > 0 && partition.columns_before == index) {
                    self.partition(x, y, height, partition.at);
                }
            }
            y += height;
        }
        let left_out = set.left_out + set.columns.len() - drawn.len();
        if left_out > 0 {
            self.text((PAD, y + 12), self.colours.quiet, "12px", "400", &tr("share.left-out", &[("count", &left_out.to_string())]));
            y += 22;
        }
        y + 6
    }

    fn partition(&mut self, x: usize, y: usize, height: usize, at: i64) {
        let (x, bottom) = (x - GAP / 2, y + height - GAP);
        let _ = write!(
            self.body,
            r#"<path d="M{x} {}V{bottom}" stroke="{}" stroke-width="2.5"><title>partition {at}</title></path>"#,
            y + 2,
            self.colours.accent
        );
    }

    fn column(&mut self, column: &Column, (x, y): (usize, usize)) {
        let name = shortened(&column.dns_name, 24);
        self.text((x + 2, y + 14), if column.answers { self.colours.ink } else { self.colours.quiet }, "12px", "600", &name);
        let top = y + 22;
        match &column.slot {
            Slot::Pod(pod) => self.pod(pod, (x, top)),
            Slot::NotYet | Slot::ScaledDown => {
                let quiet = self.colours.quiet;
                self.card((x, top), (COLUMN, CARD), "none", quiet, true);
                self.text((x + 12, top + CARD / 2 + 5), quiet, "12px", "400", &tr("share.no-pod", &[]));
            }
        }
        for (index, claim) in column.claims.iter().enumerate() {
            let y = top + CARD + 8 + index * (CLAIM + 8);
            let wired = column.slot.pod().is_some();
            let dash = if wired { "" } else { r#" stroke-dasharray="3 3""# };
            let _ = write!(self.body, r#"<path d="M{} {}v8" stroke="{}"{dash}/>"#, x + COLUMN / 2, y - 8, self.colours.disk.0);
            self.claim(claim, (x, y));
        }
    }

    fn card(&mut self, (x, y): (usize, usize), (width, height): (usize, usize), fill: &str, stroke: &str, dashed: bool) {
        let dash = if dashed { r#" stroke-dasharray="5 4""# } else { "" };
        let _ = write!(
            self.body,
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="9" fill="{fill}" stroke="{stroke}" stroke-width="1.5"{dash}/>"#
        );
    }

    fn pod(&mut self, pod: &PodCard, (x, y): (usize, usize)) {
        let (line, fill) = match &pod.revision {
            Some(revision) if revision.newer => self.colours.newer,
            _ => self.colours.older,
        };
        self.card((x, y), (COLUMN, CARD), fill, line, pod.state != PodState::Ready);
        self.state(pod.state, (x + 12, y + 12));
        self.text((x + 32, y + 24), self.colours.ink, "14px", "600", &shortened(&pod.name, 15));
        let word = if pod.reason.is_empty() { tr(&format!("stage.state.{}", pod.state.name()), &[]) } else { pod.reason.to_string() };
        self.text((x + 12, y + 46), self.colours.ink, "12px", "400", &shortened(&word, 22));
        let image = pod.inside.first().map_or("", |container| &container.image);
        self.text((x + 12, y + 64), self.colours.quiet, "11px", "400", &shortened(image, 26));
        if let Some(revision) = pod.revision.as_ref().filter(|revision| revision.number > 0) {
            let words = tr("share.revision", &[("number", &revision.number.to_string())]);
            let corner = if revision.newer { 3 } else { 9 };
            let _ =
                write!(self.body, r#"<rect x="{}" y="{}" width="48" height="18" rx="{corner}" fill="{line}"/>"#, x + COLUMN - 58, y + 10);
            self.text((x + COLUMN - 50, y + 23), self.colours.page, "11px", "600", &words);
        }
        self.text((x + 12, y + 81), self.colours.quiet, "11px", "400", &format!("{} {}", pod.node, pod.ip));
    }

    /// A state's shape, as on the page: never colour alone.
    fn state(&mut self, state: PodState, (x, y): (usize, usize)) {
        let Colours { good, waiting, bad, quiet, .. } = *self.colours;
        let (colour, path) = match state {
            PodState::Ready | PodState::Succeeded => (good, "M7 1a6 6 0 1 1 0 12a6 6 0 0 1 0-12z"),
            PodState::Failing | PodState::Failed => (bad, "M2 2l10 10M12 2L2 12"),
            PodState::Terminating => (bad, "M2 7h10"),
            PodState::NotReady | PodState::Unknown => (waiting, "M7 1.5l6 11H1z"),
            PodState::Pending | PodState::Creating => (quiet, "M7 1a6 6 0 1 1 0 12a6 6 0 0 1 0-12z"),
        };
        let filled = if matches!(state, PodState::Ready | PodState::Succeeded) { colour } else { "none" };
        let _ =
            write!(self.body, r#"<path d="{path}" transform="translate({x} {y})" fill="{filled}" stroke="{colour}" stroke-width="2"/>"#);
    }

    fn claim(&mut self, claim: &ClaimCard, (x, y): (usize, usize)) {
        let (line, fill) = self.colours.disk;
        let _ = write!(
            self.body,
            r#"<path d="M{x} {top}a{half} 6 0 0 1 {COLUMN} 0v{side}a{half} 6 0 0 1 -{COLUMN} 0z" fill="{fill}" stroke="{line}"/><path d="M{x} {top}a{half} 6 0 0 0 {COLUMN} 0" fill="none" stroke="{line}"/>"#,
            top = y + 6,
            half = COLUMN / 2,
            side = CLAIM - 12,
        );
        self.text((x + 12, y + 26), self.colours.ink, "12px", "600", &shortened(&claim.name, 22));
        self.text((x + 12, y + 40), self.colours.quiet, "11px", "400", claim.phase);
    }
}

fn escaped(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            _ if character.is_control() => " ".to_owned(),
            _ => character.to_string(),
        })
        .collect()
}

fn shortened(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters { text.to_owned() } else { text.chars().take(letters - 1).chain(['…']).collect() }
}

/// A text in lines of about so many letters.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::acts::Act;
    use crate::state::examples::EXAMPLES;
    use crate::state::sandbox::Sandbox;
    use statefulset_engine::settings::Settings;

    #[test]
    fn a_picture_holds_every_pod_and_claim_and_is_well_formed() {
        let mut sandbox = Sandbox::new(Settings::default());
        let files = vec![("myapp.yaml".to_owned(), EXAMPLES[2].text.replace("my-sc", "standard"))];
        sandbox.act(Act::Run { files, line: "kubectl apply -f myapp.yaml".into(), typed: false });
        sandbox.advance_to(60_000, || true);
        let scene = Scene::of(&sandbox.session().world, sandbox.history(), "default");
        let picture = svg(&scene, &LIGHT, "At 1 min <&>", "A note that is long enough to be wrapped. ".repeat(6).trim());
        for set in &scene.sets {
            for column in &set.columns {
                let words = column.slot.pod().map_or("no pod", |pod| &pod.name);
                assert!(picture.contains(&format!(">{words}<")), "{picture}");
            }
        }
        assert!(picture.contains("At 1 min &lt;&amp;&gt;"));
        // Every element is closed, and none holds another host's address beside the namespace.
        let opened = picture.matches('<').count() - picture.matches("</").count() - picture.matches("/>").count();
        assert_eq!(opened, picture.matches("</").count());
        assert_eq!(picture.matches("http").count(), 1);
        let strip = strip(&[(scene.clone(), "one".into(), String::new()), (scene, "two".into(), String::new())], &DARK);
        assert!(strip.contains(">one<") && strip.contains(">two<"));
    }

    #[test]
    fn long_lines_are_wrapped_between_words() {
        assert_eq!(wrapped("aa bb cc", 6), ["aa bb", "cc"]);
        assert_eq!(wrapped("", 6), Vec::<String>::new());
        assert_eq!(shortened("abcdef", 4), "abc…");
    }
}
