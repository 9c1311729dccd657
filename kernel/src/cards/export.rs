//! Cards as files: for Anki, and as CSV.

use super::deck::{Card, html};
use crate::error::{Error, Result};
use crate::notebook::replace;
use std::ffi::OsStr;
use std::path::Path;

/// Writes the cards in a format to a file, whole or not at all, and says what was done.
///
/// # Errors
/// [`Error::NoSuchExport`] for an unknown format, [`Error::File`].
pub fn write(cards: &[Card], format: &OsStr, file: &Path) -> Result<String> {
    let (content, hint) = match format.to_str() {
        Some("anki") => (anki(cards), "; in Anki: File, Import"),
        Some("csv") => (csv(cards), ""),
        _ => {
            return Err(Error::NoSuchExport {
                format: format.to_string_lossy().into_owned(),
            });
        }
    };
    if !may_replace(file, &content) {
        return Err(Error::Usage(format!(
            "`{}` is there already and holds no exported cards; name another file",
            file.display()
        )));
    }
    replace(file, content.as_bytes())?;
    let number = cards.len();
    Ok(format!(
        "Wrote {number} card{} to {}{hint}",
        if number == 1 { "" } else { "s" },
        file.display()
    ))
}

/// Whether there is nothing at `file`, or an earlier export in this format, which begins with the same line.
fn may_replace(file: &Path, content: &str) -> bool {
    let first = content.lines().next().unwrap_or_default();
    std::fs::read(file).map_or(true, |old| old.starts_with(first.as_bytes()))
}

/// Anki's text format: header lines, then a note on each line, its fields set apart by tabs.
///
/// Imported again, a note is updated and keeps its history: Anki knows it by its GUID. See
/// <https://docs.ankiweb.net/importing/text-files.html>.
fn anki(cards: &[Card]) -> String {
    let mut text = String::from(
        "#separator:tab\n\
         #html:true\n\
         #notetype:Basic\n\
         #deck:dsprep\n\
         #guid column:1\n\
         #tags column:4\n\
         #columns:guid\tFront\tBack\tTags\n",
    );
    for card in cards {
        let fields = [
            format!("dsprep-{}", card.id()),
            html(card.front),
            back(card),
            tags(card),
        ];
        text += &fields.join("\t");
        text.push('\n');
    }
    text
}

/// The back of a note, as HTML.
fn back(card: &Card) -> String {
    let mut back = html(card.back);
    let mut add = |title: &str, text: &str| {
        back += &format!("<br><br><i>{title}:</i> {}", html(text));
    };
    if let Some(printed) = card.printed {
        add("As printed", printed.line);
        add("Remark", printed.remark);
    }
    add("Often said, and wrong", card.wrong);
    add("Asked next", card.follow_up);
    back
}

/// Tags in Anki are set apart by spaces, and nested by two colons.
fn tags(card: &Card) -> String {
    let source = card.source.to_string().replace(' ', "-");
    format!(
        "dsprep::{source} dsprep::{} dsprep::{}",
        card.topic, card.level
    )
}

/// CSV after RFC 4180, in UTF-8: a header, then a record for each card.
fn csv(cards: &[Card]) -> String {
    let header = [
        "id",
        "source",
        "topic",
        "level",
        "front",
        "back",
        "common_wrong_answer",
        "follow_up",
        "as_printed",
        "remark",
    ];
    let mut text = record(&header);
    for card in cards {
        let (id, source) = (card.id(), card.source.to_string());
        let (line, remark) = card
            .printed
            .map_or(("", ""), |printed| (printed.line, printed.remark));
        text += &record(&[
            &id,
            &source,
            card.topic.name(),
            card.level.name(),
            card.front,
            card.back,
            card.wrong,
            card.follow_up,
            line,
            remark,
        ]);
    }
    text
}

fn record(fields: &[&str]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    fields.join(",") + "\r\n"
}

/// The field in quotes if it needs them.
fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::deck;
    use super::*;

    #[test]
    fn a_note_of_anki_is_a_line_of_four_fields() {
        let text = anki(&deck::all());
        let (header, notes): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|line| line.starts_with('#'));
        assert_eq!(header.len(), 7);
        assert_eq!(notes.len(), deck::all().len());
        for note in notes {
            let fields: Vec<&str> = note.split('\t').collect();
            assert_eq!(fields.len(), 4, "{note}");
            assert!(fields.iter().all(|field| !field.contains('"')), "{note}");
            assert_eq!(fields[3].split(' ').count(), 3, "{note}");
        }
    }

    #[test]
    fn fields_of_csv_are_quoted_where_they_must_be() {
        assert_eq!(
            record(&["a", "b,c", "\"d\"", "e\nf"]),
            "a,\"b,c\",\"\"\"d\"\"\",\"e\nf\"\r\n"
        );
    }
}
