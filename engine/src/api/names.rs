//! The forms of names, and the sentences with which the API server refuses others.
//!
//! Owns character sets and lengths, checked by hand instead of by regular expressions, which would cost the page more than all
//! else here. It must not know which field a name stands in. Follows `apimachinery/pkg/util/validation` and
//! `apimachinery/pkg/api/validate/content` of Kubernetes 1.36.

const DNS_LABEL_BYTES_MAX: usize = 63;
const DNS_SUBDOMAIN_BYTES_MAX: usize = 253;
const LABEL_BYTES_MAX: usize = 63;
const PORT_NAME_BYTES_MAX: usize = 15;

const DNS1123_LABEL_FORMAT: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const DNS1123_SUBDOMAIN_FORMAT: &str = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const QUALIFIED_NAME_FORMAT: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const QUALIFIED_NAME_SENTENCE: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
                                       alphanumeric character";

/// Which form an object's name must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameForm {
    /// A DNS label: StatefulSets, Services, Namespaces.
    Label,
    /// A DNS subdomain: most kinds.
    Subdomain,
    /// Whatever can stand in a path: kinds that check nothing themselves, such as PodDisruptionBudgets.
    PathSegment,
}

impl NameForm {
    /// The form that the names of a kind have.
    pub fn of_kind(kind: &str) -> Self {
        match kind {
            "StatefulSet" | "Service" | "Namespace" => Self::Label,
            "PodDisruptionBudget" | "Role" | "RoleBinding" | "ClusterRole" | "ClusterRoleBinding" => Self::PathSegment,
            _ => Self::Subdomain,
        }
    }

    /// What is wrong with a name; with the start of a name that will be completed (`generateName`), a dash may end it.
    pub fn problems(self, name: &str, is_prefix: bool) -> Vec<String> {
        let masked;
        let name = match name.strip_suffix('-') {
            Some(head) if is_prefix && !head.is_empty() => {
                masked = format!("{head}a");
                &masked
            }
            _ => name,
        };
        match self {
            Self::Label => dns1123_label(name),
            Self::Subdomain => dns1123_subdomain(name),
            Self::PathSegment => path_segment(name),
        }
    }
}

/// A lowercase RFC 1123 label.
pub fn dns1123_label(value: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if value.len() > DNS_LABEL_BYTES_MAX {
        problems.push(too_many_characters(DNS_LABEL_BYTES_MAX));
    }
    if !is_dns_label(value) {
        if is_dns_subdomain(value) {
            problems.push("must not contain dots".to_owned());
        } else {
            problems.push(with_format(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end \
                 with an alphanumeric character",
                DNS1123_LABEL_FORMAT,
                &["my-name", "123-abc"],
            ));
        }
    }
    problems
}

/// A lowercase RFC 1123 subdomain.
pub fn dns1123_subdomain(value: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if value.len() > DNS_SUBDOMAIN_BYTES_MAX {
        problems.push(too_many_characters(DNS_SUBDOMAIN_BYTES_MAX));
    }
    if !is_dns_subdomain(value) {
        problems.push(with_format(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and \
             end with an alphanumeric character",
            DNS1123_SUBDOMAIN_FORMAT,
            &["example.com"],
        ));
    }
    problems
}

/// A label's or an annotation's key: a name, or a DNS subdomain, a slash and a name.
pub fn qualified_name(value: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let parts: Vec<&str> = value.split('/').collect();
    let name = match parts.as_slice() {
        [name] => name,
        [prefix, name] => {
            if prefix.is_empty() {
                problems.push("prefix part must be non-empty".to_owned());
            } else {
                problems.extend(dns1123_subdomain(prefix).into_iter().map(|problem| format!("prefix part {problem}")));
            }
            name
        }
        _ => {
            let sentence = with_format(QUALIFIED_NAME_SENTENCE, QUALIFIED_NAME_FORMAT, &["MyName", "my.name", "123-abc"]);
            problems.push(format!("a qualified name {sentence} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"));
            return problems;
        }
    };
    if name.is_empty() {
        problems.push("name part must be non-empty".to_owned());
    } else if name.len() > LABEL_BYTES_MAX {
        problems.push(format!("name part must be no more than {LABEL_BYTES_MAX} bytes"));
    }
    if !is_label_text(name) {
        let sentence = with_format(QUALIFIED_NAME_SENTENCE, QUALIFIED_NAME_FORMAT, &["MyName", "my.name", "123-abc"]);
        problems.push(format!("name part {sentence}"));
    }
    problems
}

/// A label's value.
pub fn label_value(value: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if value.len() > LABEL_BYTES_MAX {
        problems.push(format!("must be no more than {LABEL_BYTES_MAX} bytes"));
    }
    if !value.is_empty() && !is_label_text(value) {
        problems.push(with_format(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and \
             end with an alphanumeric character",
            "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
            &["MyValue", "my_value", "12345"],
        ));
    }
    problems
}

/// A container port's name.
pub fn port_name(value: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if value.len() > PORT_NAME_BYTES_MAX {
        problems.push(too_many_characters(PORT_NAME_BYTES_MAX));
    }
    if value.is_empty() || !value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned());
    }
    if !value.bytes().any(|b| b.is_ascii_lowercase()) {
        problems.push("must contain at least one letter (a-z)".to_owned());
    }
    if value.contains("--") {
        problems.push("must not contain consecutive hyphens".to_owned());
    }
    if value.starts_with('-') || value.ends_with('-') {
        problems.push("must not begin or end with a hyphen".to_owned());
    }
    problems
}

