//! `-o custom-columns`. Follows `kubectl/pkg/cmd/get/customcolumn.go`.

use serde_json::Value;

use super::jsonpath::{self, Path};
use crate::kubectl::failure::Failure;

/// Columns that a person described.
#[derive(Clone, Debug)]
pub struct CustomColumns {
    headings: Vec<String>,
    paths: Vec<Path>,
}

impl CustomColumns {
    /// Reads `NAME:.metadata.name,…`.
    ///
    /// # Errors
    /// What cannot be read, in kubectl's words.
    pub fn parse(spec: &str) -> Result<Self, Failure> {
        if spec.is_empty() {
            return Err(Failure::text("custom-columns format specified but no custom columns given"));
        }
        let mut columns = Self { headings: Vec::new(), paths: Vec::new() };
        for part in spec.split(',') {
            let Some((heading, path)) = part.split_once(':') else {
                return Err(Failure::text(format!("unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>")));
            };
            columns.headings.push(heading.to_owned());
            columns.paths.push(Path::parse(&relaxed(path)?).map_err(Failure::Text)?);
        }
        Ok(columns)
    }

    /// The headings.
    pub fn headings(&self) -> Vec<String> {
        self.headings.clone()
    }

    /// The cells of an object.
    pub fn row(&self, object: &Value) -> Vec<String> {
        self.paths
            .iter()
            .map(|path| {
                let found = path.find(object).unwrap_or_default();
                let texts: Vec<String> = found.iter().map(|value| jsonpath::go_text(value)).collect();
                if texts.is_empty() { "<none>".to_owned() } else { texts.join(",") }
            })
            .collect()
    }
}

/// A path that may lack its braces and its first dot.
///
/// # Errors
/// What is no path, in kubectl's words.
pub fn relaxed(path: &str) -> Result<String, Failure> {
    let inner = match (path.strip_prefix('{'), path.strip_suffix('}')) {
        (Some(_), Some(_)) => &path[1..path.len() - 1],
        (None, None) => path,
        _ => {
            return Err(Failure::text(
                "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
            ));
        }
    };
    let inner = inner.strip_prefix('.').unwrap_or(inner);
    Ok(format!("{{.{inner}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_are_found_by_path() {
        let columns = CustomColumns::parse("NAME:.metadata.name,IMAGE:spec.containers[*].image,X:.spec.foo").expect("reads");
        let pod = json!({"metadata": {"name": "web-0"}, "spec": {"containers": [{"image": "a"}, {"image": "b"}]}});
        assert_eq!(columns.row(&pod), ["web-0", "a,b", "<none>"]);
        assert!(CustomColumns::parse("NAME").is_err());
    }
}
