//! A session's text as the fragment of an address: `#s1.` and the text, compressed as zlib does it (RFC 1950) and written
//! in letters that any address may hold. Fragments are not sent to servers. The number is that of this envelope: one that
//! is not known is said, never guessed. It must not know what the text means.

use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use super::base64;
use super::saved::TEXT_BYTES_MAX;

/// How a fragment that carries a session begins.
const PREFIX: &str = "s1.";
/// The slowest level: a link is made once and sent often.
const LEVEL: u8 = 10;
/// Longer links are cut before they are read: nothing that the page writes comes near.
const LETTERS_MAX: usize = 1_500_000;

/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It was made by a newer sandbox.
    Newer,
    /// It ends too early, or was changed on its way.
    Broken,
    /// It unfolds to more than the page takes.
    TooLarge,
}

/// The fragment for a text, without `#`.
pub fn fragment(text: &str) -> String {
    format!("{PREFIX}{}", base64::encode(&compress_to_vec_zlib(text.as_bytes(), LEVEL)))
}

/// The text that a fragment carries, as far as it can be read, and what is wrong with it. `None` where the fragment is
/// something else, such as a place on the page.
pub fn text(fragment: &str) -> Option<(String, Option<Damage>)> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let Some(letters) = fragment.strip_prefix(PREFIX) else {
        let (number, _) = fragment.strip_prefix('s')?.split_once('.')?;
        let numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        return numbered.then(|| (String::new(), Some(Damage::Newer)));
    };
    if letters.len() > LETTERS_MAX {
        return Some((String::new(), Some(Damage::TooLarge)));
    }
    let (bytes, whole) = base64::decode(letters);
    let (plain, damage) = unfold(&bytes);
    let damage = damage.or((!whole).then_some(Damage::Broken));
    let text = String::from_utf8(plain).unwrap_or_else(|error| {
        let good = error.utf8_error().valid_up_to();
        String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned()
    });
    Some((text, damage))
}

/// What compressed bytes unfold to, as far as they can be read. The page's memory is the limit's, whatever they say.
fn unfold(bytes: &[u8]) -> (Vec<u8>, Option<Damage>) {
    let flags = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut plain = vec![0; TEXT_BYTES_MAX];
    let (status, _, length) = decompress(&mut DecompressorOxide::new(), bytes, &mut plain, 0, flags);
    plain.truncate(length);
    let damage = match status {
        TINFLStatus::Done => None,
        TINFLStatus::HasMoreOutput => Some(Damage::TooLarge),
        _ => Some(Damage::Broken),
    };
    (plain, damage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back() {
        for text in ["", "a", "apiVersion: v1\nkind: Pod\n", "有狀態 🚀\n"] {
            assert_eq!(super::text(&format!("#{}", fragment(text))), Some((text.to_owned(), None)));
        }
    }

    #[test]
    fn other_fragments_are_left_alone_and_newer_links_are_said() {
        for fragment in ["", "#", "#stage", "s", "#sx.abc", "#s.abc"] {
            assert_eq!(text(fragment), None, "{fragment}");
        }
        assert_eq!(text("#s2.AAAA"), Some((String::new(), Some(Damage::Newer))));
    }

    #[test]
    fn a_link_cut_short_gives_its_beginning() {
        let whole: String = (0..400).map(|line| format!("line {line} of {}\n", line * 7919 % 1000)).collect();
        let link = fragment(&whole);
        let (begun, damage) = text(&link[..link.len() / 2]).expect("a link");
        assert_eq!(damage, Some(Damage::Broken));
        assert!(begun.len() > whole.len() / 4 && whole.starts_with(&begun), "{} of {}", begun.len(), whole.len());
    }

    #[test]
    fn a_changed_letter_is_noticed() {
        let link = fragment("kubectl scale sts web --replicas=3\n");
        for place in PREFIX.len()..link.len() {
            let mut changed = link.clone();
            let other = if &link[place..=place] == "A" { "B" } else { "A" };
            changed.replace_range(place..=place, other);
            let (_, damage) = text(&changed).expect("a link");
            // The last letter may carry bits that stand for nothing.
            assert!(damage.is_some() || place == link.len() - 1, "letter {place}");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = base64::encode(&compress_to_vec_zlib(&vec![b'a'; TEXT_BYTES_MAX * 4], 9));
        let (text, damage) = text(&format!("{PREFIX}{bomb}")).expect("a link");
        assert_eq!(damage, Some(Damage::TooLarge));
        assert!(text.len() <= TEXT_BYTES_MAX);
    }
}
