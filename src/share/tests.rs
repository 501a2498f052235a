//! The codec as a whole: every session comes back, whatever is in it; hostile texts and links end in words.

use statefulset_engine::script;
use statefulset_engine::session::JobId;

use super::link::{self, Damage};
use super::read::{TroubleKind, is_script, read};
use super::saved::{ACTS_MAX, ALL_STEPS, AT_MS_MAX, Deed, File, Saved, TEXT_BYTES_MAX};
use super::write::{with_file, write};
use crate::state::acts::{Act, Place};
use crate::state::examples::EXAMPLES;

/// Numbers that look like chance and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn text(&mut self) -> String {
        const BITS: &[&str] =
            &["a: 1\n", "\n", "@end\n", "$ x\n", "> y\n", "#@ typed\n", "z", "\r\n", "\r", "有\n", " \t", "^C\n", "\u{0}", "\""];
        (0..self.below(8)).map(|_| self.one(BITS)).collect()
    }

    fn line(&mut self) -> String {
        const LINES: &[&str] = &[
            "kubectl get pods",
            "kubectl get pods -w",
            "cat <<EOF\none\n\ntwo\nEOF",
            "for i in 1 2; do\necho $i\ndone",
            "echo a\necho b",
            "",
            " # x",
            "echo 'un\nclosed'",
            "echo \\\nmore",
            "x\r",
            "tail\n",
        ];
        self.one(LINES).to_owned()
    }

    fn session(&mut self) -> Saved {
        let (mut acts, mut jobs, mut at_ms) = (Vec::new(), 0, 0);
        for _ in 0..self.below(12) {
            at_ms += self.below(3) * self.below(5_000);
            let job = JobId(self.below(jobs.max(1) as u64) as usize);
            let act = match self.below(8) {
                0 if jobs > 0 => Act::Interrupt { job },
                2 if jobs > 0 => Act::EndInput { job },
                3 => Act::CloseFile { saved: (self.below(2) == 0).then(|| self.text()) },
                1 if jobs > 0 => Act::Type { job, text: self.text() },
                _ => {
                    jobs += 1;
                    let files =
                        (0..self.below(3)).map(|_| (self.one(&["a.yaml", "b.yaml", "web 1.yaml"]).to_owned(), self.text())).collect();
                    Act::Run { files, line: self.line(), typed: self.below(2) == 0 }
                }
            };
            let outlasts = matches!(act, Act::Run { .. }) && self.below(3) == 0;
            let steps = if self.below(4) == 0 { ALL_STEPS } else { self.below(9_999) };
            acts.push(Deed { at_ms, steps, act, outlasts });
        }
        let past = self.below(3) == 0 && !acts.is_empty();
        let place = if past {
            Place { at_ms: self.below(at_ms + 1), acts: self.below(acts.len() as u64) as usize, steps: self.below(99) }
        } else {
            Place { at_ms: at_ms + self.below(9_000), acts: acts.len(), steps: self.below(99) }
        };
        let files: Vec<File> = ["a.yaml", "c.yaml"][..self.below(3) as usize]
            .iter()
            .map(|name| File { name: (*name).to_owned(), text: self.text() })
            .collect();
        const STARTS: &[&str] =
            &["", "$ kubectl get pods\n@settle\n", "@file a.yaml\nx: 1\n#@ started\n@end\n$ kubectl apply -f a.yaml\n> x\n"];
        Saved {
            sandbox: "0.1.0".into(),
            seed: self.below(3),
            start: self.one(STARTS).to_owned(),
            acts,
            place,
            open: self.below(files.len().max(1) as u64) as usize,
            files,
            view: vec![("theme".into(), "dark".into()), ("lesson".into(), self.one(&["partition", ""]).to_owned())],
        }
    }
}

#[test]
fn every_session_comes_back_by_text_and_by_link() {
    let mut dice = Dice(1);
    for round in 0..500 {
        let session = dice.session();
        let text = write(&session);
        let (back, troubles) = read(&text);
        assert_eq!(troubles, [], "round {round}:\n{text}");
        assert_eq!(back, session, "round {round}:\n{text}");
        assert!(is_script(&text), "round {round}");
        let (carried, damage) = link::text(&format!("#{}", link::fragment(&text))).expect("a link");
        assert_eq!((carried, damage), (text, None), "round {round}");
    }
}

