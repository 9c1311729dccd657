//! Typical wrong answers are told what they misunderstand.

use super::*;

fn told(best: BestPair) -> String {
    check_q22_best_pair(best).told()
}

fn first_of_equals(counts: &PairCounts) -> Option<SymbolPair> {
    let top = counts.iter().map(|(_, count)| *count).max()?;
    let best = counts.iter().find(|(_, count)| *count == top)?;
    Some(best.0.clone())
}

#[test]
fn the_first_of_the_most_frequent_pairs_passes() {
    let verdict = check_q22_best_pair(first_of_equals);
    assert!(verdict.has_passed(), "{verdict}");
}

#[test]
fn each_wrong_tie_rule_is_named() {
    let last: BestPair = |counts| Some(counts.iter().max_by_key(|pair| pair.1)?.0.clone());
    assert!(told(last).contains("max_by_key"));
    let least: BestPair = |counts| Some(counts.iter().min_by_key(|pair| pair.1)?.0.clone());
    assert!(told(least).contains("least frequent"));
    let first: BestPair = |counts| Some(counts.first()?.0.clone());
    assert!(told(first).contains("whatever its count"));
    let alphabet: BestPair = |counts| {
        let mut sorted = counts.to_vec();
        sorted.sort();
        first_of_equals(&sorted)
    };
    assert!(told(alphabet).contains("alphabet"));
}

#[test]
fn nonsense_as_best_pair_is_told_and_does_not_panic() {
    assert!(told(|_| None).contains("None"));
    assert!(told(|_| Some(pair("", ""))).contains("9 is merged"));
    let never_none: BestPair = |counts| first_of_equals(counts).or(Some(pair("a", "b")));
    assert!(told(never_none).contains("nothing to merge"));
}

fn characters(word: &str) -> Vec<String> {
    let characters = word.chars().map(String::from);
    characters.chain([END_OF_WORD.to_owned()]).collect()
}

fn message(encode: Encode) -> String {
    check_q22_encode(encode).told()
}

#[test]
fn merges_in_their_order_pass() {
    let verdict = check_q22_encode(|word, merges| merged(characters(word), merges.iter()));
    assert!(verdict.has_passed(), "{verdict}");
}

#[test]
fn each_typical_way_to_encode_wrongly_is_named() {
    assert!(message(|word, _| characters(word)).contains("no merge"));
    let plain: Encode = |word, _| word.chars().map(String::from).collect();
    assert!(message(plain).contains("for the end is missing"));
    let unmarked: Encode =
        |word, merges| merged(word.chars().map(String::from).collect(), merges.iter());
    assert!(message(unmarked).contains("put </w>"));
    let reverse: Encode = |word, merges| merged(characters(word), merges.iter().rev());
    assert!(message(reverse).contains("in reverse"));
    let strings: Encode = |word, merges| {
        let merges = merges.to_vec();
        let joined = merges
            .iter()
            .fold(characters(word).join(" "), |word, (left, right)| {
                word.replace(&format!("{left} {right}"), &format!("{left}{right}"))
            });
        joined.split(' ').map(str::to_owned).collect()
    };
    assert!(message(strings).contains("border of a symbol"));
    let once: Encode = |word, merges| {
        let mut symbols = characters(word);
        for (left, right) in merges {
            let mut places = symbols.windows(2);
            if let Some(at) = places.position(|two| two[0] == *left && two[1] == *right) {
                let second = symbols.remove(at + 1);
                symbols[at] += &second;
            }
        }
        symbols
    };
    assert!(message(once).contains("first place only"));
}

#[test]
fn greedy_longest_match_is_told_from_merging() {
    let case = Case::new("abcd", &[("c", "d"), ("b", "cd"), ("a", "b")]);
    assert_eq!(case.right(), ["a", "bcd", "</w>"]);
    assert_eq!(case.longest_match(), ["ab", "cd", "</w>"]);
}

#[test]
fn nonsense_as_symbols_is_told_and_does_not_panic() {
    assert!(message(|_, _| Vec::new()).contains("No symbols"));
    assert!(message(|_, _| vec!["?".to_owned()]).contains("lose or change"));
    let split: Encode = |word, _| vec![word.to_owned(), "</w>".to_owned()];
    assert!(message(split).contains("not the right symbols"));
}
