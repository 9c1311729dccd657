//! Notebooks as HTML pages that need nothing but themselves.
//!
//! A page runs no script, whatever the notebook holds: a policy in its head forbids it, and fetching from elsewhere
//! too.

mod ansi;
mod notebook;
mod slides;

pub use notebook::{notebook, outputs};
pub use slides::slides;

/// The look of a page, in light and dark.
const STYLE: &str = include_str!("style.css");

/// A whole page around `body`.
pub fn page(title: &str, body: &str) -> String {
    page_with(title, "", body)
}

/// The same with more style.
fn page_with(title: &str, style: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; media-src data:; \
         font-src data:; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>\n{STYLE}{style}</style>\n\
         </head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// Text as HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_forbids_scripts_and_says_what_it_is() {
        let page = page("a <b>", "<p>x</p>\n");
        assert!(page.contains("<title>a &lt;b&gt;</title>") && page.contains("default-src 'none'"));
        assert!(page.ends_with("<p>x</p>\n</body>\n</html>\n"), "{page}");
    }
}
