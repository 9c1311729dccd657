//! What a cell prints, byte by byte, taken apart into text, frames and evcxr's own marks.
//!
//! The counterpart in the core is `dsprep_core::cell`.

use serde_json::Value;

/// What a frame's line starts with; the core's `FRAME`.
const FRAME: &[u8] = b"\x1edsprep ";
/// How the crate `evcxr_input` asks for a line of text; the prompt follows a colon.
const REQUEST: &[u8] = b"EVCXR_INPUT_REQUEST";
/// How libraries that know evcxr show something: a line with the MIME type, the content, and the line below.
const CONTENT: &[u8] = b"EVCXR_BEGIN_CONTENT ";
const END_OF_CONTENT: &[u8] = b"EVCXR_END_CONTENT\n";
/// A frame or content that is longer than this is taken for text.
const LONGEST: usize = 256 << 20;

/// A piece of what a cell printed.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Text for the reader.
    Text(String),
    /// A message to the kernel.
    Frame(Value),
    /// The place, on standard error, of the frame with this number on standard output.
    Mark(u64),
    /// The prompt of the next question, and whether its answer is secret.
    Prompt(String, bool),
    /// Something to show: its MIME type and itself.
    Content(String, String),
}

/// What kind of thing begins at a place.
#[derive(Clone, Copy, PartialEq)]
enum Start {
    Frame,
    Request,
    Content,
    /// More bytes have to come to tell.
    Unclear,
}

/// Takes one stream apart.
#[derive(Debug, Default)]
pub struct Decoder {
    held: Vec<u8>,
    /// Where to go on looking for the end of what is held.
    searched: usize,
    in_line: bool,
}

impl Decoder {
    /// Takes more bytes, and returns what is complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Piece> {
        self.held.extend_from_slice(bytes);
        let mut pieces = Vec::new();
        while let Some(piece) = self.next() {
            pieces.extend(piece);
        }
        pieces
    }

    /// What is left at the end of the stream, as text.
    pub fn finish(&mut self) -> Option<Piece> {
        let rest = std::mem::take(&mut self.held);
        (!rest.is_empty()).then(|| Piece::Text(String::from_utf8_lossy(&rest).into_owned()))
    }

    /// The next piece; an inner nothing if one was taken that says nothing, an outer one if more bytes have to come.
    fn next(&mut self) -> Option<Option<Piece>> {
        if self.held.is_empty() {
            return None;
        }
        match self.first_start() {
            None => {
                let length = complete_text(&self.held);
                (length > 0).then(|| Some(self.take_text(length)))
            }
            Some((0, Start::Unclear)) => None,
            Some((0, start)) => self.special(start),
            Some((at, _)) => Some(Some(self.take_text(at))),
        }
    }

    /// The first place at which something else than text begins.
    fn first_start(&self) -> Option<(usize, Start)> {
        let mut line_start = !self.in_line;
        for (at, byte) in self.held.iter().enumerate() {
            let rest = &self.held[at..];
            let start = match byte {
                0x1e => begins(rest, FRAME, Start::Frame),
                b'E' if line_start => begins(rest, CONTENT, Start::Content)
                    .or_else(|| begins(rest, REQUEST, Start::Request)),
                _ => None,
            };
            if let Some(start) = start {
                return Some((at, start));
            }
            line_start = *byte == b'\n';
        }
        None
    }

    fn special(&mut self, start: Start) -> Option<Option<Piece>> {
        let from = self.searched.max(FRAME.len());
        let end = match start {
            Start::Content => {
                find(&self.held, END_OF_CONTENT, from).map(|at| at + END_OF_CONTENT.len())
            }
            _ => find(&self.held, b"\n", from).map(|at| at + 1),
        };
        // A frame is one line. Where another begins in it, somebody printed the mark.
        let line = &self.held[..end.unwrap_or(self.held.len())];
        if start == Start::Frame
            && let Some(other) = find(line, FRAME, from)
        {
            self.searched = 0;
            self.held.drain(..FRAME.len());
            let length = other - FRAME.len();
            return Some((length > 0).then(|| self.take_text(length)));
        }
        let Some(end) = end else {
            if self.held.len() > LONGEST {
                self.searched = 0;
                return Some(Some(self.take_text(self.held.len())));
            }
            self.searched = self.held.len().saturating_sub(END_OF_CONTENT.len());
            return None;
        };
        self.searched = 0;
        let bytes: Vec<u8> = self.held.drain(..end).collect();
        let text = String::from_utf8_lossy(&bytes);
        Some(match start {
            Start::Frame => {
                let line = &text[FRAME.len()..];
                match serde_json::from_str::<Value>(line.trim_end()) {
                    Ok(frame) if frame["kind"] == "at" => frame["at"].as_u64().map(Piece::Mark),
                    Ok(frame) => Some(Piece::Frame(frame)),
                    // Not from our core: somebody printed the mark.
                    Err(_) => Some(Piece::Text(line.to_owned())),
                }
            }
            Start::Request => {
                let (request, prompt) = text.trim_end().split_once(':').unwrap_or((&text, ""));
                Some(Piece::Prompt(
                    prompt.to_owned(),
                    request.contains("PASSWORD"),
                ))
            }
            Start::Content | Start::Unclear => {
                let (kind, content) = text.split_once('\n').unwrap_or((&text, ""));
                let kind = kind.trim_start_matches("EVCXR_BEGIN_CONTENT ").trim();
                let content = content
                    .strip_suffix("EVCXR_END_CONTENT\n")
                    .unwrap_or(content);
                let content = content.strip_suffix('\n').unwrap_or(content);
                Some(Piece::Content(kind.to_owned(), content.to_owned()))
            }
        })
    }

    fn take_text(&mut self, length: usize) -> Piece {
        let text = String::from_utf8_lossy(&self.held[..length]).into_owned();
        self.in_line = length > 0 && self.held[length - 1] != b'\n';
        self.held.drain(..length);
        Piece::Text(text)
    }
}

