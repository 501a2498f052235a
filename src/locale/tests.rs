//! Every message that is used exists, every message that exists is used, and no language lacks one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

/// Keys made from values of the engine: these areas are checked where the values are known.
const MADE_UP: &[&str] = &[
    "problems.",
    "why.",
    "stage.state.",
    "stage.slot.",
    "stage.step.",
    "stage.container.",
    "stage.endpoint.",
    "stage.line.",
    "stage.loop.",
    "stage.node.",
    "stage.table.",
    "stage.view.",
    "news.",
    "editor.example.",
    "page.theme.",
    "share.trouble.",
    "lesson.state.",
    "lesson.verdict.",
    "page.pane.",
    "page.tab.",
];

#[test]
fn arguments_are_filled_in_and_braces_without_argument_stay() {
    let filled = fill("{name} has {count} of {missing} {", &[("name", "web"), ("count", "3")]);
    let text: String = filled
        .iter()
        .map(|piece| match piece {
            Piece::Words(text) | Piece::Value(_, text) => text.as_str(),
        })
        .collect();
    assert_eq!(text, "web has 3 of {missing} {");
    assert_eq!(filled[0], Piece::Value("name".into(), "web".into()));
}

/// The texts of a language's files.
fn files_of(language: Language) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language.tag());
    let read = |area: &str| fs::read_to_string(folder.join(format!("{area}.txt"))).unwrap_or_default();
    ENGLISH.iter().map(|(area, _)| read(area)).collect()
}

/// The arguments of a text, such as `{name}`.
fn arguments(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn every_language_has_every_message_with_its_arguments() {
    let english = Catalogue::english();
    let mut findings = Vec::new();
    for language in Language::ALL {
        let catalogue = Catalogue::of(&files_of(language));
        let tag = language.tag();
        let mut wanted = BTreeSet::new();
        for key in english.keys() {
            let base = key.strip_suffix(".other").filter(|base| english.find(&format!("{base}.one")).is_some());
            match base {
                Some(base) => wanted.extend(language.plurals().iter().map(|category| (format!("{base}.{category}"), key))),
                None if key.ends_with(".one") && english.find(&key.replace(".one", ".other")).is_some() => {}
                None => {
                    wanted.insert((key.to_owned(), key));
                }
            }
        }
        for (key, model) in &wanted {
            match catalogue.find(key) {
                None => findings.push(format!("{tag} lacks {key}")),
                Some("") => findings.push(format!("{tag}: {key} is empty")),
                // The singular may say its number in words.
                Some(text) if key.ends_with(".one") => {
                    if !arguments(text).is_subset(&arguments(english.find(model).unwrap_or_default())) {
                        findings.push(format!("{tag}: {key} has an argument of its own"));
                    }
                }
                Some(text) => {
                    if arguments(text) != arguments(english.find(model).unwrap_or_default()) {
                        findings.push(format!("{tag}: {key} has other arguments than English"));
                    }
                }
            }
        }
        for key in catalogue.keys() {
            if !wanted.iter().any(|(wanted, _)| wanted == key) {
                findings.push(format!("{tag} has {key}, which English has not"));
            }
        }
    }
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn every_file_of_every_language_is_read_and_no_key_comes_twice() {
    for language in Language::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language.tag());
        let mut there: Vec<String> = fs::read_dir(&folder)
            .expect("the language has a folder")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        there.sort();
        let known: Vec<String> = ENGLISH.iter().map(|(area, _)| format!("{area}.txt")).collect();
        assert_eq!(there, known, "{}: the files of the folder and the list in src/locale/catalogue.rs", language.tag());
        for (text, (area, _)) in files_of(language).iter().zip(ENGLISH) {
            let mut seen = BTreeSet::new();
            for (key, _) in catalogue::lines(text) {
                assert!(seen.insert(key.to_owned()), "{}/{area}.txt has {key} twice", language.tag());
            }
            let strays: Vec<&str> =
                text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#') && !line.contains('=')).collect();
            assert!(strays.is_empty(), "{}/{area}.txt has lines that are no messages: {strays:?}", language.tag());
        }
    }
}

#[test]
fn a_language_is_installed_and_what_it_lacks_is_english() {
    install(Language::TraditionalChinese, &files_of(Language::TraditionalChinese));
    assert_eq!(tr("time.play", &[]), "播放");
    assert_eq!(tr_count("stage.restarts", 1, &[]), "重啟 1 次");
    install(Language::SimplifiedChinese, &[]);
    assert_eq!(tr("time.play", &[]), "Play");
    install(Language::English, &[]);
    assert_eq!(tr_count("stage.restarts", 1, &[]), "1 restart");
}

