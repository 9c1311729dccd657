//! HTML and SVG: what is shown must be the same, not how it is written.
//!
//! - `tokens`: markup as a sequence of tags and texts.
//! - `image`: pictures in the address of an image.
//! - `svg`: pictures by structure.
//! - `table`: tables by value.

mod image;
mod svg;
mod table;
mod tokens;

use super::changes::{self, Change};
use super::{Rules, numbers};
use tokens::Token;

/// Attributes of SVG whose numbers come from computed positions.
const GEOMETRY: [&str; 19] = [
    "cx",
    "cy",
    "d",
    "dx",
    "dy",
    "height",
    "points",
    "r",
    "rx",
    "ry",
    "transform",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];
/// Attributes of SVG that hold computed colours.
const COLORS: [&str; 3] = ["fill", "stop-color", "stroke"];
/// How far two numbers may be apart, relative to the larger.
const RELATIVE: f64 = 1e-6;

/// What differs, with what stands around it; none if both are the same by their rules.
pub fn changes(stored: &str, fresh: &str, rules: &Rules) -> Vec<Change> {
    let read = |markup: &str| table::by_value(svg::by_structure(tokens::tokens(markup, rules)));
    let (stored, mut fresh) = (read(stored), read(fresh));
    // What agrees is shown alike.
    for (stored, fresh) in stored.iter().zip(&mut fresh) {
        if agree(stored, fresh, rules) {
            fresh.clone_from(stored);
        }
    }
    let lines = |tokens: &[Token]| tokens.iter().map(Token::to_string).collect::<Vec<_>>();
    changes::between(&lines(&stored), &lines(&fresh))
}

/// Whether two pieces are the same but for the last digit of coordinates and colours.
fn agree(stored: &Token, fresh: &Token, rules: &Rules) -> bool {
    match (stored, fresh) {
        (
            Token::Tag {
                name,
                attributes,
                in_svg: true,
            },
            Token::Tag {
                name: other_name,
                attributes: others,
                in_svg: true,
            },
        ) => {
            let pairs = || attributes.iter().zip(others);
            name == other_name
                && attributes.len() == others.len()
                && pairs().all(|((key, value), (other_key, other))| {
                    key == other_key && values_agree(key, value, other)
                })
        }
        (
            Token::Cell { place, content },
            Token::Cell {
                place: other_place,
                content: other,
            },
        ) => place == other_place && table::values_agree(content, other, rules),
        (Token::Text(stored), Token::Text(fresh)) => {
            let near = |_: &str, one: f64, _: &str, other: f64| rules.allow(one, other);
            stored == fresh || (rules.tolerance > 0.0 && numbers::agree(stored, fresh, near))
        }
        _ => stored == fresh,
    }
}

fn values_agree(key: &str, stored: &str, fresh: &str) -> bool {
    if stored == fresh {
        return true;
    }
    if COLORS.contains(&key) {
        return match (channels(stored), channels(fresh)) {
            (Some(stored), Some(fresh)) => stored
                .iter()
                .zip(fresh)
                .all(|(stored, fresh)| stored.abs_diff(fresh) <= 1),
            _ => false,
        };
    }
    GEOMETRY.contains(&key) && numbers::agree(stored, fresh, is_near)
}

/// The three channels of `#d4e4f4`.
fn channels(color: &str) -> Option<[u8; 3]> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

