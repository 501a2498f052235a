//! The manifests that the editor offers. Their titles are in the locale files, `editor.example.NAME`.
//! It must not know how they are shown.

/// A manifest to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its name; the file is called `NAME.yaml`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

impl Example {
    /// The name of its file.
    pub fn file(&self) -> String {
        format!("{}.yaml", self.name)
    }
}

/// All of them; the page opens with the first.
pub const EXAMPLES: &[Example] = &[
    Example { name: "web", text: include_str!("../../static/examples/web.yaml") },
    Example { name: "statefulset-nginx", text: include_str!("../../static/examples/statefulset-nginx.yaml") },
    Example { name: "myapp", text: include_str!("../../static/examples/myapp.yaml") },
    Example { name: "etcd", text: include_str!("../../static/examples/etcd.yaml") },
    Example { name: "zookeeper", text: include_str!("../../static/examples/zookeeper.yaml") },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_reads_without_a_problem_and_has_a_title() {
        for example in EXAMPLES {
            let manifest = statefulset_engine::manifest::parse(example.text);
            assert!(manifest.problems.is_empty(), "{}: {:?}", example.name, manifest.problems);
            assert!(manifest.documents.len() >= 2, "{}", example.name);
            assert!(crate::locale::has(&format!("editor.example.{}", example.name)), "{}", example.name);
        }
    }
}
