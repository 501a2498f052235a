//! Moves the cursor of a text field to a stretch of its text.
//! It must not know what the text means.

use web_sys::HtmlTextAreaElement;

/// A place in a text as the DOM counts: UTF-16 units.
pub fn utf16_offset(text: &str, byte: usize) -> u32 {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    u32::try_from(text[..byte].encode_utf16().count()).unwrap_or(u32::MAX)
}

/// A place in a text in bytes, given as the DOM counts.
pub fn byte_offset(text: &str, utf16: u32) -> usize {
    let mut left = utf16 as usize;
    for (at, character) in text.char_indices() {
        if left < character.len_utf16() {
            return at;
        }
        left -= character.len_utf16();
    }
    text.len()
}

/// Selects the bytes `start..end` of the field's text, which begin on `line` (from 1) of `lines`, and shows them.
pub fn select(field: &HtmlTextAreaElement, text: &str, start: usize, end: usize, line: usize, lines: usize) {
    // Refusals would only mean that the field is not on the page any more.
    let _ = field.focus();
    let _ = field.set_selection_range(utf16_offset(text, start), utf16_offset(text, end));
    let line_height = f64::from(field.scroll_height()) / lines.max(1) as f64;
    let top = (line.saturating_sub(4)) as f64 * line_height;
    field.set_scroll_top(top as i32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_utf16_units() {
        assert_eq!(utf16_offset("aé😀b", 0), 0);
        assert_eq!(utf16_offset("aé😀b", 3), 2);
        assert_eq!(utf16_offset("aé😀b", 7), 4);
        assert_eq!(utf16_offset("aé😀b", 99), 5);
        for byte in [0, 1, 3, 7, 8] {
            assert_eq!(byte_offset("aé😀b", utf16_offset("aé😀b", byte)), byte);
        }
        assert_eq!(byte_offset("aé", 99), 3);
    }
}
