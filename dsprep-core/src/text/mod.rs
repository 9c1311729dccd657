//! Text into tokens (question 22).
//!
//! From the plainest to the one in use:
//!
//! 1. [`word_tokens`] and [`char_tokens`], with a [`Vocabulary`] to count what it does not know;
//! 2. [`CharBpe`], byte-pair encoding as the textbooks show it, on characters;
//! 3. [`ByteBpe`], the same on bytes, as in GPT-2: no text is unknown and decoding gives it back; with
//!    [special tokens](ByteBpe::with_special_tokens), which no text from outside can forge;
//! 4. [`WordPiece`], which scores its merges otherwise and marks the continuation of a word by `##`.

mod bpe_trainer;
mod byte_bpe;
mod char_bpe;
mod counted_words;
mod incremental_trainer;
mod merge;
mod pretokenize;
mod rank_encoder;
mod special_tokens;
mod symbols;
mod vocabulary;
mod word;
mod wordpiece;

pub use byte_bpe::ByteBpe;
pub use char_bpe::{CharBpe, END_OF_WORD};
pub use merge::{merge_by_string_replacement, merge_symbols};
pub use pretokenize::pretokenize;
pub use vocabulary::Vocabulary;
pub use word::{char_tokens, word_tokens};
pub use wordpiece::{UNKNOWN, WordPiece};
