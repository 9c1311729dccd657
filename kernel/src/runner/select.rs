//! Which notebooks of a plan are run: by tag, by what changed, by how they went last time, by shard.

use super::history::History;
use super::plan::{Planned, real};
use crate::error::{Error, Result};
use crate::terminal::{one_line, quoted};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::str::FromStr;

/// What is selected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Tags that the notebook or one of its cells must carry; with `!` before it, must not.
    pub tags: Vec<String>,
    /// Only what differs from this revision of Git.
    pub changed_since: Option<String>,
    /// Only what failed last time.
    pub failed: bool,
    /// Only a part.
    pub shard: Option<Shard>,
}

/// Part `number` of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub number: usize,
    /// How many parts there are.
    pub of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let wrong = || "give the part and how many there are, like 2/3".to_owned();
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let number: usize = number.trim().parse().map_err(|_| wrong())?;
        let of: usize = of.trim().parse().map_err(|_| wrong())?;
        if of == 0 {
            return Err("there must be one part at least".to_owned());
        }
        if number == 0 || number > of {
            return Err(format!("the number of the part must be between 1 and {of}"));
        }
        Ok(Shard { number, of })
    }
}

/// Keeps what is selected, in order.
///
/// # Errors
/// [`Error::Usage`] if Git can't tell what changed.
pub fn select(
    notebooks: Vec<Planned>,
    selection: &Selection,
    history: &History,
) -> Result<Vec<Planned>> {
    let mut kept = notebooks;
    kept.retain(|planned| selection.tags.iter().all(|tag| has_tag(planned, tag)));
    if let Some(revision) = &selection.changed_since {
        let changed = changed_since(revision)?;
        kept.retain(|planned| changed.contains(&real(&planned.path)));
    }
    if selection.failed {
        kept.retain(|planned| history.failed(&planned.path));
    }
    Ok(match selection.shard {
        Some(shard) => part(kept, shard, |planned| weight(planned, history)),
        None => kept,
    })
}

fn has_tag(planned: &Planned, wanted: &str) -> bool {
    let (wanted, is_wanted) = match wanted.strip_prefix('!') {
        Some(tag) => (tag, false),
        None => (wanted, true),
    };
    let own = planned.notebook.tags();
    let cells = planned.notebook.code_cells();
    let has = own.iter().any(|tag| tag == wanted) || cells.iter().any(|cell| cell.has_tag(wanted));
    has == is_wanted
}

/// The files that differ from a revision, and those that Git does not know yet.
fn changed_since(revision: &str) -> Result<BTreeSet<PathBuf>> {
    let git = |args: &[&str]| -> Result<Vec<u8>> {
        let refused = |problem: String| {
            let revision = one_line(revision);
            Error::Usage(format!(
                "`--changed-since {revision}`: {}",
                one_line(&problem)
            ))
        };
        let output = Command::new("git").args(args).output();
        let output = output.map_err(|error| refused(format!("git can't be started: {error}")))?;
        if !output.status.success() && args.contains(&"--verify") {
            let shown = one_line(&quoted(revision));
            return Err(refused(format!(
                "Git does not know it here; a shallow clone has to fetch it first: git fetch origin {shown}"
            )));
        }
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(refused(
                said.lines().next().unwrap_or("git failed").to_owned(),
            ));
        }
        Ok(output.stdout)
    };
    let top = git(&["rev-parse", "--show-toplevel"])?;
    let top = PathBuf::from(OsStr::from_bytes(top.strip_suffix(b"\n").unwrap_or(&top)));
    // What begins with a dash would be an option.
    let commit = git(&[
        "rev-parse",
        "--verify",
        "--end-of-options",
        &format!("{revision}^{{commit}}"),
    ])?;
    let commit = String::from_utf8_lossy(&commit).trim().to_owned();
    let differing = git(&["diff", "--name-only", "--no-relative", "-z", &commit, "--"])?;
    // All of the repository, and not only what lies below this folder.
    let unknown = git(&[
        "ls-files",
        "--others",
        "--exclude-standard",
        "--full-name",
        "-z",
        ":/",
    ])?;
    let names = [differing, unknown].concat();
    let names = names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty());
    Ok(names
        .map(|name| real(&top.join(OsStr::from_bytes(name))))
        .collect())
}

/// How long a notebook will take, about: its recorded time if there is one, else by its number of cells.
fn weight(planned: &Planned, history: &History) -> u64 {
    let cells = planned.notebook.code_cells().len() as u64;
    history
        .milliseconds(&planned.path)
        .unwrap_or(1_000 + 300 * cells)
}

/// The part of the notebooks that is this shard's: the longest first, each to the shard that has the least by then.
/// Every machine that has the same notebooks and the same recorded times comes to the same parts.
fn part<T>(items: Vec<T>, shard: Shard, weight: impl Fn(&T) -> u64) -> Vec<T> {
    let mut order: Vec<(usize, u64)> = items.iter().map(weight).enumerate().collect();
    order.sort_by_key(|(index, weight)| (Reverse(*weight), *index));
    let mut loads = vec![0; shard.of];
    let mut mine = BTreeSet::new();
    for (index, weight) in order {
        let lightest = (0..shard.of)
            .min_by_key(|number| (loads[*number], *number))
            .unwrap_or(0);
        loads[lightest] += weight;
        if lightest + 1 == shard.number {
            mine.insert(index);
        }
    }
    let items = items.into_iter().enumerate();
    items
        .filter(|(index, _)| mine.contains(index))
        .map(|(_, item)| item)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_parts_that_make_the_whole_and_are_balanced() {
        let weights: Vec<u64> = vec![9, 1, 1, 1, 8, 7, 1];
        let parts: Vec<Vec<u64>> = (1..=3)
            .map(|number| part(weights.clone(), Shard { number, of: 3 }, |weight| *weight))
            .collect();
        let mut all = parts.concat();
        all.sort_unstable();
        assert_eq!(all, [1, 1, 1, 1, 7, 8, 9]);
        assert!(
            parts
                .iter()
                .all(|part| (9..=10).contains(&part.iter().sum::<u64>())),
            "{parts:?}"
        );
    }

    #[test]
    fn a_shard_is_written_as_a_fraction() {
        assert_eq!("2/3".parse(), Ok(Shard { number: 2, of: 3 }));
        for wrong in ["", "2", "0/3", "4/3", "1/0", "a/b", "-1/3", "1/3/5"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
