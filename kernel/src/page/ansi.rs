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
            // One of 256 colours, or of all: the bright ones are those that compilers use.
            38 | 48 => match codes.next() {
                Some(5) => {
                    let color = codes.next().unwrap_or(0);
                    if code == 38 && color < 16 {
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
    }
}
