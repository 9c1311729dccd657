//! The exercises of question 23: recall at k, the next item of MMR, the number of machines.

use super::Verdict;
use crate::random::RandomState;

/// Checks a function (recommended, relevant, k) → the share of the relevant items among the first k.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q23_recall;
/// fn answer(recommended: &[usize], relevant: &[usize], k: usize) -> f64 {
///     let hits = recommended.iter().take(k).filter(|item| relevant.contains(item)).count();
///     hits as f64 / relevant.len() as f64
/// }
/// assert!(check_q23_recall(answer).has_passed());
/// ```
pub fn check_q23_recall(answer: impl Fn(&[usize], &[usize], usize) -> f64) -> Verdict {
    let lists = lists();
    let ours = |list: &List| list.hits() / list.relevant.len() as f64;
    let theirs = |list: &List| answer(&list.recommended, &list.relevant, list.k);
    let same = |rule: &dyn Fn(&List) -> f64| {
        lists
            .iter()
            .all(|list| (theirs(list) - rule(list)).abs() < 1e-9)
    };
    if same(&ours) {
        return Verdict::passed(
            "Recall@k asks how much of what the user wanted is there. It can only grow with k, and it says \
             nothing about the order within the first k: for that there is NDCG.",
        );
    }
    let whole = |list: &List| {
        let k = list.recommended.len();
        List { k, ..list.clone() }.hits() / list.relevant.len() as f64
    };
    let why = if lists.iter().any(|list| !theirs(list).is_finite()) {
        "The result must be a finite number: there is always a relevant item, so nothing is divided by 0."
    } else if same(&|list| list.hits() / list.k as f64) {
        "That is precision: it divides by k, the length of the list. Recall divides by the number of \
         relevant items."
    } else if same(&whole) {
        "It looks at the whole list. Only the first k are shown to the user."
    } else if same(&List::hits) {
        "That is the number of hits; recall is their share of the relevant items."
    } else if same(&|list| list.hits() / list.relevant.len().min(list.k) as f64) {
        "It divides by the smaller of k and the number of relevant items, a variant which a perfect short \
         list can bring to 1. Here, divide by the number of relevant items."
    } else {
        "Count the items among the first k that are relevant, and divide by the number of relevant items."
    };
    let wrong = lists.iter().find(|list| {
        let difference = (theirs(list) - ours(list)).abs();
        difference.is_nan() || difference >= 1e-9
    });
    let example = wrong.map(|list| {
        let List {
            recommended,
            relevant,
            k,
        } = list;
        let (ours, theirs) = (ours(list), theirs(list));
        format!(
            "\nRecommended {recommended:?}, relevant {relevant:?}, k = {k}: {ours:.4}, not {theirs:.4}."
        )
    });
    Verdict::not_yet(why.to_owned() + &example.unwrap_or_default())
}

/// A list that was shown.
#[derive(Clone)]
struct List {
    recommended: Vec<usize>,
    relevant: Vec<usize>,
    k: usize,
}

impl List {
    /// How many of the first k are relevant.
    fn hits(&self) -> f64 {
        let first = self.recommended.iter().take(self.k);
        first.filter(|item| self.relevant.contains(item)).count() as f64
    }
}

/// The list of the notebook, and random ones.
fn lists() -> Vec<List> {
    let mut rng = RandomState::seed(2300);
    let mut lists = vec![List {
        recommended: vec![4, 8, 15, 16, 23, 42],
        relevant: vec![8, 23, 99],
        k: 4,
    }];
    for _ in 0..30 {
        let relevant = 1 + below(&mut rng, 9);
        lists.push(List {
            recommended: rng.permutation(25).to_vec(),
            relevant: rng.permutation(40).to_vec()[..relevant].to_vec(),
            k: 1 + below(&mut rng, 20),
        });
    }
    lists
}

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
    let cases = mmr_cases();
    let theirs = |case: &Case| answer(&case.relevance, &case.similarity, &case.taken, case.lambda);
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
}

