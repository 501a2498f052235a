//! Completes kubectl's own words: commands, flags, values of flags, arguments. It reads a line as kubectl would, by the same
//! table of commands, and must not know how any of them runs. Follows `cobra`'s completions and `kubectl/pkg/util/completion`.

use crate::api::kind::{KINDS, Kind};
use crate::api::metadata::Text;
use crate::api::object::Key;
use crate::images;
use crate::kubectl::commands::{COMMANDS, Command, GLOBAL};
use crate::kubectl::config;
use crate::kubectl::flags::{Flag, Takes};
use crate::kubectl::resources;
use crate::schema;

use super::arguments::{self, Arguments};
use super::objects;
use super::programs::{self, Inside};
use super::values;
use super::{Found, Scope, What};

/// Global flags that are offered before anybody has typed their first letters.
const USUAL_GLOBALS: &[&str] = &["context", "help", "namespace"];
/// The verbs of the API.
const VERBS: &[&str] = &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch", "*"];

/// What was typed of a command before the cursor.
pub(super) struct Call<'a> {
    /// The command's words; empty where there are none yet.
    pub(super) command: &'static str,
    /// The flags that it takes, with the global ones.
    pub(super) known: Vec<&'static Flag>,
    /// The flags that were given, by name.
    pub(super) given: Vec<(&'static str, &'a str)>,
    /// The arguments before `--`.
    pub(super) arguments: Vec<&'a str>,
    /// What stands behind `--`, where it was typed.
    pub(super) behind_dash: Option<Vec<&'a str>>,
    /// The flag whose value is to come.
    pub(super) awaits: Option<&'static Flag>,
}

impl<'a> Call<'a> {
    /// Reads words after `kubectl`.
    pub(super) fn read(words: &'a [String]) -> Self {
        let mut call =
            Call { command: "", known: GLOBAL.iter().collect(), given: Vec::new(), arguments: Vec::new(), behind_dash: None, awaits: None };
        for word in words {
            let word = word.as_str();
            if let Some(behind) = &mut call.behind_dash {
                behind.push(word);
            } else if let Some(flag) = call.awaits.take() {
                call.given.push((flag.name, word));
            } else if word == "--" {
                call.behind_dash = Some(Vec::new());
            } else if let Some(long) = word.strip_prefix("--") {
                let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
                if let Some(flag) = call.known.iter().find(|flag| flag.name == name).copied() {
                    call.give(flag, value);
                }
            } else if word.len() > 1 && word.starts_with('-') {
                call.letters(&word[1..]);
            } else if let Some(command) = call.descend(word) {
                call.command = command.name;
                call.known = command.flags.iter().flat_map(|some| some.iter()).chain(GLOBAL).collect();
            } else {
                call.arguments.push(word);
            }
        }
        call
    }

    fn give(&mut self, flag: &'static Flag, value: Option<&'a str>) {
        match (value, flag.takes) {
            (Some(value), _) => self.given.push((flag.name, value)),
            (None, Takes::Switch | Takes::Optional(_)) => self.given.push((flag.name, "true")),
            (None, _) => self.awaits = Some(flag),
        }
    }

    fn letters(&mut self, letters: &'a str) {
        for (at, letter) in letters.char_indices() {
            let Some(flag) = self.letter(letter) else { return };
            let rest = &letters[at + letter.len_utf8()..];
            if takes_value(flag) && !rest.is_empty() {
                self.given.push((flag.name, rest.strip_prefix('=').unwrap_or(rest)));
                return;
            }
            self.give(flag, None);
        }
    }

    fn letter(&self, letter: char) -> Option<&'static Flag> {
        self.known.iter().find(|flag| flag.letter == letter && letter != ' ').copied()
    }

    fn descend(&self, word: &str) -> Option<&'static Command> {
        if !self.arguments.is_empty() {
            return None;
        }
        inner(self.command).find(|command| last_word(command) == word || command.aliases.contains(&word))
    }

    /// The last value of a flag.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.given.iter().rev().find(|(flag, _)| *flag == name).map(|(_, value)| *value)
    }

    /// The namespace that is meant; `None` for all.
    pub(super) fn namespace(&self, scope: &Scope<'_>) -> Option<Text> {
        if self.get("all-namespaces").is_some_and(|value| value != "false") {
            return None;
        }
        Some(self.get("namespace").map_or_else(|| scope.terminal.namespace.clone(), Text::from))
    }

    /// The kinds that the first argument names.
    pub(super) fn kinds(&self) -> Vec<Kind> {
        let Some(first) = self.arguments.first() else {
            return if arguments::of(self.command) == Arguments::Pod || self.command == "logs" { vec![Kind::Pod] } else { Vec::new() };
        };
        if let Arguments::Named(kind) = arguments::of(self.command) {
            return vec![kind];
        }
        match first.split_once('/') {
            Some((kind, _)) => Kind::by_argument(kind).into_iter().collect(),
            None => resources::several(first).unwrap_or_default(),
        }
    }
}

