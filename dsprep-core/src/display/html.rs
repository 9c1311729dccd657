//! Pieces of HTML, and which part of a large thing is shown.
//!
//! The HTML is to be readable in light and dark themes and where `style` is taken away, as code hosts
//! do: no colours, no scripts, and a structure that means something by itself.

/// The most rows that are shown of a table or a matrix.
pub(super) const MOST_ROWS: usize = 20;
/// The most columns that are shown.
pub(super) const MOST_COLUMNS: usize = 12;
/// The opening tag of a table's head, set off from the body by a line that shows in any theme.
pub(super) const HEAD: &str = "<thead style=\"border-bottom:1px solid rgba(128,128,128,.5)\"><tr>";
/// What stands for rows or columns that are left out.
pub(super) const GAP: &str = "…";

/// The opening tag of every table, which may follow text.
pub(super) const TABLE: &str =
    "<table style=\"border-collapse:collapse;color:inherit;margin-top:6px\">\n";

/// `text` with HTML's special characters escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A small, faint remark.
pub(super) fn faint(text: &str) -> String {
    format!("<small style=\"opacity:.65\">{}</small>", escape(text))
}

/// A cell of a table's head, or the number of a row; `content` is HTML.
pub(super) fn header(content: &str, align: &str) -> String {
    format!("<th style=\"text-align:{align};padding:2px 10px\">{content}</th>")
}

/// A cell of a table's body; `content` is HTML.
pub(super) fn cell(content: &str, align: &str) -> String {
    format!("<td style=\"text-align:{align};padding:2px 10px\">{content}</td>")
}

/// Text that is laid out already.
pub(crate) fn pre(text: &str) -> String {
    format!(
        "<pre style=\"font-family:monospace;line-height:1.3\">{}</pre>",
        escape(text)
    )
}

/// The size of a table, and how many of its rows are not shown.
pub(super) fn size_caption(height: usize, width: usize) -> String {
    let size = format!("{} × {}", counted(height, "row"), counted(width, "column"));
    match height.checked_sub(MOST_ROWS) {
        None | Some(0) => size,
        Some(hidden) => format!("{size}; {} in the middle not shown", counted(hidden, "row")),
    }
}

/// The indices that are shown of `len`: all, or the first and the last ones with `None` between.
pub(super) fn window(len: usize, most: usize) -> Vec<Option<usize>> {
    if len <= most {
        return (0..len).map(Some).collect();
    }
    let tail = most / 2;
    let head = most - tail;
    let first = (0..head).map(Some);
    let last = (len - tail..len).map(Some);
    first.chain([None]).chain(last).collect()
}

/// `1 row`, `1,000 rows`.
pub(super) fn counted(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", grouped(number))
}

/// The number with commas between groups of three digits.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The text with spaces before it (or after it, if `left`) up to `width` characters. Unlike `format!`, this takes any width.
pub(super) fn padded(text: &str, width: usize, left: bool) -> String {
    let spaces = " ".repeat(width.saturating_sub(text.chars().count()));
    match left {
        true => format!("{text}{spaces}"),
        false => format!("{spaces}{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_is_escaped() {
        assert_eq!(escape("a<b> & \"c\""), "a&lt;b&gt; &amp; &quot;c&quot;");
    }

    #[test]
    fn a_window_shows_all_or_both_ends() {
        assert_eq!(window(3, 4), [Some(0), Some(1), Some(2)]);
        assert_eq!(window(9, 3), [Some(0), Some(1), None, Some(8)]);
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            [1, 999, 1000, 1_234_567].map(grouped),
            ["1", "999", "1,000", "1,234,567"]
        );
    }
}