/// Punctuation of another writing is what a hurried translation leaves behind.
#[test]
fn chinese_texts_use_chinese_punctuation() {
    let chinese = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    for language in [Language::TraditionalChinese, Language::SimplifiedChinese] {
        for text in files_of(language) {
            for (key, text) in catalogue::lines(&text) {
                let letters: Vec<char> = text.chars().collect();
                for pair in letters.windows(2) {
                    let ascii = chinese(pair[0]) && ",.;:?!()".contains(pair[1]);
                    assert!(!ascii, "{}: {key}: {text}", language.tag());
                }
                let ends = text.ends_with('.') && text.chars().any(chinese);
                assert!(!ends, "{}: {key}: {text}", language.tag());
            }
        }
    }
}

/// Words of the other Chinese, or of another register, that a converted text leaves behind.
const STRANGERS: [(Language, &[&str]); 2] = [
    (
        Language::TraditionalChinese,
        &[
            "集群",
            "數據",
            "默認",
            "對象",
            "運行",
            "信息",
            "服務器",
            "調度",
            "模板",
            "鏡像",
            "文件夾",
            "客戶端",
            "網絡",
            "質量",
            "視頻",
            "軟件",
            "登錄",
            "內存",
            "端口",
            "日誌",
            "擴容",
            "縮容",
            "您",
            "綁定",
            "紀錄檔",
        ],
    ),
    (
        Language::SimplifiedChinese,
        &[
            "丛集",
            "资料",
            "预设",
            "物件",
            "资讯",
            "伺服",
            "排程",
            "范本",
            "映像",
            "文件夹里",
            "用户端",
            "网路",
            "品质",
            "影片",
            "软体",
            "程式",
            "线上",
            "登入",
            "记忆体",
            "连接埠",
            "纪录",
            "扩充",
            "缩减",
            "您",
            "繫",
            "系结",
            "磁碟",
            "叫做",
            "档案",
            "官方文件",
            "字串",
            "指令",
            "专案",
        ],
    ),
];

/// Every text in a Chinese language: of the page, of its rules and of the lessons, with where it stands.
fn chinese(language: Language) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tag = language.tag();
    let mut files: Vec<std::path::PathBuf> = ENGLISH.iter().map(|(area, _)| root.join(format!("locales/{tag}/{area}.txt"))).collect();
    files.extend(
        [format!("static/rules/{tag}.txt"), format!("lessons/{tag}.txt"), format!("lessons/pages.{tag}.txt")].map(|file| root.join(file)),
    );
    let lessons = fs::read_dir(root.join("lessons")).expect("the lessons").flatten().map(|entry| entry.path());
    files.extend(lessons.filter(|path| path.is_dir()).map(|path| path.join(format!("{tag}.md"))));
    let mut lines = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a text in this language");
        lines.extend(text.lines().enumerate().map(|(index, line)| (format!("{}:{}", file.display(), index + 1), line.to_owned())));
    }
    lines
}

#[test]
fn each_chinese_is_written_in_its_own_words_and_sets_latin_apart() {
    let han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    let latin = |letter: char| letter.is_ascii_alphanumeric() || letter == '`';
    let mut findings = Vec::new();
    for (language, strangers) in STRANGERS {
        for (place, line) in chinese(language) {
            findings.extend(strangers.iter().filter(|word| line.contains(**word)).map(|word| format!("{place}: {word}")));
            let letters: Vec<char> = line.chars().collect();
            let close = letters.windows(2).any(|pair| (han(pair[0]) && latin(pair[1])) || (latin(pair[0]) && han(pair[1])));
            if close {
                findings.push(format!("{place}: no space between Chinese and Latin: {line}"));
            }
        }
    }
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn every_message_is_used_and_every_used_message_exists() {
    let mut used = BTreeSet::new();
    read_folder(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut used);
    let (mut missing, mut unused) = (Vec::new(), Vec::new());
    let catalogue = Catalogue::english();
    for key in &used {
        let plural = has(&format!("{key}.one")) && has(&format!("{key}.other"));
        if !has(key) && !plural {
            missing.push(key.clone());
        }
    }
    for key in catalogue.keys() {
        let base = key.strip_suffix(".one").or_else(|| key.strip_suffix(".other")).unwrap_or(key);
        if !used.contains(key) && !used.contains(base) && !MADE_UP.iter().any(|area| key.starts_with(area)) {
            unused.push(key.to_owned());
        }
    }
    assert!(missing.is_empty(), "used, but in no locale file: {missing:#?}");
    assert!(unused.is_empty(), "in a locale file, but not used: {unused:#?}");
}

/// Collects the string literals that look like keys: `area.something` where the area is a file's.
fn read_folder(folder: &Path, used: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_folder(&path, used);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            used.extend(text.split('"').skip(1).step_by(2).filter(|literal| is_key(literal)).map(str::to_owned));
        }
    }
}

fn is_key(literal: &str) -> bool {
    let made_up = MADE_UP.iter().any(|area| literal.starts_with(area));
    !made_up
        && !literal.ends_with('.')
        && !literal.ends_with(".yaml")
        && literal.split_once('.').is_some_and(|(area, key)| {
            ENGLISH.iter().any(|(known, _)| *known == area)
                && !key.is_empty()
                && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c))
        })
}