#[test]
fn a_file_that_was_edited_since_takes_the_place_of_what_was_written() {
    let mut dice = Dice(3);
    for round in 0..200 {
        let mut session = dice.session();
        let (name, edited) = (dice.one(&["a.yaml", "b.yaml", "new.yaml"]).to_owned(), dice.text());
        let text = with_file(&write(&session), &name, &edited);
        let file = File { name, text: edited };
        match session.files.iter_mut().find(|known| known.name == file.name) {
            Some(known) => *known = file,
            None => session.files.push(file),
        }
        assert_eq!(read(&text), (session, Vec::new()), "round {round}:\n{text}");
    }
}

fn run(at_ms: u64, line: &str) -> Deed {
    Deed { at_ms, steps: at_ms / 37, act: Act::Run { files: Vec::new(), line: line.into(), typed: true }, outlasts: false }
}

/// What a lesson on partitions leaves behind: a manifest, and twenty commands.
fn lesson() -> Saved {
    let example = EXAMPLES[2];
    let file = (example.file(), example.text.to_owned());
    let apply = Act::Run { files: vec![file.clone()], line: format!("kubectl apply -f {}", file.0), typed: false };
    let mut acts = vec![Deed { at_ms: 1_213, steps: 12, act: apply, outlasts: false }];
    for round in 0..5_u64 {
        for (place, line) in [
            "kubectl get pods -l app=myapp -o wide".to_owned(),
            format!(r#"kubectl patch sts myapp -p '{{"spec":{{"updateStrategy":{{"rollingUpdate":{{"partition":{round}}}}}}}}}'"#),
            format!("kubectl set image sts/myapp myapp=ikubernetes/myapp:v{round}"),
            "kubectl rollout status sts/myapp".to_owned(),
        ]
        .into_iter()
        .enumerate()
        {
            acts.push(run(10_000 + round * 41_017 + place as u64 * 7_331, &line));
        }
    }
    let place = Place { at_ms: 240_311, acts: acts.len(), steps: 5_120 };
    let view = [("lesson", "partition"), ("step", "4"), ("language", "zh-TW"), ("theme", "dark"), ("pane", "stage")];
    Saved {
        sandbox: "0.1.0".into(),
        acts,
        place,
        files: vec![File { name: file.0, text: file.1 }],
        view: view.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        ..Saved::default()
    }
}

#[test]
fn a_lessons_link_fits_where_courses_keep_it() {
    let length = link::fragment(&write(&lesson())).len();
    // SCORM 1.2 keeps 4096 characters.
    assert!(length <= 4_000, "{length}");
    println!("a lesson's link: {length} characters");
    for example in EXAMPLES {
        let file = File { name: example.file(), text: example.text.to_owned() };
        let act =
            Act::Run { files: vec![(file.name.clone(), file.text.clone())], line: format!("kubectl apply -f {}", file.name), typed: false };
        let acts = vec![Deed { at_ms: 812, steps: 10, act, outlasts: false }];
        let place = Place { at_ms: 31_004, acts: 1, steps: 230 };
        let saved = Saved { sandbox: "0.1.0".into(), acts, place, files: vec![file], ..Saved::default() };
        let length = link::fragment(&write(&saved)).len();
        println!("{} applied: {length} characters", example.name);
        assert!(length <= 2_000, "{}: {length}", example.name);
    }
}

#[test]
fn the_headless_runner_runs_what_the_page_writes() {
    let mut saved = lesson();
    saved.acts[2].outlasts = true;
    saved.acts.push(Deed { at_ms: 240_000, steps: 1, act: Act::Interrupt { job: JobId(20) }, outlasts: false });
    saved.acts.push(Deed { at_ms: 240_100, steps: 1, act: Act::Type { job: JobId(3), text: "late\n".into() }, outlasts: false });
    let text = write(&saved);
    let output = script::run(&text, &|_| None, &script::Options::default()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(output.transcript.matches("statefulset.apps/myapp created").count(), 1, "{}", output.transcript);
    assert!(output.session.world.now_ms() >= 240_311);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_read() {
    let text = "$ kubectl get pods\nnonsense\n@settle\n@at soon\n#@ type 10 7\n#@ tab none.yaml\n#@ form 9\n@at 99999999999999\n$ kubectl get sts\n@file x\na\n";
    let (saved, troubles) = read(text);
    let kinds: Vec<_> = troubles.iter().map(|trouble| (trouble.line, trouble.kind)).collect();
    assert_eq!(
        kinds,
        [
            (2, TroubleKind::Unknown),
            (3, TroubleKind::RunnerOnly),
            (4, TroubleKind::Number),
            (5, TroubleKind::NoCommand),
            (6, TroubleKind::OpenFile),
            (7, TroubleKind::Newer),
            (8, TroubleKind::Number),
            (10, TroubleKind::OpenFile),
        ]
    );
    assert_eq!(saved.acts.len(), 2);
}

#[test]
fn a_script_written_by_hand_is_read_as_the_runner_reads_it() {
    let (saved, troubles) = read("# note\r\n@at 500\r\n$ cat <<EOF\r\n> one\r\n> EOF\r\n> more\r\n@at 100\r\n^C\r\n");
    assert_eq!(troubles, []);
    let acts: Vec<_> = saved.acts.into_iter().map(|deed| (deed.at_ms, deed.act)).collect();
    assert_eq!(
        acts,
        [
            (500, Act::Run { files: Vec::new(), line: "cat <<EOF\none\nEOF".into(), typed: true }),
            (500, Act::Type { job: JobId(0), text: "more\n".into() }),
            (500, Act::Interrupt { job: JobId(0) }),
        ]
    );
    for manifest in ["apiVersion: v1\n", "# c\n---\nkind: Pod\n", "", "{}"] {
        assert!(!is_script(manifest), "{manifest:?}");
    }
}

#[test]
fn hostile_texts_end_within_bounds() {
    let mut dice = Dice(7);
    let plain = write(&dice.session()) + &write(&lesson());
    for _ in 0..300 {
        let mut bytes = plain.clone().into_bytes();
        for _ in 0..1 + dice.below(6) {
            let (from, length) = (dice.below(bytes.len() as u64) as usize, dice.below(40) as usize);
            let to = (from + length).min(bytes.len());
            let put: Vec<u8> = (0..dice.below(30)).map(|_| dice.below(128) as u8).collect();
            bytes.splice(from..to, put);
        }
        let (saved, _) = read(&String::from_utf8_lossy(&bytes));
        let mut jobs = 0;
        for deed in &saved.acts {
            assert!(deed.at_ms <= AT_MS_MAX && deed.job().is_none_or(|job| job.0 < jobs), "{deed:?}");
            jobs += usize::from(matches!(deed.act, Act::Run { .. }));
        }
        assert!(saved.acts.len() <= ACTS_MAX && saved.place.acts <= saved.acts.len() && saved.place.at_ms <= AT_MS_MAX);
        assert!(saved.files.is_empty() || saved.open < saved.files.len());
        let link = format!("#s1.{}", super::base64::encode(&bytes));
        assert!(link::text(&link).is_some_and(|(_, damage)| damage == Some(Damage::Broken)));
    }
    assert_eq!(read(&"$ x\n".repeat(ACTS_MAX + 5)).0.acts.len(), ACTS_MAX);
}

#[test]
fn hostile_links_end_within_bounds() {
    const ODD: &[&str] = &["A", "_", "%", "=", "#", "s1.", "有", " ", "&amp;", "\u{0}", "eNrtwTEBAAAAwqD1T20ND6AAAAAAAAAA"];
    let mut dice = Dice(11);
    for round in 0..400 {
        let whole = write(&dice.session());
        let mut link: Vec<char> = format!("#{}", link::fragment(&whole)).chars().collect();
        let changes = dice.below(4);
        for _ in 0..changes {
            let from = dice.below(link.len() as u64) as usize;
            let to = (from + dice.below(12) as usize).min(link.len());
            let put: Vec<char> = dice.one(ODD).chars().collect();
            link.splice(from..to, put);
        }
        let link: String = link.into_iter().collect();
        let Some((text, damage)) = link::text(&link) else { continue };
        assert!(text.len() <= TEXT_BYTES_MAX, "round {round}");
        // A checksum stands behind every link, so one that is called whole says what was written.
        assert!(damage.is_some() || text == whole, "round {round}: {link}");
        let (saved, troubles) = read(&text);
        assert!(damage.is_some() || troubles.is_empty(), "round {round}");
        let mut turns = 0;
        let (sandbox, _) = super::replay::replay(&saved, || {
            turns += 1;
            turns < 300
        });
        assert!(sandbox.acts().len() <= ACTS_MAX, "round {round}");
    }
}

/// Links that versions of the sandbox have made, and what they carry. Never change one: people have them.
const OLD_LINKS: &[(&str, &str)] =
    &[(include_str!("../../tests/fixtures/links/0.1.0.link"), include_str!("../../tests/fixtures/links/0.1.0.txt"))];

#[test]
fn old_links_keep_working() {
    for (link, text) in OLD_LINKS {
        let (carried, damage) = link::text(link.trim_end()).expect("a link");
        assert_eq!((&*carried, damage), (*text, None));
        let (saved, troubles) = read(&carried);
        assert_eq!(troubles, []);
        let (sandbox, whole) = super::replay::replay(&saved, || true);
        assert!(whole && !sandbox.acts().is_empty());
        assert_eq!(sandbox.now_ms(), saved.place.at_ms);
    }
}
