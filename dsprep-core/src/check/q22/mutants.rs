//! Right answers in several forms, and what comes of changing one thing in them.

use super::*;
use crate::check::tried::{assert_accepts, assert_refuses};

#[test]
fn right_pairs_pass_in_any_form() {
    let from_the_end: BestPair =
        |counts| Some(counts.iter().rev().max_by_key(|pair| pair.1)?.0.clone());
    let by_loop: BestPair = |counts| {
        let mut best: Option<&(SymbolPair, u64)> = None;
        for pair in counts {
            if best.is_none_or(|best| pair.1 > best.1) {
                best = Some(pair);
            }
        }
        best.map(|pair| pair.0.clone())
    };
    let by_least_negative: BestPair = |counts| {
        Some(
            counts
                .iter()
                .min_by_key(|pair| std::cmp::Reverse(pair.1))?
                .0
                .clone(),
        )
    };
    let by_stable_sort: BestPair = |counts| {
        let mut sorted = counts.to_vec();
        sorted.sort_by_key(|pair| std::cmp::Reverse(pair.1));
        sorted.into_iter().next().map(|pair| pair.0)
    };
    assert_accepts(
        "check_q22_best_pair",
        [from_the_end, by_loop, by_least_negative, by_stable_sort].map(check_q22_best_pair),
    );
}

/// The pair that is the largest by its count and then by `key`.
fn largest<K: Ord>(counts: &PairCounts, key: fn(&SymbolPair) -> K) -> Option<SymbolPair> {
    let best = counts
        .iter()
        .max_by_key(|(pair, count)| (*count, key(pair)));
    best.map(|(pair, _)| pair.clone())
}

#[test]
fn wrong_pairs_are_refused_with_their_reason() {
    let mutants: [(BestPair, &str); 16] = [
        (
            |counts| {
                let mut sorted = counts.to_vec();
                sorted.sort_unstable_by_key(|pair| std::cmp::Reverse(pair.1));
                sorted.first().map(|pair| pair.0.clone())
            },
            "`sort_unstable` loses that order",
        ),
        (
            |counts| {
                let map: std::collections::BTreeMap<_, _> = counts.iter().cloned().collect();
                Some(map.iter().rev().max_by_key(|pair| pair.1)?.0.clone())
            },
            "the first by the alphabet",
        ),
        (
            |counts| Some(counts.iter().max_by_key(|pair| pair.1)?.0.clone()),
            "`max_by_key` gives the last",
        ),
        (
            |counts| Some(counts.iter().min_by_key(|pair| pair.1)?.0.clone()),
            "least frequent",
        ),
        (
            |counts| Some(counts.first()?.0.clone()),
            "whatever its count",
        ),
        (
            |counts| Some(counts.last()?.0.clone()),
            "the pair with 9 is merged",
        ),
        (
            |counts| largest(counts, |pair| pair.clone()),
            "the last by the alphabet",
        ),
        (
            |counts| largest(counts, |pair| pair.0.clone()),
            "the last by the alphabet",
        ),
        (
            |counts| largest(counts, |pair| std::cmp::Reverse(pair.clone())),
            "the first by the alphabet",
        ),
        (
            |counts| largest(counts, |pair| pair.0.len() + pair.1.len()),
            "you take the last",
        ),
        (
            |counts| {
                largest(counts, |pair| {
                    std::cmp::Reverse(pair.0.len() + pair.1.len())
                })
            },
            "Of three pairs with 6",
        ),
        (
            |counts| {
                Some(
                    counts
                        .iter()
                        .filter(|pair| pair.1 > 5)
                        .max_by_key(|pair| pair.1)?
                        .0
                        .clone(),
                )
            },
            "the last",
        ),
        (
            |counts| {
                counts
                    .iter()
                    .find(|pair| pair.1 >= 6)
                    .map(|pair| pair.0.clone())
            },
            "that comes first in the list",
        ),
        (|_| None, "you return None"),
        (
            |counts| {
                let best = counts.iter().rev().max_by_key(|pair| pair.1);
                Some(best.map_or_else(|| pair("", ""), |best| best.0.clone()))
            },
            "nothing to merge",
        ),
        (
            |counts| {
                let (left, right) = counts.iter().rev().max_by_key(|pair| pair.1)?.0.clone();
                Some((right, left))
            },
            "the pair with 9 is merged",
        ),
    ];
    assert_refuses(
        "check_q22_best_pair",
        mutants.map(|(wrong, words)| (words, check_q22_best_pair(wrong))),
    );
}

