//! The number of machines.

use super::super::Verdict;

/// Peak queries per second, seconds of one search in one shard, shards, cores of a machine, utilisation.
type Numbers = (f64, f64, usize, f64, f64);
/// Machines from the busy cores of a shard, the shards, the cores of a machine, and the share of them that may be used.
type Rule = fn(f64, f64, f64, f64) -> f64;

const CASES: [Numbers; 7] = [
    (7000.0, 0.005, 20, 32.0, 0.6),
    (900.0, 0.004, 7, 16.0, 0.5),
    (12_500.0, 0.0021, 33, 48.0, 0.7),
    (50.0, 0.003, 4, 8.0, 0.6),
    (9000.0, 0.01, 3, 8.0, 0.9),
    // Exactly 8 machines for each shard; and 5 cores that may be used half.
    (512.0, 0.125, 3, 16.0, 0.5),
    (40.0, 0.125, 2, 5.0, 0.5),
];

const RIGHT: Rule = |busy, shards, cores, share| shards * (busy / (cores * share)).ceil();
const WITH_SPARE: Rule =
    |busy, shards, cores, share| shards * ((busy / (cores * share)).ceil() + 1.0);

/// Wrong rules, each with what is wrong with it.
const MISTAKES: [(Rule, &str); 8] = [
    (
        |busy, shards, cores, share| RIGHT(busy, shards, cores, share) + 1.0,
        "One to spare for all shards is no spare: it holds one shard, and another one's machine may fail. \
         Each shard needs its own, or leave the spare out.",
    ),
    (
        |busy, _, cores, share| (busy / (cores * share)).ceil(),
        "That is enough for one shard. Each request goes to every shard, so each of them needs as many.",
    ),
    (
        |busy, shards, cores, _| shards * (busy / cores).ceil(),
        "It plans for cores that are busy all the time. Near a utilisation of 1 the queue grows without \
         end: divide by what may be used.",
    ),
    (
        |busy, shards, cores, share| (shards * busy / (cores * share)).ceil(),
        "It rounds the sum of all shards. A machine holds one shard, so round up for each shard, then \
         multiply.",
    ),
    (
        |busy, shards, cores, share| shards * (busy / (cores * share)).floor(),
        "It rounds down: then the last requests find no core. Round up.",
    ),
    (
        |busy, shards, cores, share| shards * ((busy / (cores * share)).floor() + 1.0),
        "Where the load just fits, yours adds a machine: `floor` + 1 is not rounding up, `ceil` is.",
    ),
    (
        |busy, shards, cores, share| shards * (busy / (cores * share).floor()).ceil(),
        "You round the cores that may be used. Utilisation is a mean over time: round the machines only.",
    ),
    (
        |busy, shards, _, share| shards * (busy / share).ceil(),
        "That counts cores: a machine has several that work side by side.",
    ),
];

fn machines(rule: Rule, &(qps, seconds, shards, cores, utilisation): &Numbers) -> usize {
    rule(qps * seconds, shards as f64, cores, utilisation) as usize
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
    Verdict::of(|| {
        let theirs = |&(qps, seconds, shards, cores, utilisation): &Numbers| {
            answer(qps, seconds, shards, cores, utilisation)
        };
        let follows = |rule: Rule| {
            CASES
                .iter()
                .all(|numbers| theirs(numbers) == machines(rule, numbers))
        };
        let mut cases = CASES.into_iter();
        let Some(wrong) = cases.find(|numbers| theirs(numbers) != machines(RIGHT, numbers)) else {
            return Verdict::passed(
                "Arrivals × service time is the number of busy cores (Little's law). Cutting an index into more \
                 shards makes each search shorter, but not the sum of the work.",
            );
        };
        if follows(WITH_SPARE) {
            return Verdict::passed(
                "With one to spare for each shard, as a plan for production should have; without the spare, the \
                 machines that carry the load are arrivals × service time (Little's law) for each shard.",
            );
        }
        let known = MISTAKES.into_iter().find(|(rule, _)| follows(*rule));
        let why = known.map_or(
            "Queries per second × seconds of work are busy cores, for each shard. Divide by the cores that a \
             machine may use, round up, and multiply by the shards.",
            |(_, why)| why,
        );
        let (ours, theirs) = (machines(RIGHT, &wrong), theirs(&wrong));
        let (qps, seconds, shards, cores, utilisation) = wrong;
        Verdict::not_yet(format!(
            "{why}\n{qps} queries/s of {seconds} s in {shards} shards, {cores} cores, {utilisation} of them used: \
             {ours} machines, not {theirs}."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(verdict: Verdict, words: &str) {
        assert!(!verdict.has_passed());
        assert!(verdict.message().contains(words), "{verdict}");
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
        says(
            check(|q, s, n, c, u| n * ((q * s / (c * u)) as usize + 1)),
            "just fits",
        );
        says(
            check(|q, s, n, c, u| n * (q * s / (c * u).floor()).ceil() as usize),
            "cores that may be used",
        );
        says(
            check(|q, s, n, _, u| n * (q * s / u).ceil() as usize),
            "counts cores",
        );
        says(
            check(|q, s, n, c, u| n * (q * s / (c * u)).ceil() as usize + 1),
            "One to spare for all",
        );
        says(check(|_, _, _, _, _| 0), "busy cores");
        says(check(|_, _, _, _, _| usize::MAX), "busy cores");
    }
}
