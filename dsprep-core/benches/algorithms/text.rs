//! Byte-pair encoding, beside Hugging Face's tokenizers.

use crate::compare::{Outcome, Peer, Step};
use crate::measurement::CoreTime;
use criterion::Criterion;
use dsprep_core::random::RandomState;
use dsprep_core::text::ByteBpe;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const DOCUMENTS: usize = 1_000;
const WORDS_IN_DOCUMENT: usize = 1_800;
const DIFFERENT_WORDS: usize = 60_000;
const VOCABULARY: usize = 8_192;

/// A text and the tokenizer that was learned from it.
pub struct Text {
    documents: Vec<String>,
    bpe: ByteBpe,
}

/// Leaves the text and the merges in `folder` for the peer.
pub fn write(folder: &Path) -> Outcome<Text> {
    let documents = documents();
    assert!(documents.iter().map(String::len).sum::<usize>() >= 10_000_000);
    fs::write(folder.join("text.txt"), documents.join("\n"))?;
    let bpe = ByteBpe::train(&documents, VOCABULARY)?;
    let mut merges = String::new();
    for (left, right) in bpe.merges() {
        writeln!(merges, "{left} {right}")?;
    }
    fs::write(folder.join("merges.txt"), merges)?;
    Ok(Text { documents, bpe })
}

impl Text {
    pub fn compare(
        &self,
        criterion: &mut Criterion<CoreTime>,
        peer: &mut Option<Peer>,
    ) -> Outcome<()> {
        // Ties are broken differently, so that the tokens are not quite the same: how many there are.
        Step::new("byte-level BPE, training, 10 MB, 8,192 tokens")
            .beside("tokenizers", "BPE training", 0.001)
            .compare(
                criterion,
                peer,
                || ByteBpe::train(&self.documents, VOCABULARY),
                |bpe| self.encoded(bpe).iter().map(Vec::len).sum::<usize>() as f64,
            )?;
        Step::new("byte-level BPE, encoding, 10 MB, 1,000 documents")
            .beside("tokenizers, the same merges", "BPE encoding", 0.0)
            .compare(
                criterion,
                peer,
                || Ok(self.encoded(&self.bpe)),
                |tokens| tokens.iter().flatten().map(|&id| f64::from(id)).sum(),
            )
    }

    fn encoded(&self, bpe: &ByteBpe) -> Vec<Vec<u32>> {
        let documents = self.documents.iter();
        documents.map(|document| bpe.encode(document)).collect()
    }
}

/// Made-up words, as frequent as one over their rank (Zipf's law), with commas and full stops.
fn documents() -> Vec<String> {
    let mut rng = RandomState::seed(22);
    let mut below = |n: usize| (rng.rand(()) * n as f64) as usize;
    const SYLLABLES: [&str; 20] = [
        "an", "ba", "con", "der", "é", "for", "gi", "her", "ing", "ka", "li", "men", "no", "or",
        "pre", "ra", "sta", "ti", "um", "ver",
    ];
    let mut word = || -> String {
        let syllables = 1 + below(4);
        (0..syllables)
            .map(|_| SYLLABLES[below(SYLLABLES.len())])
            .collect()
    };
    let words: Vec<String> = (0..DIFFERENT_WORDS).map(|_| word()).collect();
    let mut document = || {
        let mut text = String::new();
        for at in 1..=WORDS_IN_DOCUMENT {
            let rank = (DIFFERENT_WORDS as f64).powf(rng.rand(())) as usize;
            text += &words[rank - 1];
            text += match at % 15 {
                0 => ". ",
                7 => ", ",
                _ => " ",
            };
        }
        text
    };
    (0..DOCUMENTS).map(|_| document()).collect()
}
