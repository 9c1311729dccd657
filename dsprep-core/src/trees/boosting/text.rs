//! Boosted trees as text, without loss.
//!
//! ```text
//! boosted trees 1
//! features 2
//! base 0.5
//! tree -0.01 100
//! split 0 1 2.5 31.25 -0.2 60 0.1 40
//! ```
//!
//! `tree` begins a tree with its root's value and rows. `split` makes two leaves of a leaf: its number in
//! the tree, the feature, the threshold, the gain, then value and rows of the left and of the right
//! leaf. Numbers are written in the shortest form that reads back as the same bits.

use crate::Result;
use crate::trees::checks::out_of_range;
use crate::trees::ensemble::Ensemble;
use std::fmt::{Display, Write};
use std::str::{FromStr, SplitWhitespace};

const HEADER: &str = "boosted trees 1";

pub(super) fn write(base: f64, ensemble: &Ensemble) -> String {
    let mut text = format!("{HEADER}\nfeatures {}\nbase {base}\n", ensemble.features());
    for tree in 0..ensemble.trees() {
        let root = ensemble.root(tree);
        let leaf = |node| format!("{} {}", ensemble.values(node)[0], ensemble.rows(node));
        line(&mut text, format_args!("tree {}", leaf(root)));
        // In the order of the children, so that reading makes the same numbers.
        let mut splits: Vec<_> = ensemble
            .nodes_of(tree)
            .filter_map(|node| Some((node, ensemble.split_of(node)?)))
            .collect();
        splits.sort_by_key(|(_, split)| split.left);
        for (node, split) in splits {
            line(
                &mut text,
                format_args!(
                    "split {} {} {} {} {} {}",
                    node - root,
                    split.feature,
                    split.threshold,
                    split.gain,
                    leaf(split.left),
                    leaf(split.left + 1)
                ),
            );
        }
    }
    text
}

fn line(text: &mut String, content: impl Display) {
    // Writing to a string can't fail.
    let _ = writeln!(text, "{content}");
}

pub(super) fn read(text: &str) -> Result<(f64, Ensemble)> {
    let mut lines = text.lines().enumerate();
    if lines.next().map(|(_, line)| line) != Some(HEADER) {
        return Err(out_of_range(
            "line 1 of the model",
            text.lines().next().unwrap_or("missing"),
            "`boosted trees 1`: the text that `to_text` wrote",
        ));
    }
    let features: usize = Words::named(lines.next(), "features")?.last("a number of features")?;
    let base: f64 = Words::named(lines.next(), "base")?.last("a number")?;
    if features == 0 || features > u32::MAX as usize {
        return Err(out_of_range("`features`", features, "1 to 4294967295"));
    }
    let mut reading = Reading {
        ensemble: Ensemble::new(features, 1),
        depths: Vec::new(),
        root: 0,
    };
    for (number, line) in lines {
        let mut words = Words::new(number, line);
        match words.words.next() {
            Some("tree") => reading.tree(words)?,
            Some("split") => reading.split(words)?,
            _ => return Err(words.expected("`tree` or `split`")),
        }
    }
    Ok((base, reading.ensemble))
}

struct Reading {
    ensemble: Ensemble,
    /// The depth of each node of the last tree.
    depths: Vec<usize>,
    root: usize,
}

impl Reading {
    fn tree(&mut self, mut words: Words) -> Result<()> {
        let (value, rows) = words.leaf()?;
        words.end()?;
        self.root = self.ensemble.plant(&[value], rows);
        self.depths = vec![0];
        Ok(())
    }

    fn split(&mut self, mut words: Words) -> Result<()> {
        let node: usize = words.next("the number of a node")?;
        let feature: usize = words.next("the number of a feature")?;
        let threshold: f64 = words.next("a threshold")?;
        let gain: f64 = words.next("a gain")?;
        let (left, left_rows) = words.leaf()?;
        let (right, right_rows) = words.leaf()?;
        words.end()?;
        if feature >= self.ensemble.features() || !threshold.is_finite() {
            return Err(words.expected("a feature that there is, and a finite threshold"));
        }
        let is_leaf = |node: usize| self.ensemble.split_of(self.root + node).is_none();
        if node >= self.depths.len() || !is_leaf(node) {
            return Err(words.expected("the number of a leaf that is not split yet"));
        }
        let depth = self.depths[node];
        let children: [(&[f64], usize); 2] = [(&[left], left_rows), (&[right], right_rows)];
        let split = (feature, threshold, gain);
        self.ensemble
            .split(self.root + node, depth, split, children);
        self.depths.extend([depth + 1, depth + 1]);
        Ok(())
    }
}

/// The words of a line that are not read yet.
struct Words<'a> {
    number: usize,
    line: &'a str,
    words: SplitWhitespace<'a>,
}

impl<'a> Words<'a> {
    fn new(number: usize, line: &'a str) -> Self {
        Words {
            number,
            line,
            words: line.split_whitespace(),
        }
    }

    fn named(line: Option<(usize, &'a str)>, name: &'static str) -> Result<Self> {
        let (number, line) = line.unwrap_or((0, "missing"));
        let mut words = Words::new(number, line);
        if words.words.next() == Some(name) {
            return Ok(words);
        }
        Err(out_of_range(
            "the head of the model",
            line,
            "`features`, then `base`",
        ))
    }

    fn next<T: FromStr>(&mut self, what: &'static str) -> Result<T> {
        let word = self.words.next().and_then(|word| word.parse().ok());
        word.ok_or_else(|| self.expected(what))
    }

    fn last<T: FromStr>(mut self, what: &'static str) -> Result<T> {
        let word = self.next(what)?;
        self.end()?;
        Ok(word)
    }

    /// The value and the rows of a leaf.
    fn leaf(&mut self) -> Result<(f64, usize)> {
        let value: f64 = self.next("the value of a leaf")?;
        let rows = self.next("a number of rows")?;
        if value.is_finite() {
            return Ok((value, rows));
        }
        Err(self.expected("a leaf with a finite value"))
    }

    fn end(&mut self) -> Result<()> {
        match self.words.next() {
            None => Ok(()),
            Some(_) => Err(self.expected("shorter")),
        }
    }

    fn expected(&self, what: &'static str) -> crate::Error {
        let place = format!("line {} of the model", self.number + 1);
        out_of_range(&place, self.line, what)
    }
}
