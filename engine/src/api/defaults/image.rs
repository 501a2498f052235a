//! Image references, as far as defaulting asks: does the tag say `latest`?
//!
//! Follows the grammar of `github.com/distribution/reference`. It must not know registries or which images exist.

/// Whether a container of this image gets `imagePullPolicy: Always`: its tag is `latest`, written or implied.
/// What is no reference at all gets `IfNotPresent`, as in the API server.
pub(super) fn is_latest(image: &str) -> bool {
    let (rest, digest) = match image.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (image, None),
    };
    let (name, tag) = match rest.rsplit_once(':') {
        // A colon before the last slash is a registry's port.
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (rest, None),
    };
    if !is_name(name) || !digest.is_none_or(is_digest) || !tag.is_none_or(is_tag) {
        return false;
    }
    match tag {
        Some(tag) => tag == "latest",
        None => digest.is_none(),
    }
}

fn is_tag(tag: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    tag.len() <= 128 && tag.bytes().next().is_some_and(word) && tag.bytes().all(|b| word(b) || b == b'.' || b == b'-')
}

fn is_digest(digest: &str) -> bool {
    digest
        .split_once(':')
        .is_some_and(|(algorithm, hex)| !algorithm.is_empty() && hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_name(name: &str) -> bool {
    if name.is_empty() || name.len() > 255 {
        return false;
    }
    // 64 hex digits are an image's id, not its name.
    if name.len() == 64 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return false;
    }
    let mut parts: Vec<&str> = name.split('/').collect();
    let first_is_host =
        parts.len() > 1 && (parts[0].contains(['.', ':']) || parts[0] == "localhost" || parts[0].bytes().any(|b| b.is_ascii_uppercase()));
    if first_is_host {
        let host = parts.remove(0);
        let (host, port) = host.split_once(':').unwrap_or((host, "0"));
        let host_is_fine = host.split('.').all(|label| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        });
        if !host_is_fine || port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
    }
    parts.iter().all(|part| is_component(part))
}

/// Lower-case words between separators: one dot, one or two underscores, or any number of dashes.
fn is_component(part: &str) -> bool {
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = part.as_bytes();
    if !bytes.first().copied().is_some_and(word) || !bytes.last().copied().is_some_and(word) {
        return false;
    }
    part.split(|c: char| c.is_ascii() && word(c as u8))
        .all(|separator| matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|b| b == b'-'))
}

#[cfg(test)]
mod tests {
    use super::is_latest;

    #[test]
    fn latest_is_the_tag_of_images_without_one() {
        for image in ["nginx", "nginx:latest", "library/nginx", "registry.k8s.io/nginx-slim", "localhost:5000/a/b", "a__b/c--d"] {
            assert!(is_latest(image), "{image}");
        }
    }

    #[test]
    fn other_tags_digests_and_nonsense_are_not() {
        let digest = "nginx@sha256:105d6826651a9e4abd4b453af8aa0d511a095981cad04b7ada8613a93e7882b1";
        for image in ["nginx:1.25", digest, " nginx", "", "NGINX", "nginx:", "a___b", "registry.k8s.io/nginx-slim:0.24", "a//b"] {
            assert!(!is_latest(image), "{image}");
        }
    }
}
