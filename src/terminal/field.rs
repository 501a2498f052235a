//! The field of the command line: its text and cursor in bytes, where the DOM counts UTF-16 units.
//! It must not know what the text means.

use web_sys::HtmlInputElement;

use crate::browser::selection::{byte_offset, utf16_offset};

/// The text, and the cursor in it: where a selection ends.
pub(super) fn read(input: &HtmlInputElement) -> (String, usize) {
    let text = input.value();
    let end = input.selection_end().ok().flatten().unwrap_or(u32::MAX);
    let cursor = byte_offset(&text, end);
    (text, cursor)
}

/// What stands before and behind the selection.
pub(super) fn around(input: &HtmlInputElement) -> (String, String) {
    let text = input.value();
    let at = |place: Result<Option<u32>, _>| byte_offset(&text, place.ok().flatten().unwrap_or(u32::MAX));
    let (start, end) = (at(input.selection_start()), at(input.selection_end()));
    (text[..start].to_owned(), text[end.max(start)..].to_owned())
}

/// Whether something is selected.
pub(super) fn selects(input: &HtmlInputElement) -> bool {
    input.selection_start().ok().flatten() != input.selection_end().ok().flatten()
}

/// Writes a text and puts the cursor into it.
pub(super) fn write(input: &HtmlInputElement, text: &str, cursor: usize) {
    input.set_value(text);
    let place = utf16_offset(text, cursor);
    // Refusals would only mean that the field is not on the page any more.
    let _ = input.set_selection_range(place, place);
}
