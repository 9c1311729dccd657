//! `dsprep cards`: what it lists, exports and refuses.

use dsprep_core::interview::cards::{flash_cards, mock_interview, reference_card};
use dsprep_core::random::RandomState;
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
    let drawn = mock_interview(3, &mut RandomState::seed(29));
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
    // An earlier export is replaced.
    let header = "id,source,topic,level,front,back,common_wrong_answer,follow_up,as_printed,remark";
    sandbox.write("cards.csv", &format!("{header}\r\nold"));
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
fn a_file_that_is_no_export_is_not_overwritten() {
    let sandbox = Sandbox::new();
    sandbox.write("thesis.txt", "years of work");
    let refused = cards(&sandbox, &["--export", "anki", "thesis.txt"]);
    assert_eq!(refused.code, Some(2));
    insta::assert_snapshot!(refused.stderr, @"error: `thesis.txt` is there already and holds no exported cards; name another file");
    assert_eq!(sandbox.read("thesis.txt"), "years of work");
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

#[test]
fn what_is_asked_next_about_systems_and_judgement_has_its_answer() {
    let mut decks: Vec<_> = (23..=30)
        .map(|question| flash_cards(question).expect("cards"))
        .collect();
    decks.push(reference_card());
    let cards = decks.iter().flat_map(|deck| deck.cards());
    let unanswered = cards.filter(|card| {
        let end = card.follow_up.find(['?', '.']).unwrap_or(0);
        card.follow_up[end + 1..].trim().chars().count() < 10
    });
    let unanswered: Vec<&str> = unanswered.map(|card| card.follow_up).collect();
    assert_eq!(unanswered, Vec::<&str>::new());
}

#[test]
fn a_whole_interview_is_listed_with_its_answers_where_nobody_can_press_enter() {
    let sandbox = Sandbox::new();
    let listed = cards(&sandbox, &["--mock", "--questions", "24", "--seed", "5"]);
    assert_eq!((listed.code, listed.stderr.as_str()), (Some(0), ""));
    let parts = [
        "A mock interview, seed 5",
        "1. Design a system that decides within 50 ms whether a card payment is fraud.",
        "question 24, 10:00",
        "[1] Asks for the share of fraud",
        "follow-up, senior, 1:30",
        "On a blank page",
        "   def counts_in_hour(times):",
    ];
    for part in parts {
        assert!(listed.stdout.contains(part), "{part}\n{}", listed.stdout);
    }
    let again = cards(&sandbox, &["--mock", "--questions", "24", "--seed", "5"]);
    assert_eq!(again.stdout, listed.stdout);
}

#[test]
fn an_interview_needs_a_question_to_open_with() {
    insta::assert_snapshot!(refused(&["--mock", "--questions", "card"]), @"error: `--mock`: the reference card opens no interview; name questions from 16 to 30, like: --questions 23-25");
    assert!(refused(&["--mock", "-n", "3"]).contains("cannot be used with"));
}