fn characters(word: &str) -> Vec<String> {
    let characters = word.chars().map(String::from);
    characters.chain([END_OF_WORD.to_owned()]).collect()
}

/// The symbols after merges, each made at the places that `choose` keeps of all places where it fits.
fn with_places(
    symbols: Vec<String>,
    merges: &[SymbolPair],
    choose: fn(Vec<usize>) -> Vec<usize>,
) -> Vec<String> {
    merges.iter().fold(symbols, |mut symbols, (left, right)| {
        let fits = |at: &usize| symbols[*at] == *left && symbols[*at + 1] == *right;
        let places = (0..symbols.len().saturating_sub(1)).filter(fits).collect();
        for at in choose(places).into_iter().rev() {
            if at + 1 < symbols.len() && symbols[at] == *left && symbols[at + 1] == *right {
                symbols.splice(at..at + 2, [format!("{left}{right}")]);
            }
        }
        symbols
    })
}

#[test]
fn right_ways_to_encode_pass_in_any_form() {
    let by_merge_symbols: Encode = |word, merges| merged(characters(word), merges.iter());
    let by_scan: Encode = |word, merges| {
        let mut symbols = characters(word);
        for (left, right) in merges {
            let mut at = 0;
            while at + 1 < symbols.len() {
                if symbols[at] == *left && symbols[at + 1] == *right {
                    let second = symbols.remove(at + 1);
                    symbols[at] += &second;
                }
                at += 1;
            }
        }
        symbols
    };
    let by_lowest_rank: Encode = |word, merges| {
        let mut symbols = characters(word);
        let rank = |two: &[String]| {
            merges
                .iter()
                .position(|(left, right)| two[0] == *left && two[1] == *right)
        };
        while let Some(best) = symbols.windows(2).filter_map(rank).min() {
            symbols = merge_symbols(&symbols, &merges[best].0, &merges[best].1);
        }
        symbols
    };
    assert_accepts(
        "check_q22_encode",
        [by_merge_symbols, by_scan, by_lowest_rank].map(check_q22_encode),
    );
}

#[test]
fn wrong_ways_to_encode_are_refused_with_their_reason() {
    let mutants: [(Encode, &str); 13] = [
        (|word, _| characters(word), "no merge has been made yet"),
        (
            |word, _| word.chars().map(String::from).collect(),
            "the mark </w> for the end is missing",
        ),
        (
            |word, merges| merged(word.chars().map(String::from).collect(), merges.iter()),
            "put </w> after the last character",
        ),
        (
            |word, merges| {
                let mut symbols = merged(word.chars().map(String::from).collect(), merges.iter());
                symbols.push(END_OF_WORD.to_owned());
                symbols
            },
            "before you merge",
        ),
        (
            |word, merges| merged(characters(word), merges.iter().rev()),
            "in reverse",
        ),
        (
            |word, merges| merged(characters(word), merges.iter().take(1)),
            "not the right symbols",
        ),
        (
            |word, merges| merged(characters(word), merges.iter().skip(1)),
            "not the right symbols",
        ),
        (
            |word, merges| {
                let joined =
                    merges
                        .iter()
                        .fold(characters(word).join(" "), |word, (left, right)| {
                            word.replace(&format!("{left} {right}"), &format!("{left}{right}"))
                        });
                joined.split(' ').map(str::to_owned).collect()
            },
            "border of a symbol",
        ),
        (
            |word, merges| {
                with_places(characters(word), merges, |places| {
                    places.into_iter().take(1).collect()
                })
            },
            "first place only",
        ),
        (
            |word, merges| with_places(characters(word), merges, |places| places),
            "where places overlap",
        ),
        (
            |word, merges| {
                let mut symbols = merged(characters(word), merges.iter());
                symbols.retain(|symbol| symbol != END_OF_WORD);
                symbols
            },
            "The end of the word is missing",
        ),
        (
            |word, merges| merged(characters(&word.to_lowercase()), merges.iter()),
            "lose or change text",
        ),
        (
            |word, merges| merged(characters(word.trim_start_matches('s')), merges.iter()),
            "lose or change text",
        ),
    ];
    assert_refuses(
        "check_q22_encode",
        mutants.map(|(wrong, words)| (words, check_q22_encode(wrong))),
    );
}