fn takes_value(flag: &Flag) -> bool {
    !matches!(flag.takes, Takes::Switch | Takes::Optional(_))
}

/// The commands inside a group; the empty name is kubectl itself.
fn inner(group: &str) -> impl Iterator<Item = &'static Command> + '_ {
    COMMANDS.iter().filter(move |command| command.name.rsplit_once(' ').map_or("", |(head, _)| head) == group)
}

fn last_word(command: &Command) -> &'static str {
    command.name.rsplit(' ').next().unwrap_or(command.name)
}

/// Completes a word of kubectl's.
pub(super) fn complete(scope: &Scope<'_>, words: &[String], prefix: &str) -> Found {
    let call = Call::read(words);
    if let Some(behind) = &call.behind_dash {
        return match (container_of(scope, &call), call.get("image")) {
            (Some(inside), _) => programs::words_in_container(scope, &inside, behind, prefix),
            (None, Some(image)) if behind.is_empty() => programs::of_image(image, prefix),
            _ => Found::new(prefix),
        };
    }
    if let Some(flag) = call.awaits {
        return values::of(scope, &call, flag, prefix);
    }
    if prefix.starts_with('-') {
        return flag_or_value(scope, &call, prefix);
    }
    let mut found = Found::new(prefix);
    if call.arguments.is_empty() {
        for command in inner(call.command) {
            found.add(What::Command, last_word(command), command.about.trim_end_matches('.'));
        }
    }
    match arguments::of(call.command) {
        Arguments::Free => {}
        Arguments::Objects(kinds) => return objects::arguments(scope, &call, kinds, prefix),
        Arguments::ObjectsThenImages => return images(scope, &call, prefix),
        Arguments::Pod if call.arguments.is_empty() => return objects::pod(scope, &call, prefix),
        Arguments::Pod => {}
        Arguments::PodThenContainer => match call.arguments.as_slice() {
            [] => return objects::pod(scope, &call, prefix),
            [_] => objects::containers(scope, &call, &mut found),
            _ => {}
        },
        Arguments::Named(kind) => objects::named(scope, &call, kind, &mut found),
        Arguments::Field => {
            if call.arguments.is_empty() {
                return field(prefix);
            }
        }
        Arguments::Context => found.add(What::Value, config::NAME, ""),
        Arguments::VerbThenKind => match call.arguments.as_slice() {
            [] => VERBS.iter().for_each(|verb| found.add(What::Value, verb, "")),
            [_] => objects::kinds(&[], &mut found, true),
            _ => {}
        },
        Arguments::Taint => match call.arguments.as_slice() {
            [] => objects::kinds(&[Kind::Node], &mut found, true),
            [_, ..] => objects::named(scope, &call, Kind::Node, &mut found),
        },
    }
    found
}

/// A flag, or its value behind `=` or behind its letter.
fn flag_or_value(scope: &Scope<'_>, call: &Call<'_>, prefix: &str) -> Found {
    if let Some((name, value)) = prefix.strip_prefix("--").and_then(|long| long.split_once('=')) {
        return match call.known.iter().find(|flag| flag.name == name) {
            Some(flag) => values::of(scope, call, flag, value),
            None => Found::new(prefix),
        };
    }
    let mut letters = prefix.chars().skip(1);
    if let Some(flag) = letters.next().and_then(|letter| call.letter(letter))
        && prefix.len() > 2
        && takes_value(flag)
    {
        let value = &prefix[2..];
        return values::of(scope, call, flag, value.strip_prefix('=').unwrap_or(value));
    }
    let mut found = Found::new(prefix);
    let own = call.known.len() - GLOBAL.len();
    let mut flags: Vec<(bool, &Flag)> = call.known.iter().enumerate().map(|(index, flag)| (index >= own, *flag)).collect();
    crate::order::sort_by_key(&mut flags, |(global, flag)| (flag.name, *global));
    for (global, flag) in flags {
        if global && prefix.len() < 3 && !USUAL_GLOBALS.contains(&flag.name) {
            continue;
        }
        let repeats = matches!(flag.takes, Takes::List) || matches!(flag.name, "from-literal" | "from-file" | "env" | "v");
        if call.get(flag.name).is_some() && !repeats {
            continue;
        }
        let note = if flag.letter == ' ' { String::new() } else { format!("-{}", flag.letter) };
        let long = format!("--{}", flag.name);
        match flag.takes {
            Takes::Optional(_) => found.add_open(What::Flag, &format!("{long}="), note),
            _ => found.add(What::Flag, &long, note),
        }
    }
    found
}

