//! How much fits on a slide of 1440 by 900 pixels, the size that README tells `jupyter nbconvert --to slides` to make.
//!
//! The heights are those that Chromium gives the elements in such a deck (nbconvert 7.17, reveal.js 4, its theme
//! `simple`), measured once. As a rule of thumb a slide holds 33 lines: a line of text or code is one, a heading
//! three or four, a row of a table one, and three with a formula in it, a figure its height divided by 27; each
//! code cell costs one and a half more and each result one. A line of code is at most 110 characters wide.

use dsprep_tests::joined;
use serde_json::Value;

/// The height of a slide.
const HEIGHT: f64 = 900.0;
/// How many characters of code fit on a line.
pub const CODE_COLUMNS: usize = 110;
/// How many characters of text fit on a line, on average.
const TEXT_COLUMNS: usize = 120;
/// The width of the space for outputs.
const WIDTH: f64 = 1308.0;

/// The height of a line of text.
const TEXT_LINE: f64 = 26.0;
/// The height of a row of a table with a formula, which may stand over two lines; an estimate.
const FORMULA_ROW: f64 = 75.0;
/// The height of a line of code or printed text.
const CODE_LINE: f64 = 22.8;

/// The cells that are shown together.
pub struct Slide<'a> {
    cells: Vec<&'a Value>,
}

/// What the cell's metadata say about slides.
pub fn kind(cell: &Value) -> Option<&str> {
    cell["metadata"]["slideshow"]["slide_type"].as_str()
}

