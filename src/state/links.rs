//! Finds the names of objects in what commands print, so that a name can be pressed and lights up on the stage.
//! It must not know how text is shown.

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use statefulset_engine::cluster::store::Store;

/// As many names as one text links: the last ones. Nobody presses more.
const LINKS_MAX: usize = 300;
/// So much of a text is looked through: its end.
const LOOKED_THROUGH_BYTES_MAX: usize = 20_000;

/// Kinds whose made-up names (`web-0`, `www-web-0`, `pvc-…`) are known by their look.
const NUMBERED: &[Kind] =
    &[Kind::Pod, Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::Node, Kind::ReplicaSet, Kind::ControllerRevision];

/// A name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The object.
    pub key: Key,
}

/// The names in what `command` printed, of objects that are there; in order.
pub fn find(text: &str, command: &str, namespace: &str, store: &Store) -> Vec<Link> {
    let asked = Asked::read(command, namespace);
    let mut from = text.len().saturating_sub(LOOKED_THROUGH_BYTES_MAX);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut links = Vec::new();
    let mut start = from;
    for line in text[from..].split_inclusive('\n') {
        of_line(line, start, &asked, store, &mut links);
        start += line.len();
    }
    links.drain(..links.len().saturating_sub(LINKS_MAX));
    links
}

/// What a command line says about the objects in its output.
struct Asked {
    kinds: Vec<Kind>,
    namespace: String,
    everywhere: bool,
}

impl Asked {
    fn read(command: &str, current: &str) -> Self {
        let words: Vec<&str> = command.split_whitespace().take(40).collect();
        let kubectl = words.iter().position(|word| matches!(*word, "kubectl" | "k"));
        let kinds = words
            .iter()
            .skip(kubectl.map_or(words.len(), |at| at + 2))
            .take_while(|word| **word != "--" && **word != "|")
            .flat_map(|word| word.split('/').next().unwrap_or(word).split(','))
            .filter_map(Kind::by_argument)
            .collect();
        let mut namespace = current;
        for (index, word) in words.iter().enumerate() {
            if matches!(*word, "-n" | "--namespace") {
                namespace = words.get(index + 1).copied().unwrap_or(namespace);
            } else if let Some(value) = word.strip_prefix("--namespace=") {
                namespace = value;
            }
        }
        let everywhere = words.iter().any(|word| matches!(*word, "-A" | "--all-namespaces"));
        Self { kinds, namespace: namespace.to_owned(), everywhere }
    }
}

fn of_line(line: &str, start: usize, asked: &Asked, store: &Store, links: &mut Vec<Link>) {
    let mut before = "";
    let mut namespace = asked.namespace.as_str();
    for (index, (at, word)) in words(line).enumerate() {
        let word = word.trim_end_matches(['.', '-', '/']);
        if asked.everywhere && index == 0 {
            namespace = word;
            continue;
        }
        let first = index == usize::from(asked.everywhere);
        let found = match word.split_once('/') {
            Some((kind, name)) => Kind::by_argument(kind).and_then(|kind| there(store, kind, namespace, name)),
            None => {
                let beside = Kind::by_argument(before);
                let of_column = asked.kinds.iter().filter(|_| first).copied();
                let by_look = NUMBERED.iter().filter(|_| numbered(word)).copied();
                beside.into_iter().chain(of_column).chain(by_look).find_map(|kind| there(store, kind, namespace, word))
            }
        };
        if let Some(key) = found {
            links.push(Link { start: start + at, end: start + at + word.len(), key });
        }
        before = word;
    }
}

/// The stretches of a line that may be names, and where they begin.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let part_of_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '/');
    let mut rest = line;
    std::iter::from_fn(move || {
        let from = rest.find(part_of_name)?;
        let word = &rest[from..];
        let end = word.find(|character| !part_of_name(character)).unwrap_or(word.len());
        let at = line.len() - rest.len() + from;
        rest = &word[end..];
        Some((at, &word[..end]))
    })
}

/// Whether a word looks like a name that somebody made up: it has a hyphen and a digit.
fn numbered(word: &str) -> bool {
    word.contains('-') && word.bytes().any(|byte| byte.is_ascii_digit())
}

fn there(store: &Store, kind: Kind, namespace: &str, name: &str) -> Option<Key> {
    let object = store.find(kind, if kind.namespaced() { namespace } else { "" }, name)?;
    Some(object.key())
}

#[cfg(test)]
mod tests {
    use statefulset_engine::process::Streams;
    use statefulset_engine::session::Session;
    use statefulset_engine::settings::Settings;

    use super::*;
    use crate::state::examples::EXAMPLES;

    fn session() -> Session {
        let mut session = Session::new(Settings::default());
        let manifest = EXAMPLES[0].text.replace("my-gfs-storageclass", "standard");
        session.terminal.files.insert("web.yaml".into(), manifest.as_str().into());
        session.run("kubectl apply -f web.yaml", Streams::with_input(""), 1_000);
        session.advance_to(60_000);
        session
    }

    /// The linked names of a command's output, as `Kind name`.
    fn linked(session: &mut Session, command: &str) -> Vec<String> {
        let id = session.run(command, Streams::with_input(""), 100_000);
        let job = session.job(id);
        let text = format!("{}{}", job.streams.out, job.streams.err);
        let links = find(&text, command, "default", &session.world.store);
        links
            .iter()
            .map(|link| {
                assert!(text[link.start..link.end].ends_with(&*link.key.name), "{link:?}");
                format!("{} {}", link.key.kind, link.key.name)
            })
            .collect()
    }

    #[test]
    fn names_in_tables_and_sentences_are_found() {
        let mut session = session();
        assert_eq!(linked(&mut session, "kubectl get pods"), ["Pod web-0", "Pod web-1", "Pod web-2"]);
        assert_eq!(linked(&mut session, "kubectl get sts,svc"), ["StatefulSet web", "Service kubernetes", "Service nginx"]);
        assert_eq!(linked(&mut session, "kubectl get svc"), ["Service kubernetes", "Service nginx"]);
        assert_eq!(linked(&mut session, "kubectl scale sts web --replicas=3"), ["StatefulSet web"]);
        assert_eq!(linked(&mut session, "kubectl get nodes"), ["Node node-1", "Node node-2", "Node node-3"]);
        assert!(linked(&mut session, "kubectl describe pod web-1").contains(&"PersistentVolumeClaim www-web-1".to_owned()));
        assert!(linked(&mut session, "kubectl get pods -A").iter().any(|name| name.starts_with("Pod coredns-")));
        assert_eq!(linked(&mut session, "kubectl delete pod web-2 --wait=false"), ["Pod web-2"]);
    }

    #[test]
    fn words_that_only_look_alike_are_left_alone() {
        let mut session = session();
        assert_eq!(linked(&mut session, "echo nginx web kubernetes"), [""; 0]);
        assert_eq!(linked(&mut session, "kubectl get pods -n kube-public"), [""; 0]);
        assert_eq!(linked(&mut session, "echo web-7 www-web-9"), [""; 0], "they do not exist");
        assert_eq!(linked(&mut session, "echo 'see web-1.'"), ["Pod web-1"]);
    }

    #[test]
    fn long_texts_link_their_end() {
        let session = session();
        let text = "web-0 \n".repeat(100_000);
        let links = find(&text, "cat", "default", &session.world.store);
        assert_eq!(links.len(), LINKS_MAX);
        assert_eq!(links.last().map(|link| link.end), Some(text.len() - 2));
        assert_eq!(find(&"é\u{1}".repeat(60_000), "cat", "default", &session.world.store), []);
    }
}
