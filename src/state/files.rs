//! The files of the editor's tabs: what `kubectl apply -f NAME` and `cat NAME` in the terminal read. Before a command runs, the
//! terminal is given what it lacks of them; what commands write into files comes back into the tabs.
//! It must not know how tabs look.

use std::rc::Rc;

use statefulset_engine::api::metadata::Text;
use statefulset_engine::sorted::SortedMap;

/// Longest name of a file, in characters: a tab has room for no more.
pub const NAME_LENGTH_MAX: usize = 60;
/// Files kept in tabs at most; further ones stay in the terminal.
pub const FILES_MAX: usize = 30;

/// A file in a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: Rc<str>,
    /// Its text.
    pub text: Rc<str>,
}

/// The files, which of them is open, and the one that was deleted last.
#[derive(Clone, Debug)]
pub struct Files {
    files: Vec<File>,
    open: usize,
    deleted: Option<(usize, File)>,
    /// What the terminal had when it was looked at last.
    seen: SortedMap<String, Text>,
}

impl Files {
    /// One file, open.
    pub fn new(name: &str, text: &str) -> Self {
        Self { files: vec![File { name: name.into(), text: text.into() }], open: 0, deleted: None, seen: SortedMap::new() }
    }

    /// These files instead, unless there are none.
    pub fn set<'a>(&mut self, files: impl Iterator<Item = (&'a str, &'a str)>, open: usize) {
        let files: Vec<File> = files.take(FILES_MAX).map(|(name, text)| File { name: name.into(), text: text.into() }).collect();
        if !files.is_empty() {
            self.open = open.min(files.len() - 1);
            self.files = files;
            self.deleted = None;
        }
    }

    /// All of them, in the order of the tabs.
    pub fn all(&self) -> &[File] {
        &self.files
    }

    /// Which is open.
    pub fn open_index(&self) -> usize {
        self.open
    }

    /// The open file.
    pub fn open(&self) -> &File {
        &self.files[self.open]
    }

    /// The name of the file that was deleted last and can come back.
    pub fn deleted(&self) -> Option<&str> {
        self.deleted.as_ref().map(|(_, file)| &*file.name)
    }

    /// The open file has another text.
    pub fn edit(&mut self, text: Rc<str>) {
        self.files[self.open].text = text;
    }

    /// Opens a tab.
    pub fn choose(&mut self, index: usize) {
        if index < self.files.len() {
            self.open = index;
        }
    }

    /// Opens a file of this name with this text, in its own tab where there is one.
    pub fn put(&mut self, name: &str, text: &str) {
        let name = shorten(name);
        match self.files.iter().position(|file| *file.name == *name) {
            Some(index) => {
                self.files[index].text = text.into();
                self.open = index;
            }
            None if self.files.len() < FILES_MAX => {
                self.files.push(File { name: name.into(), text: text.into() });
                self.open = self.files.len() - 1;
            }
            None => {}
        }
    }

    /// Opens an empty file of a name that is free.
    pub fn add(&mut self) {
        let mut number = 1;
        let name = loop {
            let name = if number == 1 { "new.yaml".to_owned() } else { format!("new-{number}.yaml") };
            if !self.files.iter().any(|file| *file.name == *name) && !self.seen.contains_key(&name) {
                break name;
            }
            number += 1;
        };
        self.put(&name, "");
    }

    /// Gives a file another name; false where that is none, or taken. The name that it had, where the terminal has a file of it.
    pub fn rename(&mut self, index: usize, name: &str) -> Option<String> {
        let name = name.trim();
        let valid = !name.is_empty() && name.chars().count() <= NAME_LENGTH_MAX && name.chars().all(allowed) && !name.starts_with('-');
        if !valid || index >= self.files.len() || self.files.iter().any(|file| &*file.name == name) {
            return None;
        }
        let old = std::mem::replace(&mut self.files[index].name, name.into());
        Some(old.to_string())
    }

    /// Deletes a file; its name. The last tab becomes an empty file.
    pub fn delete(&mut self, index: usize) -> Option<Rc<str>> {
        if index >= self.files.len() {
            return None;
        }
        let file = self.files.remove(index);
        let name = file.name.clone();
        self.deleted = Some((index, file));
        if self.files.is_empty() {
            self.files.push(File { name: "new.yaml".into(), text: "".into() });
        }
        if index < self.open || self.open >= self.files.len() {
            self.open = self.open.saturating_sub(1);
        }
        Some(name)
    }

    /// Brings back the file that was deleted last.
    pub fn restore(&mut self) {
        if let Some((index, file)) = self.deleted.take() {
            self.files.retain(|other| other.name != file.name);
            let index = index.min(self.files.len());
            self.files.insert(index, file);
            self.open = index;
        }
    }

    /// What the terminal lacks of the files before a command runs.
    pub fn unwritten(&self, terminal: &SortedMap<String, Text>) -> Vec<(String, String)> {
        let lacks = |file: &&File| terminal.get(&*file.name).is_none_or(|text| **text != *file.text);
        // An empty file that nobody wrote is no file yet.
        let written = |file: &&File| !file.text.is_empty() || terminal.contains_key(&*file.name);
        self.files.iter().filter(lacks).filter(written).map(|file| (file.name.to_string(), file.text.to_string())).collect()
    }

    /// Looks at the terminal's files; those that a command has written since the last look come into the tabs, if `take`. After
    /// a journey through time nothing is taken: the tabs keep the newest text.
    pub fn look(&mut self, terminal: &SortedMap<String, Text>, take: bool) {
        for (name, text) in terminal.iter() {
            if self.seen.get(name).is_some_and(|seen| seen == text) {
                continue;
            }
            self.seen.insert(name.clone(), text.clone());
            if !take || name.starts_with('/') {
                continue;
            }
            let room = self.files.len() < FILES_MAX;
            match self.files.iter_mut().find(|file| *file.name == **name) {
                Some(file) if *file.text != **text => file.text = text.shared(),
                Some(_) => {}
                None if room => self.files.push(File { name: name.as_str().into(), text: text.shared() }),
                None => {}
            }
        }
        let files = &mut self.files;
        let open = files.get(self.open).map(|file| file.name.clone());
        self.seen.retain(|name, _| {
            let stays = terminal.contains_key(name);
            if !stays && take && files.len() > 1 {
                files.retain(|file| *file.name != **name);
            }
            stays
        });
        self.open = open.and_then(|open| self.files.iter().position(|file| file.name == open)).unwrap_or(0);
    }
}