impl<'a> Slide<'a> {
    /// All slides of a notebook; cells that are left out of the deck belong to none.
    pub fn all(cells: &'a [Value]) -> Vec<Slide<'a>> {
        let mut slides: Vec<Slide> = Vec::new();
        for cell in cells {
            match (kind(cell), slides.last_mut()) {
                (Some("skip" | "notes"), _) => {}
                (Some("slide" | "subslide"), _) | (_, None) => {
                    slides.push(Slide { cells: vec![cell] })
                }
                (_, Some(slide)) => slide.cells.push(cell),
            }
        }
        slides
    }

    /// What does not fit, or is of no known kind.
    pub fn problems(&self) -> Vec<String> {
        let id = |cell: &Value| cell["id"].as_str().unwrap_or("?").to_owned();
        let place = format!(
            "slide of the cell {}",
            self.cells.first().map_or("?".to_owned(), |cell| id(cell))
        );
        let mut problems = Vec::new();
        let heights: Vec<_> = self.cells.iter().map(|cell| height(cell)).collect();
        let sum: f64 = heights.iter().sum();
        if sum > HEIGHT {
            let parts = self
                .cells
                .iter()
                .zip(&heights)
                .map(|(cell, height)| format!("{} {height:.0}", id(cell)));
            let parts: Vec<_> = parts.collect();
            problems.push(format!(
                "{place}: about {sum:.0} pixels high, and a slide has {HEIGHT}: {}",
                parts.join(", ")
            ));
        }
        for cell in &self.cells {
            let source = joined(&cell["source"]);
            let wide = source
                .lines()
                .filter(|line| line.chars().count() > CODE_COLUMNS);
            if cell["cell_type"] == "code" {
                problems.extend(
                    wide.map(|line| format!("{place}: wider than {CODE_COLUMNS} columns: {line}")),
                );
            }
            if let Some(other) =
                kind(cell).filter(|kind| !["slide", "subslide", "fragment"].contains(kind))
            {
                problems.push(format!("{place}: no slide type `{other}`"));
            }
        }
        problems
    }
}

/// The height of a cell on a slide.
fn height(cell: &Value) -> f64 {
    let source = joined(&cell["source"]);
    if cell["cell_type"] != "code" {
        return text_height(&source);
    }
    let outputs = cell["outputs"].as_array().into_iter().flatten();
    let outputs: f64 = outputs.map(output_height).sum();
    source.lines().count() as f64 * CODE_LINE + 33.0 + outputs
}

fn output_height(output: &Value) -> f64 {
    let data = &output["data"];
    let svg = joined(&data["image/svg+xml"]);
    let html = joined(&data["text/html"]);
    let plain = joined(&output["text"]) + &joined(&data["text/plain"]);
    if !svg.is_empty() {
        let size = |name: &str| {
            let value = svg
                .split(&format!(" {name}=\""))
                .nth(1)?
                .split('"')
                .next()?;
            value.parse::<f64>().ok()
        };
        let (width, height) = (
            size("width").unwrap_or(WIDTH),
            size("height").unwrap_or(400.0),
        );
        return height * (WIDTH / width).min(1.0) + 57.0;
    }
    if !html.is_empty() {
        // The cover of folded outputs is a comment, of which nothing is seen.
        if html.starts_with("<!--") && html.ends_with("-->") {
            return 0.0;
        }
        if html.contains("<details") {
            return text_height(&html);
        }
        let rows = html.matches("<tr").count();
        let lines = html.matches("<br").count() + html.matches("</div>").count();
        return match rows {
            0 => {
                wrapped(strip(&html).chars().count()) * TEXT_LINE + lines as f64 * TEXT_LINE + 15.0
            }
            rows => rows as f64 * 29.0 + 60.0,
        };
    }
    plain.lines().count().max(1) as f64 * CODE_LINE + 20.0
}

/// The height of a text cell; what is folded away counts by its first line.
fn text_height(source: &str) -> f64 {
    let mut height = 20.0;
    let mut paragraph = 0;
    let mut folded = 0_usize;
    let mut in_code = false;
    let mut in_formula = false;
    for line in source.lines().chain([""]) {
        let line = line.trim();
        if let Some((_, summary)) = line.split_once("<summary>")
            && folded == 0
        {
            height += (strip(summary).chars().count() as f64 / 75.0).ceil() * 32.0;
        }
        let was_folded = folded > 0;
        folded += line.matches("<details").count();
        folded -= line.matches("</details").count().min(folded);
        if was_folded || folded > 0 || line.contains("<summary>") {
            continue;
        }
        let level = line.chars().take_while(|c| *c == '#').count();
        let is_block = line.is_empty()
            || level > 0
            || line.starts_with(['|', '-', '*', '>'])
            || line.starts_with("```");
        if (is_block || in_code) && paragraph > 0 {
            height += wrapped(paragraph) * TEXT_LINE + 20.0;
            paragraph = 0;
        }
        let dollars = line.matches("$$").count();
        if line.starts_with("```") {
            in_code = !in_code;
            height += 15.0;
        } else if in_code {
            height += CODE_LINE;
        } else if dollars > 0 || in_formula {
            in_formula ^= dollars % 2 == 1;
            height += if in_formula { 40.0 } else { 75.0 };
        } else if level > 0 {
            height += [0.0, 155.0, 96.0, 75.0].get(level).copied().unwrap_or(60.0);
        } else if line.starts_with('|') {
            let is_rule = line.chars().all(|c| "|-: ".contains(c));
            let characters = strip(line)
                .chars()
                .count()
                .saturating_sub(3 * line.matches('|').count());
            height += if is_rule {
                0.0
            } else if line.contains('\\') {
                // A column is laid out before its formulas are set, and they may break.
                FORMULA_ROW
            } else {
                7.0 + wrapped(characters) * TEXT_LINE
            };
        } else if !line.is_empty() {
            paragraph += strip(line).chars().count() + 1;
        }
    }
    height
}

fn wrapped(characters: usize) -> f64 {
    characters.div_ceil(TEXT_COLUMNS) as f64
}

/// A line without tags, addresses of links and marks of emphasis.
fn strip(line: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    let mut rest = line.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '<' if rest
                .peek()
                .is_some_and(|next| next.is_ascii_alphabetic() || *next == '/') =>
            {
                in_tag = true
            }
            '>' if in_tag => in_tag = false,
            ']' if rest.peek() == Some(&'(') => {
                let _ = rest.find(|next| *next == ')');
            }
            '*' | '`' | '[' => {}
            other if !in_tag => text.push(other),
            _ => {}
        }
    }
    text
}

#[test]
fn a_slide_that_overflows_is_found() {
    let code = |lines: usize, id: &str, kind: &str| {
        serde_json::json!({"cell_type": "code", "id": id, "source": "let x = 1;\n".repeat(lines),
            "metadata": {"slideshow": {"slide_type": kind}}, "outputs": []})
    };
    let problems = |cells: &[Value]| {
        Slide::all(cells)
            .iter()
            .flat_map(Slide::problems)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        problems(&[code(15, "a", "slide"), code(10, "b", "fragment")]),
        Vec::<String>::new()
    );
    assert_eq!(
        problems(&[code(15, "a", "slide"), code(15, "b", "subslide")]),
        Vec::<String>::new()
    );
    assert_eq!(
        problems(&[
            code(20, "a", "slide"),
            code(20, "b", "fragment"),
            code(20, "c", "skip")
        ])
        .len(),
        1
    );
    assert_eq!(problems(&[code(1, "a", "page")]).len(), 1);
    let mut wide = code(1, "a", "slide");
    wide["source"] = "x".repeat(CODE_COLUMNS + 1).into();
    assert_eq!(problems(&[wide]).len(), 1);
}
