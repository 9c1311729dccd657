//! The next item of a diverse list.

use super::super::Verdict;
use super::below;
use crate::random::RandomState;

/// Checks a function (relevance, similarity, taken, lambda) → the item that MMR takes next.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q23_mmr;
/// // The most relevant item, whatever was taken before: no diversity.
/// fn answer(relevance: &[f64], _: &[Vec<f64>], taken: &[usize], _: f64) -> usize {
///     let open = (0..relevance.len()).filter(|item| !taken.contains(item));
///     open.max_by(|&a, &b| relevance[a].total_cmp(&relevance[b])).unwrap_or(0)
/// }
/// assert!(!check_q23_mmr(answer).has_passed());
/// ```
pub fn check_q23_mmr(answer: impl Fn(&[f64], &[Vec<f64>], &[usize], f64) -> usize) -> Verdict {
    Verdict::of(|| {
        let cases = mmr_cases();
        let theirs =
            |case: &Case| answer(&case.relevance, &case.similarity, &case.taken, case.lambda);
        let same = |value: &dyn Fn(&Case, usize) -> f64| {
            cases.iter().all(|case| theirs(case) == case.best(value))
        };
        let marginal = |case: &Case, item: usize| case.value(item, case.most_similar(item));
        let Some(wrong) = cases
            .iter()
            .find(|case| theirs(case) != case.best(marginal))
        else {
            return Verdict::passed(
                "The largest similarity counts, not the mean: a list that already holds a twin of the item \
             gains nothing from it, however different the rest is (Carbonell and Goldstein, 1998).",
            );
        };
        let why = if cases
            .iter()
            .any(|case| theirs(case) >= case.relevance.len())
        {
            "There is no such item: return the number of a candidate, counted from 0."
        } else if cases.iter().any(|case| case.taken.contains(&theirs(case))) {
            "It takes an item that is in the list already. Look at the others only."
        } else if same(&|case, item| case.relevance[item]) {
            "It takes the most relevant item, whatever is in the list already. Subtract its similarity to that."
        } else if same(&|case, item| {
            (1.0 - case.lambda) * case.relevance[item] - case.lambda * case.most_similar(item)
        }) {
            "λ is on the wrong side: it weighs relevance, and 1 − λ the similarity."
        } else if same(&|case, item| case.value(item, -case.most_similar(item))) {
            "The similarity is added. It is a penalty: subtract it."
        } else if same(&|case, item| case.value(item, case.most_similar(item).max(0.0))) {
            "It takes a negative similarity for 0. Cosines go from −1 to 1: begin the largest with `f64::MIN`, not with 0."
        } else if same(&|case, item| case.value(item, case.most_similar(item).abs())) {
            "It takes the size of the similarity. An item that points the other way is as different as can be: no `abs`."
        } else if same(&|case, item| case.value(item, case.total(item) / case.taken.len() as f64))
            || same(&|case, item| case.value(item, case.total(item)))
        {
            "It takes the mean, or the sum, of the similarities. One twin in the list is enough to be \
         superfluous: take the largest."
        } else {
            "Take the item that is not in the list with the largest λ · relevance − (1 − λ) · (its largest \
         similarity to an item of the list)."
        };
        let (ours, theirs) = (wrong.best(marginal), theirs(wrong));
        let Case { taken, lambda, .. } = wrong;
        Verdict::not_yet(format!(
            "{why}\nWith λ = {lambda:.2} and {taken:?} in the list, the next is item {ours}, not {theirs}."
        ))
    })
}

/// A list in the making.
struct Case {
    relevance: Vec<f64>,
    similarity: Vec<Vec<f64>>,
    taken: Vec<usize>,
    lambda: f64,
}

impl Case {
    fn most_similar(&self, item: usize) -> f64 {
        let similarities = self.taken.iter().map(|&taken| self.similarity[item][taken]);
        similarities.fold(f64::NEG_INFINITY, f64::max)
    }

