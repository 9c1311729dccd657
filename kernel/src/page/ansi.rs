//! Colours of terminals as HTML.

use super::escaped;
use crate::terminal;

/// Text with a terminal's colours, as HTML. The sixteen colours and styles are kept; others are left out.
pub fn to_html(text: &str) -> String {
    let text = terminal::colored(text);
    let mut html = String::with_capacity(text.len());
    let mut classes: Vec<u16> = Vec::new();
    let mut pieces = text.split("\u{1b}[");
    html.push_str(&escaped(pieces.next().unwrap_or_default()));
    for piece in pieces {
        let (codes, text) = piece.split_once('m').unwrap_or(("", piece));
        apply(&mut classes, codes);
        if text.is_empty() {
            continue;
        }
        if classes.is_empty() {
            html.push_str(&escaped(text));
        } else {
            let names: Vec<_> = classes.iter().map(|code| format!("a{code}")).collect();
            html.push_str(&format!(
                "<span class=\"{}\">{}</span>",
                names.join(" "),
                escaped(text)
            ));
        }
    }
    html
}

fn apply(classes: &mut Vec<u16>, codes: &str) {
    let mut codes = codes
        .split([';', ':'])
        .map(|code| code.parse().unwrap_or(0));
    while let Some(code) = codes.next() {
        match code {
            0 => classes.clear(),
            1..=4 => {
                classes.retain(|own| *own != code);
                classes.push(code);
            }
            22 => classes.retain(|own| !matches!(own, 1 | 2)),
            30..=37 | 90..=97 => {
                classes.retain(|own| *own < 30);
                classes.push(code);
            }
            38 | 48 => match codes.next() {
                Some(5) => {
                    let color = of_sixteen(codes.next().unwrap_or(0));
                    if code == 38 {
                        classes.retain(|own| *own < 30);
                        classes.push(if color < 8 { 30 + color } else { 82 + color });
                    }
                }
                Some(2) => {
                    let _ = codes.nth(2);
                }
                _ => {}
            },
            39 => classes.retain(|own| *own < 30),
            _ => {}
        }
    }
}

/// One of the sixteen colours that a page has in light and dark, for one of 256: of a cube of six steps a side, or of greys.
fn of_sixteen(color: u16) -> u16 {
    match color {
        0..=15 => color,
        16..=231 => {
            let steps = [(color - 16) / 36, (color - 16) / 6 % 6, (color - 16) % 6];
            let most = steps.into_iter().max().unwrap_or(0);
            let bits = (0..3).filter(|&part| most > 0 && steps[part] * 2 > most);
            bits.map(|part| 1 << part).sum::<u16>() + if most > 3 { 8 } else { 0 }
        }
        232..=243 => 8,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_classes() {
        assert_eq!(
            to_html("\u{1b}[1m\u{1b}[38;5;9merror\u{1b}[0m: <x>\u{1b}[2J"),
            "<span class=\"a1 a91\">error</span>: &lt;x&gt;"
        );
        assert_eq!(
            to_html("\u{1b}[31mred\u{1b}[39mplain"),
            "<span class=\"a31\">red</span>plain"
        );
        assert_eq!(
            to_html("\u{1b}[1;38;5;197mred\u{1b}[0m\u{1b}[38;5;32mblue"),
            "<span class=\"a1 a91\">red</span><span class=\"a94\">blue</span>"
        );
    }
}