/// A port's number.
pub fn port_number(value: i64) -> Vec<String> {
    if (1..=65_535).contains(&value) { Vec::new() } else { vec!["must be between 1 and 65535, inclusive".to_owned()] }
}

/// A user's or a group's number.
pub fn user_id(value: i64) -> Vec<String> {
    if (0..=i64::from(i32::MAX)).contains(&value) { Vec::new() } else { vec!["must be between 0 and 2147483647, inclusive".to_owned()] }
}

/// An environment variable's name, as 1.34 and later take it.
pub fn environment_name(value: &str) -> Vec<String> {
    if !value.is_empty() && value.chars().all(|c| (' '..='~').contains(&c) && c != '=') {
        return Vec::new();
    }
    vec!["a valid environment variable name must consist only of printable ASCII characters other than '='".to_owned()]
}

/// A key of a ConfigMap or Secret, which becomes a file's name.
pub fn config_key(value: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if value.len() > DNS_SUBDOMAIN_BYTES_MAX {
        problems.push(too_many_characters(DNS_SUBDOMAIN_BYTES_MAX));
    }
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if value.is_empty() || !value.bytes().all(fits) {
        problems.push(with_format(
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
            "[-._a-zA-Z0-9]+",
            &["key.name", "KEY_NAME", "key-name"],
        ));
    }
    match value {
        "." => problems.push("must not be '.'".to_owned()),
        ".." => problems.push("must not be '..'".to_owned()),
        _ if value.starts_with("..") => problems.push("must not start with '..'".to_owned()),
        _ => {}
    }
    problems
}

/// An HTTP header's name.
pub fn header_name(value: &str) -> Vec<String> {
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Vec::new();
    }
    vec![with_format("a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+", &["X-Header-Name"])]
}

/// A whole percentage, such as `25%`.
pub fn percent(value: &str) -> Vec<String> {
    let digits = value.strip_suffix('%').unwrap_or("");
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    vec![with_format("a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", &["1%", "93%"])]
}

/// An IP address of either family.
pub fn ip_address(value: &str) -> Vec<String> {
    if value.parse::<std::net::IpAddr>().is_ok() {
        return Vec::new();
    }
    vec!["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)".to_owned()]
}

/// A name that can stand in a path.
fn path_segment(value: &str) -> Vec<String> {
    match value {
        "." | ".." => vec![format!("may not be '{value}'")],
        _ => ["/", "%"].iter().filter(|c| value.contains(**c)).map(|c| format!("may not contain '{c}'")).collect(),
    }
}

fn is_dns_label(value: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = value.as_bytes();
    bytes.first().copied().is_some_and(inner) && bytes.last().copied().is_some_and(inner) && bytes.iter().all(|b| inner(*b) || *b == b'-')
}

fn is_dns_subdomain(value: &str) -> bool {
    value.split('.').all(is_dns_label)
}

fn is_label_text(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn too_many_characters(max: usize) -> String {
    format!("must be no more than {max} characters")
}

/// The API server's sentence with examples and the regular expression that it checks.
fn with_format(sentence: &str, format: &str, examples: &[&str]) -> String {
    let mut text = format!("{sentence} (e.g. ");
    for (index, example) in examples.iter().enumerate() {
        if index > 0 {
            text.push_str(" or ");
        }
        text.push_str(&format!("'{example}', "));
    }
    text + "regex used for validation is '" + format + "')"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_named_by_a_label() {
        for name in ["web", "123", "a-b", &"w".repeat(63)] {
            assert!(dns1123_label(name).is_empty(), "{name}");
        }
        assert_eq!(dns1123_label("web.v1"), ["must not contain dots"]);
        assert_eq!(dns1123_label(&"w".repeat(64)), ["must be no more than 63 characters"]);
        assert_eq!(
            dns1123_label("Web"),
            ["a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with \
              an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
              '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"]
        );
    }

    #[test]
    fn a_generated_name_may_end_in_a_dash() {
        assert!(NameForm::Label.problems("web-", true).is_empty());
        assert!(!NameForm::Label.problems("web-", false).is_empty());
        assert!(!NameForm::Label.problems("-", true).is_empty());
    }

    #[test]
    fn keys_and_values_of_labels() {
        assert!(qualified_name("apps.kubernetes.io/pod-index").is_empty());
        assert_eq!(
            qualified_name("a b"),
            ["name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric \
              character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
              '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"]
        );
        assert_eq!(qualified_name("/x"), ["prefix part must be non-empty"]);
        assert!(qualified_name("a/b/c")[0].starts_with("a qualified name must consist"));
        assert!(label_value("").is_empty());
        assert_eq!(label_value(&"n".repeat(64)), ["must be no more than 63 bytes"]);
        assert_eq!(label_value("-a").len(), 1);
    }

    #[test]
    fn ports_environment_and_addresses() {
        assert_eq!(
            port_name("HTTP"),
            ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)", "must contain at least one letter (a-z)"]
        );
        assert!(port_number(0).len() == 1 && port_number(80).is_empty());
        assert!(environment_name("1 A").is_empty() && !environment_name("A=").is_empty());
        assert!(config_key("a.b").is_empty() && config_key("..a").len() == 1);
        assert!(ip_address("10.0.0.1").is_empty() && ip_address("nope").len() == 1);
        assert!(percent("25%").is_empty() && percent("x%").len() == 1);
    }
}
