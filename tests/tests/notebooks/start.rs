//! The start page: its times are those of the notebooks, and its plans add up.

use crate::support::{json, notebooks};
use dsprep_tests::joined;
use std::collections::BTreeMap;

/// The start page.
const START: &str = "00_start_here";
/// What a day may take, in minutes, without the flash cards of the day before.
const DAY: std::ops::RangeInclusive<u32> = 45..=90;

/// The source of one of its cells.
fn cell(id: &str) -> String {
    let page = json(&format!("notebooks/{START}.ipynb"));
    let cells = page["cells"].as_array().expect("it has cells");
    let cell = cells.iter().find(|cell| cell["id"] == id);
    joined(&cell.unwrap_or_else(|| panic!("it has no cell `{id}`"))["source"])
}

/// The rows of the tables in a text, cell by cell, without headings that hold no number.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| line.starts_with('|'));
    let rows = lines.map(|line| {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    });
    let has_number = |row: &Vec<String>| row.iter().any(|cell| cell.parse::<u32>().is_ok());
    rows.filter(has_number).collect()
}

fn number(text: &str) -> u32 {
    text.parse()
        .unwrap_or_else(|_| panic!("`{text}` is no number"))
}

/// The minutes that a notebook's first cell names.
fn time(name: &str) -> u32 {
    let page = json(&format!("notebooks/{name}.ipynb"));
    let title = joined(&page["cells"][0]["source"]);
    let mut after_about = title.split("bout ").skip(1);
    let minutes = after_about.find_map(|rest| rest.split_once(" minutes")?.0.parse().ok());
    minutes.unwrap_or_else(|| panic!("{name} does not say \"about so many minutes\""))
}

/// What a plan calls the notebooks, with their times: `01`, `16` to `30`, `page` and `card`.
fn times() -> BTreeMap<String, u32> {
    let named = notebooks().into_iter().map(|name| {
        let short = match name.as_str() {
            START => "page".to_owned(),
            "reference_card" => "card".to_owned(),
            other => other.trim_start_matches('q')[..2].to_owned(),
        };
        (short, time(&name))
    });
    named.collect()
}

/// The notebooks that a text names, in order.
fn named(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let known = times();
    words
        .filter(|word| known.contains_key(*word))
        .map(str::to_owned)
        .collect()
}

fn sum(names: &[String]) -> u32 {
    let times = times();
    names.iter().map(|name| times[name]).sum()
}

#[test]
fn the_times_listed_are_those_of_the_notebooks() {
    let mut listed = Vec::new();
    for row in rows(&(cell("questions") + "\n" + &cell("questions-2"))) {
        let [_, text, minutes] = row.as_slice() else {
            panic!("{row:?}");
        };
        let link = text
            .split("](")
            .nth(1)
            .and_then(|rest| rest.split(')').next());
        let name = link.and_then(|link| link.strip_suffix(".ipynb"));
        let name = name.unwrap_or_else(|| panic!("no link to a notebook: {text}"));
        assert_eq!(number(minutes), time(name), "the minutes of {name}");
        listed.push(name.to_owned());
    }
    let mut others = notebooks();
    others.retain(|name| name != START);
    assert_eq!(listed, others);
}

#[test]
fn the_two_weeks_hold_each_notebook_once_and_add_up() {
    let plan = cell("plan");
    let days: BTreeMap<u32, (String, u32)> = rows(&plan)
        .iter()
        .flat_map(|row| row.chunks(3).map(<[String]>::to_vec).collect::<Vec<_>>())
        .map(|day| (number(&day[0]), (day[1].clone(), number(&day[2]))))
        .collect();
    assert_eq!(
        days.keys().copied().collect::<Vec<_>>(),
        (1..=14).collect::<Vec<_>>()
    );
    let mut all = Vec::new();
    for (day, (work, minutes)) in &days {
        let names = named(work);
        assert!(DAY.contains(minutes), "day {day} takes {minutes} minutes");
        if !names.is_empty() {
            assert_eq!(*minutes, sum(&names), "day {day}: {work}");
        }
        all.extend(names);
    }
    all.sort();
    assert_eq!(all, times().into_keys().collect::<Vec<_>>());
    let range = format!("{} to {} minutes a day", DAY.start(), DAY.end());
    assert!(plan.contains(&range), "{range}");
}

#[test]
fn the_three_days_take_about_two_hours_each() {
    let plan = cell("plan");
    let days = plan
        .split("**Three days only?**")
        .nth(1)
        .and_then(|rest| rest.split(':').next())
        .expect("the plan has one for three days");
    let days: Vec<u32> = days.split("; then ").map(|day| sum(&named(day))).collect();
    assert_eq!(days.len(), 3);
    assert!(
        days.iter().all(|minutes| (100..=150).contains(minutes)),
        "{days:?}"
    );
}

#[test]
fn the_class_takes_the_minutes_that_its_heading_names() {
    let class = cell("class");
    let minutes: u32 = rows(&class).iter().map(|row| number(&row[0])).sum();
    assert_eq!(minutes, 50);
    assert!(class.contains("A class of fifty minutes"));
}