    fn total(&self, item: usize) -> f64 {
        let similarities = self.taken.iter().map(|&taken| self.similarity[item][taken]);
        similarities.sum()
    }

    /// λ · relevance − (1 − λ) · `similarity`.
    fn value(&self, item: usize, similarity: f64) -> f64 {
        self.lambda * self.relevance[item] - (1.0 - self.lambda) * similarity
    }

    /// The item that is not taken with the largest value, the first of equals.
    fn best(&self, value: impl Fn(&Case, usize) -> f64) -> usize {
        let open = (0..self.relevance.len()).filter(|item| !self.taken.contains(item));
        let better = |best: usize, item: usize| match value(self, item) > value(self, best) {
            true => item,
            false => best,
        };
        open.reduce(better).unwrap_or_default()
    }
}

/// The case of the notebook, and random ones in which the typical mistakes choose differently.
fn mmr_cases() -> Vec<Case> {
    let mut rng = RandomState::seed(2301);
    let mut cases = vec![Case {
        relevance: vec![1.0, 0.9, 0.6, 0.3],
        similarity: vec![
            vec![1.0, 0.95, 0.2, 0.0],
            vec![0.95, 1.0, 0.1, 0.1],
            vec![0.2, 0.1, 1.0, 0.4],
            vec![0.0, 0.1, 0.4, 1.0],
        ],
        taken: vec![0],
        lambda: 0.5,
    }];
    for _ in 0..40 {
        let n = 6 + below(&mut rng, 6);
        let mut similarity = vec![vec![1.0; n]; n];
        let pairs = (0..n).flat_map(|a| (0..a).map(move |b| (a, b)));
        for (a, b) in pairs {
            let cosine = 2.0 * rng.rand(()) - 1.0;
            similarity[a][b] = cosine;
            similarity[b][a] = cosine;
        }
        let taken = 2 + below(&mut rng, 3);
        cases.push(Case {
            relevance: (0..n).map(|_| rng.rand(())).collect(),
            similarity,
            taken: rng.order_of(n).to_vec()[..taken].to_vec(),
            lambda: 0.2 + 0.6 * rng.rand(()),
        });
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(verdict: Verdict, words: &str) {
        assert!(!verdict.has_passed());
        assert!(verdict.message().contains(words), "{verdict}");
    }

    /// An answer that takes the largest of `value(relevance, similarities to the list, lambda)`.
    fn mmr(value: impl Fn(f64, &[f64], f64) -> f64) -> Verdict {
        check_q23_mmr(|relevance, similarity, taken, lambda| {
            let value = |item: usize| {
                let similar: Vec<f64> = taken.iter().map(|&t| similarity[item][t]).collect();
                value(relevance[item], &similar, lambda)
            };
            let open = (0..relevance.len()).filter(|item| !taken.contains(item));
            open.max_by(|&a, &b| value(a).total_cmp(&value(b))).unwrap()
        })
    }

    fn largest(similar: &[f64]) -> f64 {
        similar.iter().copied().fold(f64::MIN, f64::max)
    }

    #[test]
    fn mmr_is_told_from_its_misreadings() {
        assert!(mmr(|r, s, l| l * r - (1.0 - l) * largest(s)).has_passed());
        says(mmr(|r, _, _| r), "most relevant item, whatever");
        says(mmr(|r, s, l| l * r + (1.0 - l) * largest(s)), "penalty");
        says(mmr(|r, s, l| (1.0 - l) * r - l * largest(s)), "wrong side");
        let mean = |s: &[f64]| s.iter().sum::<f64>() / s.len() as f64;
        says(
            mmr(|r, s, l| l * r - (1.0 - l) * mean(s)),
            "mean, or the sum",
        );
        says(
            check_q23_mmr(|_, _, taken, _| taken[0]),
            "in the list already",
        );
        says(check_q23_mmr(|_, _, _, _| usize::MAX), "no such item");
        says(mmr(|r, _, _| -r), "λ · relevance");
    }
}