fn allowed(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// A name that a tab has room for and that a command line takes as one word.
fn shorten(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name: String = name.chars().map(|c| if allowed(c) { c } else { '-' }).take(NAME_LENGTH_MAX).collect();
    if name.trim_matches(['.', '-']).is_empty() { "file.yaml".to_owned() } else { name.trim_start_matches('-').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &Files) -> Vec<&str> {
        files.all().iter().map(|file| &*file.name).collect()
    }

    #[test]
    fn tabs_open_close_and_come_back() {
        let mut files = Files::new("web.yaml", "a: 1");
        files.add();
        files.add();
        assert_eq!(names(&files), ["web.yaml", "new.yaml", "new-2.yaml"]);
        files.edit("b: 2".into());
        files.choose(0);
        assert_eq!(files.delete(0).as_deref(), Some("web.yaml"));
        assert_eq!((&*files.open().name, files.deleted()), ("new.yaml", Some("web.yaml")));
        files.restore();
        assert_eq!((&*files.open().text, names(&files)[0]), ("a: 1", "web.yaml"));
        for _ in 0..3 {
            files.delete(0);
        }
        assert_eq!(names(&files), ["new.yaml"], "there is always a file");
    }

    #[test]
    fn names_are_one_word_and_taken_once() {
        let mut files = Files::new("web.yaml", "");
        files.put("../My file (1).yaml", "x");
        assert_eq!(names(&files), ["web.yaml", "My-file--1-.yaml"]);
        assert_eq!(files.rename(0, "web.yaml"), None);
        assert_eq!(files.rename(0, "a b"), None);
        assert_eq!(files.rename(0, "-rf"), None);
        assert_eq!(files.rename(0, "db.yaml").as_deref(), Some("web.yaml"));
    }

    #[test]
    fn the_terminal_gets_what_it_lacks_and_gives_what_commands_write() {
        let mut files = Files::new("web.yaml", "a: 1");
        let mut terminal: SortedMap<String, Text> = SortedMap::new();
        assert_eq!(files.unwritten(&terminal), [("web.yaml".to_owned(), "a: 1".to_owned())]);
        terminal.insert("web.yaml".to_owned(), "a: 1".into());
        files.look(&terminal, true);
        assert!(files.unwritten(&terminal).is_empty());
        terminal.insert("live.yaml".to_owned(), "b: 2".into());
        terminal.insert("web.yaml".to_owned(), "a: 9".into());
        files.look(&terminal, true);
        assert_eq!((names(&files), &*files.open().text), (vec!["web.yaml", "live.yaml"], "a: 9"));
        // Back in time the terminal has an older text; the tab keeps its own.
        terminal.insert("web.yaml".to_owned(), "a: 1".into());
        files.look(&terminal, false);
        assert_eq!(&*files.open().text, "a: 9");
        terminal.remove("live.yaml");
        files.look(&terminal, true);
        assert_eq!(names(&files), ["web.yaml"]);
    }
}