/// Checks a function (peak queries per second, seconds of one search in one shard, shards, cores of a
/// machine, utilisation) → the number of machines that search.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q23_machines;
/// fn answer(qps: f64, seconds: f64, shards: usize, cores: f64, utilisation: f64) -> usize {
///     shards * (qps * seconds / (cores * utilisation)).ceil() as usize
/// }
/// assert!(check_q23_machines(answer).has_passed());
/// ```
pub fn check_q23_machines(answer: impl Fn(f64, f64, usize, f64, f64) -> usize) -> Verdict {
    let cases = [
        (7000.0, 0.005, 20, 32.0, 0.6),
        (900.0, 0.004, 7, 16.0, 0.5),
        (12_500.0, 0.0021, 33, 48.0, 0.7),
        (50.0, 0.003, 4, 8.0, 0.6),
        (9000.0, 0.01, 3, 8.0, 0.9),
    ];
    type Numbers = (f64, f64, usize, f64, f64);
    let theirs = |&(qps, seconds, shards, cores, utilisation): &Numbers| {
        answer(qps, seconds, shards, cores, utilisation)
    };
    // Each rule gets the busy cores of a shard, the shards, and the cores and share that may be used.
    let apply = |rule: &dyn Fn(f64, f64, f64, f64) -> f64, numbers: &Numbers| {
        let &(qps, seconds, shards, cores, utilisation) = numbers;
        rule(qps * seconds, shards as f64, cores, utilisation) as usize
    };
    let same = |rule: &dyn Fn(f64, f64, f64, f64) -> f64| {
        cases
            .iter()
            .all(|numbers| theirs(numbers) == apply(rule, numbers))
    };
    let right =
        |busy: f64, shards: f64, cores: f64, share: f64| shards * (busy / (cores * share)).ceil();
    let Some(wrong) = cases
        .iter()
        .find(|numbers| theirs(numbers) != apply(&right, numbers))
    else {
        return Verdict::passed(
            "Arrivals × service time is the number of busy cores (Little's law). Cutting an index into more \
             shards makes each search shorter, but not the sum of the work.",
        );
    };
    let why = if same(&|busy, _, cores, share| (busy / (cores * share)).ceil()) {
        "That is enough for one shard. Each request goes to every shard, so each of them needs as many."
    } else if same(&|busy, shards, cores, _| shards * (busy / cores).ceil()) {
        "It plans for cores that are busy all the time. Near a utilisation of 1 the queue grows without \
         end: divide by what may be used."
    } else if same(&|busy, shards, cores, share| (shards * busy / (cores * share)).ceil()) {
        "It rounds the sum of all shards. A machine holds one shard, so round up for each shard, then \
         multiply."
    } else if same(&|busy, shards, cores, share| shards * (busy / (cores * share)).floor()) {
        "It rounds down: then the last requests find no core. Round up."
    } else if same(&|busy, shards, _, share| shards * (busy / share).ceil()) {
        "That counts cores: a machine has several that work side by side."
    } else {
        "Queries per second × seconds of work are busy cores, for each shard. Divide by the cores that a \
         machine may use, round up, and multiply by the shards."
    };
    let (ours, theirs) = (apply(&right, wrong), theirs(wrong));
    let (qps, seconds, shards, cores, utilisation) = wrong;
    Verdict::not_yet(format!(
        "{why}\n{qps} queries/s of {seconds} s in {shards} shards, {cores} cores, {utilisation} of them used: \
         {ours} machines, not {theirs}."
    ))
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
            relevance: rng.rand(n).to_vec(),
            similarity,
            taken: rng.permutation(n).to_vec()[..taken].to_vec(),
            lambda: 0.2 + 0.6 * rng.rand(()),
        });
    }
    cases
}

/// A random whole number below `n`.
fn below(rng: &mut RandomState, n: usize) -> usize {
    (rng.rand(()) * n as f64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(verdict: Verdict, words: &str) {
        assert!(!verdict.has_passed());
        assert!(verdict.message().contains(words), "{verdict}");
    }

    fn hits(recommended: &[usize], relevant: &[usize], k: usize) -> f64 {
        let first = recommended.iter().take(k);
        first.filter(|item| relevant.contains(item)).count() as f64
    }

    #[test]
    fn recall_is_told_from_precision_and_other_mistakes() {
        assert!(check_q23_recall(|l, r, k| hits(l, r, k) / r.len() as f64).has_passed());
        says(
            check_q23_recall(|l, r, k| hits(l, r, k) / k as f64),
            "precision",
        );
        says(
            check_q23_recall(|l, r, _| hits(l, r, l.len()) / r.len() as f64),
            "whole list",
        );
        says(check_q23_recall(hits), "number of hits");
        let capped = |l: &[usize], r: &[usize], k: usize| hits(l, r, k) / r.len().min(k) as f64;
        says(check_q23_recall(capped), "smaller of k");
        says(check_q23_recall(|_, _, _| f64::NAN), "finite number");
        says(check_q23_recall(|_, _, _| 1.0 / 3.0), "Count the items");
        says(check_q23_recall(|_, _, _| -7.0), "Count the items");
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

    #[test]
    fn machines_are_counted_for_each_shard_with_room_to_spare() {
        let check = |answer: fn(f64, f64, usize, f64, f64) -> usize| check_q23_machines(answer);
        assert!(check(|q, s, n, c, u| n * (q * s / (c * u)).ceil() as usize).has_passed());
        says(
            check(|q, s, _, c, u| (q * s / (c * u)).ceil() as usize),
            "every shard",
        );
        says(
            check(|q, s, n, c, _| n * (q * s / c).ceil() as usize),
            "busy all the time",
        );
        says(
            check(|q, s, n, c, u| (n as f64 * q * s / (c * u)).ceil() as usize),
            "rounds the sum",
        );
        says(
            check(|q, s, n, c, u| n * (q * s / (c * u)) as usize),
            "rounds down",
        );
        says(check(|_, _, _, _, _| 0), "busy cores");
        says(check(|_, _, _, _, _| usize::MAX), "busy cores");
    }
}
