//! The exercise from a blank cell of question 22: the trainer of byte-pair encoding.

use super::{SymbolPair, pair};
use crate::check::Verdict;
use crate::text::{CharBpe, END_OF_WORD, merge_by_string_replacement};

/// The answer: the merges that a corpus teaches, at most so many.
type Train = fn(&[&str], usize) -> Vec<SymbolPair>;

/// What a trainer may do differently.
#[derive(Clone, Copy)]
struct Habits {
    end: bool,
    by_count: bool,
    last_of_equals: bool,
    by_alphabet: bool,
    by_text: bool,
    first_place_only: bool,
    more: isize,
}

const RIGHT: Habits = Habits {
    end: true,
    by_count: true,
    last_of_equals: false,
    by_alphabet: false,
    by_text: false,
    first_place_only: false,
    more: 0,
};

const MISTAKES: [(Habits, &str); 7] = [
    (
        Habits {
            end: false,
            ..RIGHT
        },
        "The mark for the end of a word is missing: each word is its characters and `</w>`.",
    ),
    (
        Habits {
            by_count: false,
            ..RIGHT
        },
        "You count each different word once. A pair counts as often as its word occurs.",
    ),
    (
        Habits {
            last_of_equals: true,
            ..RIGHT
        },
        "Of equally frequent pairs you take the last; the rule is the one met first.",
    ),
    (
        Habits {
            by_alphabet: true,
            ..RIGHT
        },
        "Of equally frequent pairs you take the first by the alphabet; the rule is the one met first.",
    ),
    (
        Habits {
            by_text: true,
            ..RIGHT
        },
        "You merge by replacing text, which crosses the border of a symbol: in `ab c` there is no `b` before the `c`.",
    ),
    (
        Habits {
            first_place_only: true,
            ..RIGHT
        },
        "You merge a pair only where it occurs first in a word; it is merged everywhere.",
    ),
    (
        Habits { more: -1, ..RIGHT },
        "One merge is missing: count from 0 to `merges`, or from 1 to `merges` inclusive.",
    ),
];

/// Corpora with the most merges.
const CASES: [(&[&str], usize); 10] = [
    (
        &["low lower lowest", "newer newest new", "low low lower"],
        5,
    ),
    (
        &["low lower lowest", "newer newest new", "low low lower"],
        100,
    ),
    (&["ab ab ab bc bc abc"], 6),
    (&["za az", "ba ab za az"], 3),
    (&["aaaa aa banana"], 6),
    (&["한글 한국 글"], 3),
    (&["x"], 0),
    (&["Low low, LOW low, lo.w Low"], 8),
    (&["ab bc", "ab bc", "bc"], 4),
    (&["low\tlow  lower\nlowest ", " new\nnewer\tlow"], 6),
];

fn train(corpus: &[&str], merges: usize, habits: Habits) -> Vec<SymbolPair> {
    let mut words: Vec<(String, usize)> = Vec::new();
    for word in corpus.iter().flat_map(|text| text.split_whitespace()) {
        let end = habits.end.then(|| END_OF_WORD.to_owned());
        let symbols: Vec<String> = word.chars().map(String::from).chain(end).collect();
        let spelled = symbols.join(" ");
        match words.iter_mut().find(|(known, _)| *known == spelled) {
            Some((_, times)) => *times += usize::from(habits.by_count),
            None => words.push((spelled, 1)),
        }
    }
    let learned = (0..merges.saturating_add_signed(habits.more)).map_while(|_| {
        let (left, right) = best(&words, habits)?;
        for (word, _) in &mut words {
            *word = merged(word, &left, &right, habits);
        }
        Some((left, right))
    });
    learned.collect()
}

