//! How many machines do 100 million users need? (Question 23.)

use crate::checks::numbers;
use crate::error::out_of_range;
use crate::{Error, Result};

/// From here on a float is no exact count.
const MOST_MACHINES: f64 = 9_007_199_254_740_992.0;

/// Who comes, and what they search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Workload {
    /// The number of users who have an account.
    pub users: f64,
    /// The share of them who come on a day.
    pub daily_share: f64,
    /// How many lists an active user asks for on a day.
    pub requests_per_day: f64,
    /// The busiest second, as a multiple of the mean.
    pub peak_factor: f64,
    /// The number of items.
    pub items: f64,
}

/// What the software needs, as it was measured on one core.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The index, in bytes for each item: vectors, codes, numbers.
    pub bytes_per_item: f64,
    /// A user's vector and features, in bytes.
    pub bytes_per_user: f64,
    /// The mean time to find candidates among `search_items` items, in seconds.
    pub search_seconds: f64,
    /// In how many items they were searched.
    pub search_items: f64,
    /// The mean time to rank and re-rank one request, in seconds.
    pub rank_seconds: f64,
}

/// What a machine has, and what may be used of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Machine {
    /// The number of cores.
    pub cores: f64,
    /// The memory, in bytes.
    pub memory: f64,
    /// The price of an hour, in dollars.
    pub dollars_per_hour: f64,
    /// How busy the cores may be at the peak: at 1 the queue grows without end.
    pub utilisation: f64,
    /// The share of the memory that data may take; a second index has to fit while it is built.
    pub memory_share: f64,
}

/// How many machines a recommender needs, and what they cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CapacityPlan {
    /// Requests per second, as a mean over the day.
    pub mean_qps: f64,
    /// Requests per second at the peak.
    pub peak_qps: f64,
    /// The memory of the index, in bytes.
    pub index_bytes: f64,
    /// The memory of all users' vectors and features, in bytes.
    pub user_bytes: f64,
    /// Into how many parts the index is cut; each request goes to all of them.
    pub shards: usize,
    /// The time of one search in a shard on one core, in seconds.
    pub shard_seconds: f64,
    /// How many machines hold the same shard: one more than carry the peak.
    pub replicas: usize,
    /// Machines that search: shards × replicas.
    pub search_machines: usize,
    /// Machines that rank and re-rank: one more than carry the peak.
    pub rank_machines: usize,
    /// Machines that hold what is known of the users, each part twice.
    pub user_machines: usize,
    /// The price of 30 days, in dollars.
    pub dollars_per_month: f64,
}

impl CapacityPlan {
    /// Sizes a service so that a search in a shard takes at most `search_budget` seconds and no machine is
    /// busier, or fuller, than it may be, even if one of each kind has failed.
    ///
    /// A search goes through a constant share of the items, so its time grows with the shard; cutting the
    /// index shortens the time of a request, but not the work of all.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if a number is not positive or a share more than 1.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::recommend::{CapacityPlan, Machine, Measured, Workload};
    /// let workload = Workload {
    ///     users: 1e8, daily_share: 0.2, requests_per_day: 10.0, peak_factor: 3.0, items: 1e8,
    /// };
    /// let measured = Measured {
    ///     bytes_per_item: 164.0, bytes_per_user: 1000.0,
    ///     search_seconds: 0.001, search_items: 1e6, rank_seconds: 0.0005,
    /// };
    /// let machine = Machine {
    ///     cores: 32.0, memory: 128e9, dollars_per_hour: 1.5, utilisation: 0.6, memory_share: 0.5,
    /// };
    /// let plan = CapacityPlan::new(&workload, &measured, &machine, 0.005)?;
    /// assert_eq!(plan.mean_qps.round(), 2315.0);     // 2e8 requests in 86,400 s
    /// assert_eq!(plan.shards, 20);                   // 100 ms of search, 5 ms allowed
    /// assert_eq!(plan.replicas, 3);                  // 6,944 × 5 ms = 34.7 cores of 32 × 0.6, and a spare
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn new(
        workload: &Workload,
        measured: &Measured,
        machine: &Machine,
        search_budget: f64,
    ) -> Result<Self> {
        check(workload, measured, machine, search_budget)?;
        let requests = workload.users * workload.daily_share * workload.requests_per_day;
        let mean_qps = requests / 86_400.0;
        let peak_qps = mean_qps * workload.peak_factor;
        let room = machine.memory * machine.memory_share;
        let index_bytes = workload.items * measured.bytes_per_item;
        let user_bytes = workload.users * measured.bytes_per_user;
        let search_seconds = measured.search_seconds * workload.items / measured.search_items;
        let shards = up(index_bytes / room).max(up(search_seconds / search_budget));
        let shard_seconds = search_seconds / shards as f64;
        let busy = machine.cores * machine.utilisation;
        let replicas = up(peak_qps * shard_seconds / busy).saturating_add(1);
        let rank_machines = up(peak_qps * measured.rank_seconds / busy).saturating_add(1);
        let user_machines = up(user_bytes / room).saturating_mul(2);
        // Counted as floats first: beyond 2⁵³ they are no counts.
        let searching = shards as f64 * replicas as f64;
        let machines = searching + rank_machines as f64 + user_machines as f64;
        let dollars_per_month = machines * machine.dollars_per_hour * 24.0 * 30.0;
        if machines >= MOST_MACHINES {
            return Err(out_of_range(
                "the number of machines",
                machines,
                "less than 2⁵³; check the units of the workload and of what was measured",
            ));
        }
        numbers(
            "the capacity plan",
            &[
                mean_qps,
                peak_qps,
                index_bytes,
                user_bytes,
                shard_seconds,
                dollars_per_month,
            ],
        )?;
        Ok(CapacityPlan {
            mean_qps,
            peak_qps,
            index_bytes,
            user_bytes,
            shards,
            shard_seconds,
            replicas,
            search_machines: shards * replicas,
            rank_machines,
            user_machines,
            dollars_per_month,
        })
    }
}

