//! How much memory a language model's cache takes, and how little an adaptation learns (questions 20 and 21).

use crate::Result;
use crate::error::out_of_range;

/// The memory of a key-value cache in bytes: 2 · `layers` · `tokens` · `key_heads` · `d_head` · bytes of a number. With
/// grouped-query attention there are fewer heads of keys than of queries (Ainslie et al., "GQA", 2023).
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if a number is 0 or the memory is beyond what 64 bits can count.
///
/// # Examples
/// ```
/// use dsprep_core::neural::cache_bytes;
/// // Llama 2 of 7 billion: 32 layers, 32 heads of 128, in 16 bits: 2 GiB for 4,096 tokens.
/// assert_eq!(cache_bytes(32, 4096, 32, 128, 2)?, 2 << 30);
/// // Llama 3 of 8 billion shares each key with 4 queries.
/// assert_eq!(cache_bytes(32, 4096, 8, 128, 2)?, 512 << 20);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn cache_bytes(
    layers: u64,
    tokens: u64,
    key_heads: u64,
    d_head: u64,
    bytes: u64,
) -> Result<u64> {
    let factors = [layers, tokens, key_heads, d_head, bytes];
    let names = ["`layers`", "`tokens`", "`key_heads`", "`d_head`", "`bytes`"];
    if let Some(at) = factors.iter().position(|&factor| factor == 0) {
        return Err(out_of_range(names[at], 0, "at least 1"));
    }
    let product = factors
        .iter()
        .try_fold(2_u64, |product, &factor| product.checked_mul(factor));
    product.ok_or_else(|| out_of_range("the cache", "beyond 2⁶⁴ bytes", "smaller"))
}

/// What a low-rank adaptation learns instead of a whole matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoraCount {
    /// The numbers of the matrix, which stay as they are: inputs · outputs.
    pub frozen: u64,
    /// The numbers that are learned: rank · (inputs + outputs).
    pub trained: u64,
}

/// How many numbers a low-rank adaptation W + B A learns, where W is `inputs` × `outputs` and A and B have the rank
/// `rank`. After Hu et al., "LoRA: low-rank adaptation of large language models", 2021, section 4.1.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if a number is 0, the rank is greater than a side of the matrix, or the count is beyond what 64 bits
/// can hold.
///
/// # Examples
/// ```
/// use dsprep_core::neural::lora_count;
/// let count = lora_count(4096, 4096, 8)?;
/// assert_eq!((count.frozen, count.trained), (16_777_216, 65_536));     // 0.4 %
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn lora_count(inputs: u64, outputs: u64, rank: u64) -> Result<LoraCount> {
    for (what, number) in [
        ("`inputs`", inputs),
        ("`outputs`", outputs),
        ("`rank`", rank),
    ] {
        if number == 0 {
            return Err(out_of_range(what, number, "at least 1"));
        }
    }
    if rank > inputs.min(outputs) {
        return Err(out_of_range(
            "`rank`",
            rank,
            "at most the smaller side of the matrix",
        ));
    }
    let frozen = inputs.checked_mul(outputs);
    let trained = inputs
        .checked_add(outputs)
        .and_then(|sides| sides.checked_mul(rank));
    match frozen.zip(trained) {
        Some((frozen, trained)) => Ok(LoraCount { frozen, trained }),
        None => Err(out_of_range("the matrix", "beyond 2⁶⁴ numbers", "smaller")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Table 2 and table 4 of Hu et al., "LoRA", 2021, in the digits that they print: W_q and W_v of every layer are adapted.
    #[test]
    fn counts_equal_those_of_the_paper() -> Result<()> {
        let models = [
            // d_model, layers, rank, millions, digits after the point
            (768, 12, 8, "0.3"),     // RoBERTa base
            (1024, 24, 8, "0.8"),    // RoBERTa large
            (1536, 48, 16, "4.7"),   // DeBERTa XXL
            (12_288, 96, 1, "4.7"),  // GPT-3, 175 billion
            (12_288, 96, 8, "37.7"), // GPT-3, table 4
        ];
        for (d_model, layers, rank, millions) in models {
            let of_matrix = lora_count(d_model, d_model, rank)?;
            let trained = 2 * layers * of_matrix.trained;
            assert_eq!(
                format!("{:.1}", trained as f64 / 1e6),
                millions,
                "{d_model} {rank}"
            );
            assert_eq!(of_matrix.frozen, d_model * d_model);
        }
        // Matrices that are not square, by hand: A is 3 × 768, B 3072 × 3.
        assert_eq!(lora_count(768, 3072, 3)?.trained, 3 * 768 + 3072 * 3);
        Ok(())
    }

    #[test]
    fn counts_beyond_64_bits_and_impossible_ranks_are_refused() {
        assert!(cache_bytes(u64::MAX, 2, 1, 1, 1).is_err() && cache_bytes(0, 1, 1, 1, 1).is_err());
        assert!(lora_count(8, 4, 5).is_err() && lora_count(8, 4, 0).is_err());
        assert!(lora_count(u64::MAX, u64::MAX, 1).is_err());
    }
}
