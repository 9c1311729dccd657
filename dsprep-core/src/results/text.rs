//! Tokenizers and their vocabularies (question 22).

use crate::display::{Shown, Summarise, Summary};
use crate::text::{ByteBpe, CharBpe, Vocabulary, WordPiece};

/// 1, 2, 3, ... for the rows of a table of merges.
fn steps(number: usize) -> impl Iterator<Item = Shown> {
    (1..=number as u64).map(Shown::Id)
}

/// A table of tokens, whose numbers are their ids.
fn tokens(title: &str, tokens: &[String]) -> Summary {
    Summary::new(title)
        .row("tokens", tokens.len(), "")
        .column("id", (0..tokens.len() as u64).map(Shown::Id))
        .column("token", tokens.iter().map(String::as_str))
}

impl Summarise for CharBpe {
    fn summary(&self) -> Summary {
        let merges = self.merges();
        Summary::new("Byte-pair encoding of characters")
            .row("tokens", self.tokens().len(), "")
            .row("merges", merges.len(), "")
            .column("merge", steps(merges.len()))
            .column("left", merges.iter().map(|(left, _)| left.as_str()))
            .column("right", merges.iter().map(|(_, right)| right.as_str()))
            .column(
                "token",
                merges.iter().map(|(left, right)| format!("{left}{right}")),
            )
    }
}

impl Summarise for ByteBpe {
    fn summary(&self) -> Summary {
        let merges = self.merges();
        let text = |id: u32| {
            let bytes = self.token(id).unwrap_or_default();
            format!("{:?}", String::from_utf8_lossy(bytes))
        };
        let (all, special) = (self.vocabulary_size(), self.special_tokens().len());
        let mut summary = Summary::new("Byte-pair encoding of bytes").row(
            "tokens",
            all - special,
            "256 bytes and what the merges made",
        );
        if special > 0 {
            let names = self.special_tokens().join(" ");
            summary = summary.row("special tokens", special, &names);
        }
        summary
            .row("merges", merges.len(), "")
            .column("merge", steps(merges.len()))
            .column("left", merges.iter().map(|(left, _)| text(*left)))
            .column("right", merges.iter().map(|(_, right)| text(*right)))
    }
}

impl Summarise for WordPiece {
    fn summary(&self) -> Summary {
        tokens("WordPiece", self.tokens())
    }
}

impl Summarise for Vocabulary {
    fn summary(&self) -> Summary {
        tokens("Vocabulary, the most frequent first", self.tokens())
    }
}

super::shown_as_text!(CharBpe, ByteBpe, WordPiece, Vocabulary);