/// Whether `rest` begins with `word`, or may once more bytes have come.
fn begins(rest: &[u8], word: &[u8], start: Start) -> Option<Start> {
    if rest.starts_with(word) {
        Some(start)
    } else {
        word.starts_with(rest).then_some(Start::Unclear)
    }
}

fn find(bytes: &[u8], word: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let found = match word {
        [byte] => rest.iter().position(|it| it == byte),
        _ => rest.windows(word.len()).position(|window| window == word),
    };
    found.map(|at| from + at)
}

/// How many bytes there are before a character whose end has not come yet.
fn complete_text(bytes: &[u8]) -> usize {
    let start = bytes.len().saturating_sub(3);
    for at in (start..bytes.len()).rev() {
        let needed = match bytes[at] {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            0x80..=0xbf => continue,
            _ => return bytes.len(),
        };
        return if bytes.len() - at < needed {
            at
        } else {
            bytes.len()
        };
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    /// The pieces of `bytes` that come `size` at a time, adjacent text joined.
    fn decoded(bytes: &[u8], size: usize) -> Vec<Piece> {
        let mut decoder = Decoder::default();
        let pieces = bytes.chunks(size).flat_map(|chunk| decoder.feed(chunk));
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces
            .collect::<Vec<_>>()
            .into_iter()
            .chain(decoder.finish())
        {
            match (joined.last_mut(), piece) {
                (Some(Piece::Text(before)), Piece::Text(after)) => before.push_str(&after),
                (_, piece) => joined.push(piece),
            }
        }
        joined
    }

    #[test]
    fn text_and_frames_are_the_same_however_the_bytes_come() {
        let printed = "abc\u{1e}dsprep {\"kind\":\"sync\",\"at\":3}\nü€🙂\r50 %\n\u{1e}dsprep {\"kind\":\"at\",\"at\":7}\n\
                       EVCXR_INPUT_REQUEST_PASSWORD:Pin\n E\nEVCXR_BEGIN_CONTENT text/html\n<b>\n</b>\nEVCXR_END_CONTENT\nend";
        let expected = [
            text("abc"),
            Piece::Frame(json!({"kind": "sync", "at": 3})),
            text("ü€🙂\r50 %\n"),
            Piece::Mark(7),
            Piece::Prompt("Pin".to_owned(), true),
            text(" E\n"),
            Piece::Content("text/html".to_owned(), "<b>\n</b>".to_owned()),
            text("end"),
        ];
        for size in 1..printed.len() {
            assert_eq!(
                decoded(printed.as_bytes(), size),
                expected,
                "{size} at a time"
            );
        }
    }

    #[test]
    fn text_without_a_line_end_comes_at_once() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(b"\r10 %"), [text("\r10 %")]);
        assert_eq!(decoder.feed("\r20 % é".as_bytes()), [text("\r20 % é")]);
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_and_lose_nothing_else() {
        assert_eq!(
            decoded(b"a\xff\xfeb\n\xc3", 1),
            [text("a\u{fffd}\u{fffd}b\n\u{fffd}")]
        );
    }

    #[test]
    fn a_mark_that_somebody_printed_is_text() {
        let printed =
            "\u{1e}dsprep not a frame\n\u{1e}dsprep half\u{1e}dsprep {\"kind\":\"sync\"}\n";
        for size in 1..printed.len() {
            assert_eq!(
                decoded(printed.as_bytes(), size),
                [
                    text("not a frame\nhalf"),
                    Piece::Frame(json!({"kind": "sync"}))
                ]
            );
        }
    }
}
