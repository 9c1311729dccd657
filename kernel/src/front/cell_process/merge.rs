//! Standard output and standard error of a cell, in the order in which they were printed.
//!
//! The two come by pipes of their own. Frames travel on standard output, and each leaves a mark with its number on
//! standard error before it: what stands before the mark was printed before the frame, what stands behind it after.
//! Between two frames, text is taken in the order in which it is read.

use super::decoder::{Decoder, Piece};
use std::collections::VecDeque;

/// One of the two streams.
#[derive(Debug, Default)]
struct Side {
    decoder: Decoder,
    pieces: VecDeque<Piece>,
    /// The number of the last frame or mark that was reached.
    reached: u64,
    ended: bool,
}

/// The two streams of one process.
#[derive(Debug, Default)]
pub struct Merge {
    sides: [Side; 2],
}

/// Standard output in [`Merge`].
pub const STDOUT: usize = 0;
/// Standard error in [`Merge`].
pub const STDERR: usize = 1;

impl Side {
    fn pass(&mut self, number: u64) {
        self.reached = self.reached.max(number);
    }

    /// Whether the other side need not wait for this one at the frame `number`.
    fn is_past(&self, number: u64) -> bool {
        self.ended && self.pieces.is_empty() || self.reached >= number
    }
}

impl Merge {
    /// Takes what was read from one side; nothing at its end.
    pub fn feed(&mut self, side: usize, bytes: &[u8]) {
        let side = &mut self.sides[side];
        if bytes.is_empty() {
            side.ended = true;
            side.pieces.extend(side.decoder.finish());
        } else {
            side.pieces.extend(side.decoder.feed(bytes));
        }
    }

    /// The next piece, with the side that it came from.
    pub fn next(&mut self) -> Option<(usize, Piece)> {
        let [stdout, stderr] = &mut self.sides;
        loop {
            match stderr.pieces.front() {
                Some(&Piece::Mark(number)) => {
                    stderr.pass(number);
                    if stdout.is_past(number) {
                        stderr.pieces.pop_front();
                        continue;
                    }
                }
                Some(_) => return stderr.pieces.pop_front().map(|piece| (STDERR, piece)),
                None => {}
            }
            match stdout.pieces.front() {
                Some(Piece::Frame(frame)) => {
                    let number = frame["at"].as_u64().unwrap_or(0);
                    if !stderr.is_past(number) {
                        return None;
                    }
                    stdout.pass(number);
                }
                Some(Piece::Mark(_)) => {
                    stdout.pieces.pop_front();
                    continue;
                }
                Some(_) => {}
                None => return None,
            }
            return stdout.pieces.pop_front().map(|piece| (STDOUT, piece));
        }
    }

    /// Whether more should be read from a side, given that [`next`](Self::next) has nothing.
    pub fn wants(&self, side: usize) -> bool {
        !self.sides[side].ended && self.sides[side].pieces.is_empty()
    }

    /// Whether one side waits for the other, given that [`next`](Self::next) has nothing.
    pub fn waits(&self) -> bool {
        self.sides.iter().any(|side| !side.pieces.is_empty())
    }

    /// Lets the side that waits go on: what it waits for went elsewhere, as when a cell has redirected a stream.
    pub fn let_go(&mut self) {
        let [stdout, stderr] = &mut self.sides;
        if let Some(&Piece::Mark(number)) = stderr.pieces.front() {
            stdout.pass(number);
        }
        if let Some(Piece::Frame(frame)) = stdout.pieces.front() {
            stderr.pass(frame["at"].as_u64().unwrap_or(0));
        }
    }

    /// Whether both streams have ended.
    pub fn has_ended(&self) -> bool {
        self.sides.iter().all(|side| side.ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(merge: &mut Merge) -> String {
        let mut told = String::new();
        while let Some((side, piece)) = merge.next() {
            match piece {
                Piece::Text(text) => told += &format!("{side}:{text} "),
                Piece::Frame(frame) => told += &format!("frame {} ", frame["at"]),
                other => told += &format!("{other:?} "),
            }
        }
        told
    }

    #[test]
    fn text_stays_on_its_side_of_a_frame() {
        let stdout = b"a\x1edsprep {\"kind\":\"display\",\"at\":1}\nc\x1edsprep {\"kind\":\"sync\",\"at\":2}\n";
        let mark = |number| format!("\u{1e}dsprep {{\"kind\":\"at\",\"at\":{number}}}\n");
        let stderr = format!("b{}d{}", mark(1), mark(2));
        let mut merge = Merge::default();
        merge.feed(STDOUT, stdout);
        assert_eq!(told(&mut merge), "0:a ");
        assert!(merge.waits() && merge.wants(STDERR) && !merge.wants(STDOUT));
        merge.feed(STDERR, stderr.as_bytes());
        assert_eq!(told(&mut merge), "1:b frame 1 1:d 0:c frame 2 ");
        assert!(!merge.waits());
    }

    #[test]
    fn nothing_waits_for_a_side_that_ended_or_was_let_go() {
        let frame = b"\x1edsprep {\"kind\":\"display\",\"at\":1}\n";
        let mut merge = Merge::default();
        merge.feed(STDOUT, frame);
        merge.feed(STDERR, b"");
        assert_eq!(told(&mut merge), "frame 1 ");
        let mut merge = Merge::default();
        merge.feed(STDOUT, frame);
        assert_eq!(told(&mut merge), "");
        merge.let_go();
        assert_eq!(told(&mut merge), "frame 1 ");
    }
}
