//! The texts of cards as HTML.

/// `text` as HTML, with what stands in backticks as code.
pub fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let mut in_code = false;
    for character in text.chars() {
        match character {
            '`' => {
                html.push_str(if in_code { "</code>" } else { "<code>" });
                in_code = !in_code;
            }
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
    }
    if in_code {
        html.push_str("</code>");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn code_is_marked_and_markup_is_escaped() {
        assert_eq!(
            html("`a < b` & \"c\""),
            "<code>a &lt; b</code> &amp; &quot;c&quot;"
        );
        assert_eq!(html("`open"), "<code>open</code>");
    }
}
