//! A notebook as a deck of slides, by the slide types that JupyterLab puts into the metadata of cells.
//!
//! Each slide fills the screen, and the page is scrolled from one to the next, by Page Down as well. It is a page like
//! others: one file, which runs no script and fetches nothing, so that it still opens where there is no net.

use super::notebook::cell;
use super::page_with;
use serde_json::Value;

/// The look of slides.
const STYLE: &str = include_str!("slides.css");

/// What a cell is in a deck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The first of a slide.
    Slide,
    /// The first of a slide that belongs to the one before.
    Subslide,
    /// A part that is shown when it is asked for.
    Fragment,
    /// What only the speaker reads.
    Notes,
    /// Left out.
    Skip,
    /// A part of the slide that there is.
    Part,
}

/// A slide: whether it begins a topic, and its content.
struct Slide {
    is_top: bool,
    body: String,
}

/// The page with the slides of a notebook's document.
pub fn slides(title: &str, document: &Value) -> String {
    let mut all: Vec<Slide> = Vec::new();
    for one in document["cells"].as_array().into_iter().flatten() {
        let kind = kind(one);
        let content = cell(one);
        let content = match kind {
            Kind::Skip => continue,
            Kind::Fragment => folded("fragment", "More", &content),
            Kind::Notes => folded("notes", "Notes", &content),
            _ => content,
        };
        match all.last_mut() {
            Some(slide) if !matches!(kind, Kind::Slide | Kind::Subslide) => slide.body += &content,
            _ => all.push(Slide {
                is_top: kind != Kind::Subslide,
                body: content,
            }),
        }
    }
    let count = all.len();
    let body: String = all
        .iter()
        .enumerate()
        .map(|(index, slide)| section(index + 1, count, slide))
        .collect();
    page_with(title, STYLE, &body)
}

fn kind(cell: &Value) -> Kind {
    match cell["metadata"]["slideshow"]["slide_type"].as_str() {
        Some("slide") => Kind::Slide,
        Some("subslide") => Kind::Subslide,
        Some("fragment") => Kind::Fragment,
        Some("notes") => Kind::Notes,
        Some("skip") => Kind::Skip,
        _ => Kind::Part,
    }
}

fn folded(class: &str, summary: &str, content: &str) -> String {
    format!("<details class=\"{class}\"><summary>{summary}</summary>\n{content}</details>\n")
}

fn section(number: usize, count: usize, slide: &Slide) -> String {
    let class = if slide.is_top { " class=\"top\"" } else { "" };
    let link = |to: usize, sign: &str, name: &str| {
        if (1..=count).contains(&to) {
            format!("<a href=\"#slide-{to}\" aria-label=\"{name}\">{sign}</a>")
        } else {
            String::new()
        }
    };
    format!(
        "<section id=\"slide-{number}\"{class}>\n{}<nav>{}{number} / {count}{}</nav>\n</section>\n",
        slide.body,
        link(number.wrapping_sub(1), "◀", "the slide before"),
        link(number + 1, "▶", "the next slide")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_become_slides_by_their_types() {
        let text = |kind: &str, source: &str| json!({"cell_type": "markdown", "source": source, "metadata": {"slideshow": {"slide_type": kind}}});
        let document = json!({"cells": [
            text("slide", "# One"),
            {"cell_type": "markdown", "source": "goes on", "metadata": {}},
            text("fragment", "later"),
            text("notes", "say this"),
            text("skip", "not shown"),
            text("subslide", "## Two"),
        ]});
        let page = slides("a", &document);
        let body = page.split_once("<body>\n").map_or("", |(_, body)| body);
        insta::assert_snapshot!(body.trim_end(), @r##"
        <section id="slide-1" class="top">
        <div class="cell">
        <h1>One</h1>
        </div>
        <div class="cell">
        <p>goes on</p>
        </div>
        <details class="fragment"><summary>More</summary>
        <div class="cell">
        <p>later</p>
        </div>
        </details>
        <details class="notes"><summary>Notes</summary>
        <div class="cell">
        <p>say this</p>
        </div>
        </details>
        <nav>1 / 2<a href="#slide-2" aria-label="the next slide">▶</a></nav>
        </section>
        <section id="slide-2">
        <div class="cell">
        <h2>Two</h2>
        </div>
        <nav><a href="#slide-1" aria-label="the slide before">◀</a>2 / 2</nav>
        </section>
        </body>
        </html>
        "##);
    }
}