fn best(words: &[(String, usize)], habits: Habits) -> Option<SymbolPair> {
    let mut counts: Vec<(SymbolPair, usize)> = Vec::new();
    for (word, times) in words {
        let symbols: Vec<&str> = word.split(' ').collect();
        for two in symbols.windows(2) {
            let two = pair(two[0], two[1]);
            match counts.iter_mut().find(|(known, _)| *known == two) {
                Some((_, count)) => *count += times,
                None => counts.push((two, *times)),
            }
        }
    }
    let top = counts.iter().map(|(_, count)| *count).max()?;
    let mut equals: Vec<SymbolPair> = counts
        .into_iter()
        .filter(|(_, count)| *count == top)
        .map(|(pair, _)| pair)
        .collect();
    if habits.by_alphabet {
        equals.sort();
    }
    if habits.last_of_equals {
        equals.reverse();
    }
    equals.into_iter().next()
}

fn merged(word: &str, left: &str, right: &str, habits: Habits) -> String {
    if habits.by_text {
        return merge_by_string_replacement(word, left, right);
    }
    let symbols: Vec<&str> = word.split(' ').collect();
    let (mut merged, mut at, mut done) = (Vec::new(), 0, false);
    while at < symbols.len() {
        let fits = symbols[at] == left && symbols.get(at + 1) == Some(&right);
        if fits && !(done && habits.first_place_only) {
            merged.push(format!("{left}{right}"));
            (at, done) = (at + 2, true);
        } else {
            merged.push(symbols[at].to_owned());
            at += 1;
        }
    }
    merged.join(" ")
}

