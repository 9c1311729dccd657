//! `dsprep cards`: what it lists, exports and refuses.

use dsprep_core::interview::cards::mock_interview;
use dsprep_tests::{Finished, Sandbox};
use std::fs;

fn cards(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.dsprep(&[&["cards"], args].concat())
}

fn refused(args: &[&str]) -> String {
    let sandbox = Sandbox::new();
    let finished = cards(&sandbox, args);
    assert_eq!(finished.code, Some(2), "{}", finished.stdout);
    assert_eq!(finished.stdout, "");
    let is_empty = fs::read_dir(sandbox.path()).map(|mut files| files.next().is_none());
    assert!(
        is_empty.expect("the folder can be read"),
        "nothing is written"
    );
    finished.stderr
}

#[test]
fn cards_are_listed_with_their_answers_where_nobody_can_press_enter() {
    let listed = cards(
        &Sandbox::new(),
        &["--questions", "18,card", "--seed", "7", "-n", "2"],
    );
    assert_eq!((listed.code, listed.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(listed.stdout);
}

#[test]
fn a_seed_draws_the_same_cards_as_in_a_notebook() {
    let sandbox = Sandbox::new();
    let listed = cards(&sandbox, &["--seed", "29", "-n", "3"]).stdout;
    assert_eq!(listed, cards(&sandbox, &["--seed", "29", "-n", "3"]).stdout);
    assert_ne!(listed, cards(&sandbox, &["--seed", "30", "-n", "3"]).stdout);
    let flat = listed.split_whitespace().collect::<Vec<_>>().join(" ");
    let drawn = mock_interview(29, 3);
    for (index, card) in drawn.cards().iter().enumerate() {
        let question = format!("{}. {}", index + 1, card.front);
        assert!(flat.contains(&question), "{question:?} is not in\n{listed}");
    }
}

#[test]
fn without_a_seed_the_one_that_was_taken_is_told() {
    let sandbox = Sandbox::new();
    let first = cards(&sandbox, &[]).stdout;
    let seed = first
        .lines()
        .next()
        .and_then(|line| line.rsplit_once("seed "));
    let (_, seed) = seed.expect("the seed is told");
    assert_eq!(cards(&sandbox, &["--seed", seed]).stdout, first);
}

#[test]
fn notes_for_anki_have_header_lines_and_ids_that_stay() {
    let sandbox = Sandbox::new();
    let wrote = cards(
        &sandbox,
        &["--questions", "18", "--export", "anki", "deck/cards.txt"],
    );
    assert_eq!((wrote.code, wrote.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(wrote.stdout, @"Wrote 6 cards to deck/cards.txt; in Anki: File, Import");
    insta::assert_snapshot!(sandbox.read("deck/cards.txt"));
}

#[test]
fn csv_has_a_record_for_each_card() {
    let sandbox = Sandbox::new();
    sandbox.write("cards.csv", "old");
    let wrote = cards(
        &sandbox,
        &[
            "--level",
            "staff",
            "--topic",
            "sql",
            "--export",
            "csv",
            "cards.csv",
        ],
    );
    insta::assert_snapshot!(wrote.stdout, @"Wrote 1 card to cards.csv");
    insta::assert_snapshot!(sandbox.read("cards.csv").replace("\r\n", "[CRLF]\n"));
}

#[test]
fn what_does_not_fit_is_named() {
    insta::assert_snapshot!(refused(&["--questions", "17", "--topic", "models"]), @"error: no card fits all of --questions, --topic and --level; leave one of them out");
    insta::assert_snapshot!(refused(&["--export", "xml", "cards.xml"]), @"error: `--export xml`: cards are exported as `anki` or `csv`, like: --export csv cards.csv");
    insta::assert_snapshot!(refused(&["--questions", "31"]), @r"
    error: invalid value '31' for '--questions <LIST>': give questions from 16 to 30, like 17 or 17-20, or `card`

    For more information, try '--help'.
    ");
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path().join("cards.csv")).expect("a folder");
    let refused = cards(&sandbox, &["--export", "csv", "cards.csv"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    assert!(
        refused
            .stderr
            .starts_with("error: cannot write `[sandbox]/cards.csv`: "),
        "{}",
        refused.stderr
    );
}
