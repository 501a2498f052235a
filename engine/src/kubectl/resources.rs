//! Resource arguments: `sts web`, `sts/web`, `pods,svc`, `all`, several names.
//! It must not know the cluster. Follows `cli-runtime/pkg/resource/builder.go`.

use crate::api::kind::{KINDS, Kind};

use super::failure::Failure;

/// What arguments name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Targets {
    /// All objects of these kinds.
    Kinds(Vec<Kind>),
    /// Objects by name; `single` where one argument implies one object.
    Named {
        /// Kind and name.
        objects: Vec<(Kind, String)>,
        /// Whether only one object can be meant.
        single: bool,
    },
}

const MIXED: &str = "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";

/// Reads resource arguments; none are [`Targets::Kinds`] of nothing.
///
/// # Errors
/// What they do not name, in kubectl's words.
pub fn read(words: &[String]) -> Result<Targets, Failure> {
    let combined = words.iter().filter(|word| word.contains('/')).count();
    if combined > 0 {
        if combined != words.len() {
            return Err(Failure::text(MIXED));
        }
        let mut objects = Vec::new();
        for word in words {
            let parts: Vec<&str> = word.split('/').collect();
            let [kind, name] = parts.as_slice() else {
                return Err(Failure::text("arguments in resource/name form may not have more than one slash"));
            };
            if kind.is_empty() || name.is_empty() || kind.contains(',') && kind.split(',').count() != 1 {
                return Err(Failure::text("arguments in resource/name form must have a single resource and name"));
            }
            objects.push((one(kind)?, (*name).to_owned()));
        }
        let single = objects.len() == 1;
        return Ok(Targets::Named { objects, single });
    }
    let Some((first, names)) = words.split_first() else {
        return Ok(Targets::Kinds(Vec::new()));
    };
    let kinds = several(first)?;
    if names.is_empty() {
        return Ok(Targets::Kinds(kinds));
    }
    let objects: Vec<(Kind, String)> = kinds.iter().flat_map(|kind| names.iter().map(|name| (*kind, name.clone()))).collect();
    let single = objects.len() == 1;
    Ok(Targets::Named { objects, single })
}

/// The kind of one resource argument.
///
/// # Errors
/// Where the server has no such resource.
pub fn one(word: &str) -> Result<Kind, Failure> {
    Kind::by_argument(word).ok_or_else(|| Failure::text(format!("the server doesn't have a resource type \"{word}\"")))
}

/// The kinds of one argument with commas.
///
/// # Errors
/// Where the server has no such resource.
pub fn several(word: &str) -> Result<Vec<Kind>, Failure> {
    let mut kinds = Vec::new();
    for part in word.split(',') {
        if part == "all" {
            kinds.extend(KINDS.iter().filter(|info| info.in_all).map(|info| info.kind));
        } else {
            kinds.push(one(part)?);
        }
    }
    let mut seen = Vec::new();
    kinds.retain(|kind| {
        let new = !seen.contains(kind);
        seen.push(*kind);
        new
    });
    Ok(kinds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn arguments_name_kinds_or_objects() {
        assert_eq!(read(&words("pods,svc")).ok(), Some(Targets::Kinds(vec![Kind::Pod, Kind::Service])));
        let named = |objects: &[(Kind, &str)], single| {
            Some(Targets::Named { objects: objects.iter().map(|(kind, name)| (*kind, (*name).to_owned())).collect(), single })
        };
        assert_eq!(read(&words("sts web")).ok(), named(&[(Kind::StatefulSet, "web")], true));
        assert_eq!(read(&words("sts/web pod/web-0")).ok(), named(&[(Kind::StatefulSet, "web"), (Kind::Pod, "web-0")], false));
        assert_eq!(read(&words("pod web-0 web-1")).ok(), named(&[(Kind::Pod, "web-0"), (Kind::Pod, "web-1")], false));
        assert_eq!(read(&words("statefulsets.apps/web nope")).unwrap_err().line(), format!("error: {MIXED}"));
        assert_eq!(read(&words("foo")).unwrap_err().line(), "error: the server doesn't have a resource type \"foo\"");
    }
}