/// Exercise 3 of question 22: the merges of byte-pair encoding, of equally frequent pairs the one met first.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q22_train;
/// use dsprep_core::text::CharBpe;
///
/// assert!(check_q22_train(|corpus, merges| CharBpe::train(corpus, merges).merges().to_vec()).has_passed());
/// assert!(!check_q22_train(|_, _| Vec::new()).has_passed());
/// ```
pub fn check_q22_train(answer: Train) -> Verdict {
    Verdict::of(|| {
        let found: Vec<_> = CASES
            .iter()
            .map(|(corpus, merges)| answer(corpus, *merges))
            .collect();
        let right =
            |&(corpus, merges): &(&[&str], usize)| CharBpe::train(corpus, merges).merges().to_vec();
        let expected: Vec<_> = CASES.iter().map(right).collect();
        if found == expected {
            return Verdict::passed(
                "Count, take the most frequent, merge everywhere, again: the ordered list of merges is the model. It stops when \
             each word is one symbol, and of equals the first met is taken, so that two runs agree.",
            );
        }
        for (habits, message) in MISTAKES {
            let wrong: Vec<_> = CASES
                .iter()
                .map(|(corpus, merges)| train(corpus, *merges, habits))
                .collect();
            if found == wrong {
                return Verdict::not_yet(message);
            }
        }
        let mut pairs = CASES.iter().zip(found.iter().zip(&expected));
        let Some(((corpus, merges), (found, expected))) =
            pairs.find(|(_, (found, expected))| found != expected)
        else {
            return Verdict::not_yet("The merges differ.");
        };
        let at = found
            .iter()
            .zip(expected)
            .position(|(found, expected)| found != expected);
        Verdict::not_yet(match at {
            Some(at) => format!(
                "For {corpus:?} merge {} is {:?} + {:?}, and yours is {:?} + {:?}.",
                at + 1,
                expected[at].0,
                expected[at].1,
                found[at].0,
                found[at].1
            ),
            None => format!(
                "For {corpus:?} and at most {merges} merges there are {}, and you return {}.",
                expected.len(),
                found.len()
            ),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tried::{assert_accepts, assert_refuses};
    use crate::text::merge_symbols;
    use std::collections::HashMap;

    #[test]
    fn right_answers_pass_in_any_form() {
        let by_the_core: Train = |corpus, merges| CharBpe::train(corpus, merges).merges().to_vec();
        let incrementally: Train = |corpus, merges| {
            CharBpe::train_incrementally(corpus, merges)
                .merges()
                .to_vec()
        };
        let by_lists: Train = |corpus, merges| train(corpus, merges, RIGHT);
        let by_every_word: Train = |corpus, merges| {
            // Every occurrence of a word is kept by itself; a pair is known by when it was met.
            let words = corpus.iter().flat_map(|text| text.split_whitespace());
            let mut words: Vec<Vec<String>> = words
                .map(|word| {
                    word.chars()
                        .map(String::from)
                        .chain([END_OF_WORD.to_owned()])
                        .collect()
                })
                .collect();
            let mut learned = Vec::new();
            while learned.len() < merges {
                let mut counts: HashMap<SymbolPair, (usize, isize)> = HashMap::new();
                for two in words.iter().flat_map(|word| word.windows(2)) {
                    let met = -isize::try_from(counts.len()).unwrap_or(0);
                    counts.entry(pair(&two[0], &two[1])).or_insert((0, met)).0 += 1;
                }
                let Some(((left, right), _)) = counts.into_iter().max_by_key(|(_, rank)| *rank)
                else {
                    break;
                };
                words
                    .iter_mut()
                    .for_each(|word| *word = merge_symbols(word, &left, &right));
                learned.push((left, right));
            }
            learned
        };
        assert_accepts(
            "check_q22_train",
            [by_the_core, incrementally, by_lists, by_every_word].map(check_q22_train),
        );
    }

    #[test]
    fn wrong_answers_are_refused_with_their_reason() {
        for (habits, message) in MISTAKES {
            let wrong: Vec<_> = CASES
                .iter()
                .map(|(corpus, merges)| train(corpus, *merges, habits))
                .collect();
            let right: Vec<_> = CASES
                .iter()
                .map(|(corpus, merges)| train(corpus, *merges, RIGHT))
                .collect();
            assert_ne!(wrong, right, "{message}");
        }
        let mutants: [(Train, &str); 16] = [
            (
                |c, n| {
                    let lower: Vec<String> = c.iter().map(|text| text.to_lowercase()).collect();
                    train(
                        &lower.iter().map(String::as_str).collect::<Vec<_>>(),
                        n,
                        RIGHT,
                    )
                },
                "merge",
            ),
            (
                |c, n| {
                    let words = |text: &str| {
                        text.split(' ')
                            .map(|word| word.replace(['\t', '\n'], "_"))
                            .collect::<Vec<_>>()
                    };
                    let texts: Vec<String> = c.iter().map(|text| words(text).join(" ")).collect();
                    train(
                        &texts.iter().map(String::as_str).collect::<Vec<_>>(),
                        n,
                        RIGHT,
                    )
                },
                "merge",
            ),
            // A pair that occurs once is merged, too.
            (
                |c, n| {
                    let all = train(c, n, RIGHT);
                    let most = all.len().saturating_sub(1);
                    if n == 100 { all[..most].to_vec() } else { all }
                },
                "at most 100 merges",
            ),
            (|c, n| train(c, n, MISTAKES[0].0), "mark for the end"),
            (
                |c, n| train(c, n, MISTAKES[1].0),
                "each different word once",
            ),
            (|c, n| train(c, n, MISTAKES[2].0), "you take the last"),
            (|c, n| train(c, n, MISTAKES[3].0), "by the alphabet"),
            (|c, n| train(c, n, MISTAKES[4].0), "by replacing text"),
            (|c, n| train(c, n, MISTAKES[5].0), "merged everywhere"),
            (|c, n| train(c, n, MISTAKES[6].0), "One merge is missing"),
            (
                |c, n| train(c, n + 1, RIGHT),
                "at most 5 merges there are 5, and you return 6",
            ),
            (|c, n| train(&c[..1], n, RIGHT), "merge 3 is"),
            (|c, n| train(&[&c.join("")], n, RIGHT), "merge"),
            (
                |c, n| train(c, n, RIGHT).into_iter().rev().collect(),
                "merge 1 is",
            ),
            (
                |c, n| {
                    train(c, n, RIGHT)
                        .into_iter()
                        .map(|(left, right)| (right, left))
                        .collect()
                },
                "merge 1 is",
            ),
            (|_, _| Vec::new(), "you return 0"),
        ];
        assert_refuses(
            "check_q22_train",
            mutants.map(|(wrong, words)| (words, check_q22_train(wrong))),
        );
    }
}