/// The next whole number, at least 1; a hair above a whole number is the whole number.
fn up(number: f64) -> usize {
    ((number - 1e-9).ceil() as usize).max(1)
}

fn check(
    workload: &Workload,
    measured: &Measured,
    machine: &Machine,
    search_budget: f64,
) -> Result<()> {
    let positive = [
        ("`users`", workload.users),
        ("`daily_share`", workload.daily_share),
        ("`requests_per_day`", workload.requests_per_day),
        ("`peak_factor`", workload.peak_factor),
        ("`items`", workload.items),
        ("`bytes_per_item`", measured.bytes_per_item),
        ("`bytes_per_user`", measured.bytes_per_user),
        ("`search_seconds`", measured.search_seconds),
        ("`search_items`", measured.search_items),
        ("`rank_seconds`", measured.rank_seconds),
        ("`cores`", machine.cores),
        ("`memory`", machine.memory),
        ("`dollars_per_hour`", machine.dollars_per_hour),
        ("`utilisation`", machine.utilisation),
        ("`memory_share`", machine.memory_share),
        ("`search_budget`", search_budget),
    ];
    let wrong = |what: &str, found: f64, expected: &'static str| {
        Err(Error::OutOfRange {
            what: what.to_owned(),
            found: found.to_string(),
            expected,
        })
    };
    for (what, number) in positive {
        if !(number > 0.0 && number.is_finite()) {
            return wrong(what, number, "a positive number");
        }
    }
    let shares = [
        ("`daily_share`", workload.daily_share),
        ("`utilisation`", machine.utilisation),
        ("`memory_share`", machine.memory_share),
    ];
    for (what, share) in shares {
        if share > 1.0 {
            return wrong(what, share, "a share, at most 1");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use crate::recommend::Queue;

    const WORKLOAD: Workload = Workload {
        users: 1e8,
        daily_share: 0.2,
        requests_per_day: 10.0,
        peak_factor: 3.0,
        items: 1e8,
    };
    const MEASURED: Measured = Measured {
        bytes_per_item: 164.0,
        bytes_per_user: 1000.0,
        search_seconds: 0.001,
        search_items: 1e6,
        rank_seconds: 0.0005,
    };
    const MACHINE: Machine = Machine {
        cores: 32.0,
        memory: 128e9,
        dollars_per_hour: 1.5,
        utilisation: 0.6,
        memory_share: 0.5,
    };

    #[test]
    fn the_plan_holds_in_a_simulation_of_its_queues_even_without_a_replica() {
        let plan = CapacityPlan::new(&WORKLOAD, &MEASURED, &MACHINE, 0.005).unwrap();
        let mut rng = RandomState::seed(23);
        // Service times as an index has them: never far from the mean.
        let service = rng.uniform(0.8, 1.2, 1000).unwrap() * plan.shard_seconds;
        let mut simulate = |alive: usize| {
            let queue = Queue {
                arrivals: plan.peak_qps / alive as f64,
                servers: MACHINE.cores as usize,
                shards: plan.shards,
            };
            queue.simulate(&service, 20_000, &mut rng)
        };
        for alive in [plan.replicas, plan.replicas - 1] {
            let mut times = simulate(alive).unwrap().to_vec();
            times.sort_by(f64::total_cmp);
            let p99 = times[19_800];
            assert!(p99 < 0.010, "p99 is {p99} s with {alive} replicas");
        }
        assert!(simulate(1).is_err(), "a third of the machines would do");
    }

    #[test]
    fn memory_can_be_what_cuts_the_index() {
        let small = Machine {
            memory: 1e9,
            ..MACHINE
        };
        let plan = CapacityPlan::new(&WORKLOAD, &MEASURED, &small, 1.0).unwrap();
        assert_eq!(plan.shards, 33); // 16.4 GB into 0.5 GB each
        assert_eq!(plan.user_machines, 2 * 200);
    }

    #[test]
    fn impossible_numbers_are_named() {
        let none = Workload {
            users: 0.0,
            ..WORKLOAD
        };
        let error = CapacityPlan::new(&none, &MEASURED, &MACHINE, 0.005).unwrap_err();
        assert!(error.to_string().starts_with("`users` is 0"), "{error}");
        let full = Machine {
            utilisation: 1.5,
            ..MACHINE
        };
        let error = CapacityPlan::new(&WORKLOAD, &MEASURED, &full, 0.005).unwrap_err();
        assert!(error.to_string().contains("at most 1"), "{error}");
        assert!(CapacityPlan::new(&WORKLOAD, &MEASURED, &MACHINE, f64::NAN).is_err());
    }
}