/// Whether two numbers differ by one in the last printed digit at most.
fn is_near(stored: &str, one: f64, fresh: &str, other: f64) -> bool {
    let digits = |text: &str| {
        text.split_once('.')
            .map_or(0, |(_, fraction)| fraction.len())
    };
    let last_digit = 10_f64.powi(-(digits(stored).min(digits(fresh)) as i32));
    let allowed = (last_digit * 1.001).max(RELATIVE * one.abs().max(other.abs()));
    (one - other).abs() <= allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(stored: &str, fresh: &str) -> String {
        let rules = Rules {
            durations: true,
            ..Rules::STRICT
        };
        let changes: Vec<_> = changes(stored, fresh, &rules)
            .iter()
            .map(Change::to_string)
            .collect();
        changes.join("\n")
    }

    #[test]
    fn html_is_compared_by_tags_and_text() {
        assert_eq!(told("<b>a  b</b>\n", "<b>a b</b>"), "");
        assert_eq!(told("<td>1.5ms</td>", "<td>1.7ms</td>"), "");
        assert_eq!(
            told("<td>1.5</td>", "<td>1.6</td>"),
            "  <td>\n- 1.5\n+ 1.6\n  </td>"
        );
        assert_ne!(told("<td colspan=\"2\">", "<td colspan=\"3\">"), "");
        assert_ne!(told("<td>1</td>", "<th>1</th>"), "");
    }

    #[test]
    fn coordinates_and_colours_of_svg_may_differ_in_the_last_digit() {
        let svg = |rest: &str| format!("<svg>{rest}</svg>");
        for (stored, fresh) in [
            ("<path d=\"M10.5 20L7-3\"/>", "<path d=\"M10.6 20L7-4\"/>"),
            (
                "<polyline points=\"76,50 106,50 \"/>",
                "<polyline points=\"77,50 105,50 \"/>",
            ),
            (
                "<rect x=\"14.516129032258064\"/>",
                "<rect x=\"14.516129032258071\"/>",
            ),
            ("<rect fill=\"#D4E4F4\"/>", "<rect fill=\"#D5E3F4\"/>"),
        ] {
            assert_eq!(told(&svg(stored), &svg(fresh)), "");
        }
    }

    #[test]
    fn the_drawing_in_an_image_is_compared_as_a_drawing() {
        let image = |text: &str, x: &str| {
            format!(
                "<img alt=\"A\" src=\"data:image/svg+xml;charset=utf-8,%3Csvg%3E%3Ctext x='{x}' \
                 fill='%23262626'%3E{text} 50 %25%3C/text%3E%3C/svg%3E\">"
            )
        };
        let stored = image("one", "10");
        assert_eq!(told(&stored, &image("one", "10")), "");
        assert_eq!(told(&stored, &image("one", "11")), "");
        assert_ne!(told(&stored, &image("one", "13")), "");
        let differ = told(&stored, &image("two", "10"));
        assert!(
            differ.contains("one 50 %") && differ.contains("two 50 %"),
            "{differ}"
        );
        // What can't be read as a drawing is compared as it is written.
        let broken = |end: &str| format!("<img src=\"data:image/svg+xml,%3Csvg%{end}\">");
        assert_eq!(told(&broken("G1"), &broken("G1")), "");
        assert_ne!(told(&broken("G1"), &broken("G2")), "");
    }

    #[test]
    fn structure_labels_and_larger_moves_of_svg_count() {
        let svg = |rest: &str| format!("<svg>{rest}</svg>");
        for (stored, fresh) in [
            ("<rect x=\"10\"/>", "<rect x=\"12\"/>"),
            ("<rect x=\"0.5\"/>", "<rect x=\"0.7\"/>"),
            ("<path d=\"M1 2\"/>", "<path d=\"L1 2\"/>"),
            ("<path d=\"M1 2\"/>", "<path d=\"M1 2 3\"/>"),
            ("<rect fill=\"#D4E4F4\"/>", "<rect fill=\"#D4E4F7\"/>"),
            ("<rect fill=\"red\"/>", "<rect fill=\"blue\"/>"),
            ("<text>0.18</text>", "<text>0.19</text>"),
            ("<rect stroke-width=\"1\"/>", "<rect stroke-width=\"2\"/>"),
            ("<rect/>", "<circle/>"),
            ("<rect/>", "<rect/><rect/>"),
        ] {
            assert_ne!(told(&svg(stored), &svg(fresh)), "", "{stored}");
        }
        insta::assert_snapshot!(told("<svg><text x=\"1\">a</text></svg>", "<svg><text x=\"2\">b</text></svg>"), @r#"
          <text x="1">
        - a
        + b
          </text>
        "#);
    }
}