/// `kubectl set image TYPE/NAME CONTAINER=IMAGE`.
fn images(scope: &Scope<'_>, call: &Call<'_>, prefix: &str) -> Found {
    let named = if call.arguments.first().is_some_and(|first| first.contains('/')) { 1 } else { 2 };
    if call.arguments.len() < named {
        return objects::arguments(scope, call, arguments::WITH_IMAGES, prefix);
    }
    if let Some((_, image)) = prefix.split_once('=') {
        let mut found = Found::new(image);
        objects::images(scope, call, &mut found);
        return found;
    }
    let mut found = Found::new(prefix);
    for (name, image) in objects::template_containers(scope, call) {
        found.add_open(What::Container, &format!("{name}="), image);
    }
    found
}

/// A kind, or a field inside it: `sts.spec.te`.
fn field(prefix: &str) -> Found {
    let Some((path, last)) = prefix.rsplit_once('.') else {
        let mut found = Found::new(prefix);
        objects::kinds(&[], &mut found, false);
        return found;
    };
    let mut found = Found::new(last);
    let mut parts = path.split('.');
    let mut ty = parts.next().and_then(Kind::by_argument).map(schema::of);
    for part in parts {
        ty = ty.and_then(|ty| ty.field(part)).and_then(|field| field.ty.object());
    }
    for field in ty.map(|ty| ty.fields.as_slice()).unwrap_or_default() {
        found.add_open(What::Value, field.name, "");
    }
    found
}

/// The container that an `exec` or a `run` means, where it is there.
fn container_of(scope: &Scope<'_>, call: &Call<'_>) -> Option<Inside> {
    let namespace = call.namespace(scope)?;
    let target = call.arguments.first()?;
    let name = target.strip_prefix("pod/").or_else(|| target.strip_prefix("pods/")).unwrap_or(target);
    let pod = match target.split_once('/').filter(|(kind, _)| Kind::by_argument(kind) != Some(Kind::Pod)) {
        Some((kind, owner)) => objects::pods_behind(scope, Kind::by_argument(kind)?, &namespace, owner).into_iter().next()?,
        None => scope.world.store.find(Kind::Pod, &namespace, name)?.clone(),
    };
    let containers = &pod.pod()?.spec.containers;
    let index = call.get("container").map_or(Some(0), |asked| containers.iter().position(|container| &*container.name == asked))?;
    let key = Key::new(Kind::Pod, pod.meta.namespace.clone(), pod.meta.name.clone());
    Some(Inside { image: containers.get(index)?.image.to_string(), key, container: index })
}

/// The container whose shell a command is: `kubectl exec -it web-0 -- sh`.
pub(super) fn shell_of(scope: &Scope<'_>, words: &[String]) -> Option<Inside> {
    let (program, rest) = words.split_first()?;
    if !matches!(program.as_str(), "kubectl" | "k") {
        return None;
    }
    let call = Call::read(rest);
    if !matches!(call.command, "exec" | "run") || call.get("stdin").is_none() {
        return None;
    }
    let shell = match &call.behind_dash {
        Some(behind) => behind.clone(),
        // The old form without `--`, as course texts write it.
        None => call.arguments.get(1..).unwrap_or_default().to_vec(),
    };
    match shell.as_slice() {
        [word] if matches!(word.rsplit('/').next(), Some("sh" | "bash" | "ash")) => container_of(scope, &call),
        _ => None,
    }
}

/// All kinds, or those that are asked for.
pub(super) fn kinds_of(asked: &[Kind]) -> Vec<Kind> {
    if asked.is_empty() { KINDS.iter().map(|info| info.kind).collect() } else { asked.to_vec() }
}

/// Whether an image has a program.
pub(super) fn has(image: &str, program: &str) -> bool {
    images::model(image).has(program)
}
