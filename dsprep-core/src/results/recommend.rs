//! Recommendations, their metrics and what they cost (question 23).

use crate::display::{Shown, Summarise, Summary};
use crate::recommend::{
    Candidate, CapacityPlan, ExactIndex, FeatureStore, Hit, Interaction, Item, ItemItem, IvfIndex,
    Machine, Market, MatrixFactorisation, Measured, OffPolicyValue, Queue, RankingReport,
    Recommender, ServedItem, Sponsored, TwoTower, Workload,
};

fn id(number: usize) -> Shown {
    Shown::Id(number as u64)
}

fn gigabytes(bytes: f64) -> String {
    format!("{:.1} GB", bytes / 1e9)
}

impl Summarise for RankingReport {
    fn summary(&self) -> Summary {
        Summary::new("Lists of a recommender")
            .row(
                "recall",
                self.recall,
                "of the relevant items, are in the list",
            )
            .row("NDCG", self.ndcg, "1 if they come first")
            .row("MAP", self.map, "mean average precision")
            .row("coverage", self.coverage, "of the catalogue, in any list")
            .row("novelty", self.novelty, "bits; popular items have few")
    }
}

impl Summarise for Hit {
    fn summary(&self) -> Summary {
        Summary::new("Hit").row("item", id(self.item), "").row(
            "score",
            self.score,
            "inner product with the query",
        )
    }
}

impl Summarise for Candidate {
    fn summary(&self) -> Summary {
        Summary::new("Candidate")
            .row("item", id(self.item), "")
            .row("score", self.score, "of the ranker")
            .row("seller", id(self.seller), "")
            .row("age", self.age, "days since it was published")
    }
}

impl Summarise for ServedItem {
    fn summary(&self) -> Summary {
        Summary::new("Item of a list")
            .row("item", id(self.item), "")
            .row("sponsored", self.sponsored, "the place was sold")
    }
}

impl Summarise for Sponsored {
    fn summary(&self) -> Summary {
        Summary::new("Sponsored place")
            .row("slot", id(self.slot), "from 0")
            .row("item", id(self.item), "")
            .row("seller", id(self.seller), "")
    }
}

impl Summarise for Item {
    fn summary(&self) -> Summary {
        Summary::new("Item")
            .row("topic", id(self.topic), "")
            .row("seller", id(self.seller), "")
            .row("price", self.log_price.exp(), "")
            .row(
                "published",
                self.published,
                "day; negative before the first period",
            )
    }
}

impl Summarise for Interaction {
    fn summary(&self) -> Summary {
        Summary::new("Choice")
            .row("user", id(self.user), "")
            .row("item", id(self.item), "")
            .row("day", self.day, "")
    }
}

impl Summarise for Market {
    fn summary(&self) -> Summary {
        let cold = self.is_cold().into_iter().filter(|&cold| cold).count();
        Summary::new("Market")
            .row("users", self.users, "")
            .row("items", self.items.len(), "")
            .row("cold items", cold, "not chosen in the first period")
            .row("train", self.train.len(), "choices of days 0 to 30")
            .row(
                "validation",
                self.validation.len(),
                "choices of days 30 to 34",
            )
            .row("test", self.test.len(), "choices of days 34 to 38")
    }
}

impl Summarise for TwoTower {
    fn summary(&self) -> Summary {
        let losses = self.losses();
        let vectors = self.item_vectors();
        Summary::new("Two-tower model")
            .row("items", vectors.nrows(), "")
            .row("dimensions", vectors.ncols(), "")
            .column("epoch", (1..=losses.len()).map(id))
            .column("loss", losses)
    }
}

impl Summarise for IvfIndex {
    fn summary(&self) -> Summary {
        Summary::new("Index of lists by direction (IVF)")
            .row("items", self.len(), "")
            .row("lists", self.lists(), "")
            .row("memory", self.bytes(), "bytes")
    }
}

impl Summarise for Workload {
    fn summary(&self) -> Summary {
        Summary::new("Workload")
            .row("users", self.users, "with an account")
            .row("daily share", self.daily_share, "of them who come on a day")
            .row("requests a day", self.requests_per_day, "of an active user")
            .row(
                "peak factor",
                self.peak_factor,
                "the busiest second, as a multiple of the mean",
            )
            .row("items", self.items, "")
    }
}

impl Summarise for Measured {
    fn summary(&self) -> Summary {
        Summary::new("Measured on one core")
            .row("index", self.bytes_per_item, "bytes for each item")
            .row("user", self.bytes_per_user, "bytes")
            .row("search", 1e3 * self.search_seconds, "ms")
            .row("searched items", self.search_items, "in that time")
            .row("ranking", 1e3 * self.rank_seconds, "ms for each request")
    }
}

impl Summarise for Machine {
    fn summary(&self) -> Summary {
        Summary::new("Machine")
            .row("cores", self.cores, "")
            .row("memory", gigabytes(self.memory), "")
            .row("price", self.dollars_per_hour, "dollars an hour")
            .row(
                "utilisation",
                self.utilisation,
                "of the cores at the peak, at most",
            )
            .row("memory share", self.memory_share, "that data may take")
    }
}

impl Summarise for CapacityPlan {
    fn summary(&self) -> Summary {
        Summary::new("Capacity plan")
            .row("requests", self.mean_qps, "a second, mean")
            .row("at the peak", self.peak_qps, "requests a second")
            .row("index", gigabytes(self.index_bytes), "")
            .row("users", gigabytes(self.user_bytes), "vectors and features")
            .row(
                "shards",
                self.shards,
                "parts of the index; each request goes to all",
            )
            .row(
                "search in a shard",
                1e3 * self.shard_seconds,
                "ms on one core",
            )
            .row(
                "replicas",
                self.replicas,
                "machines that hold the same shard, one to spare",
            )
            .row("search machines", self.search_machines, "shards × replicas")
            .row("rank machines", self.rank_machines, "one to spare")
            .row(
                "user machines",
                self.user_machines,
                "each part is held twice",
            )
            .row("price", self.dollars_per_month, "dollars for 30 days")
    }
}

impl Summarise for Queue {
    fn summary(&self) -> Summary {
        Summary::new("Queue")
            .row("arrivals", self.arrivals, "requests a second")
            .row(
                "servers",
                self.servers,
                "requests at the same time, each shard",
            )
            .row("shards", self.shards, "that each request waits for")
    }
}

impl Summarise for ItemItem {
    fn summary(&self) -> Summary {
        Summary::new("Item-to-item similarities")
            .row("items", self.items(), "")
            .row(
                "pairs",
                self.pairs(),
                "of items that somebody chose together",
            )
    }
}

impl Summarise for MatrixFactorisation {
    fn summary(&self) -> Summary {
        Summary::new("Matrix factorisation")
            .row("users", self.users().nrows(), "")
            .row("items", self.items().nrows(), "")
            .row("dimensions", self.items().ncols(), "")
            .column("round", (1..=self.losses().len() as u64).map(Shown::Id))
            .column("loss", self.losses())
    }
}

impl Summarise for OffPolicyValue {
    fn summary(&self) -> Summary {
        Summary::new("Value of a new policy")
            .row("IPS", self.ips, "Σ w r / n")
            .row("standard error", self.standard_error, "of IPS")
            .row("self-normalised", self.self_normalised, "Σ w r / Σ w")
            .row(
                "effective rows",
                self.effective_rows,
                "of the new policy's own log",
            )
    }
}

impl Summarise for ExactIndex {
    fn summary(&self) -> Summary {
        Summary::new("Index that scores every item")
            .row("items", self.len(), "")
            .row("dimensions", self.dimensions(), "")
    }
}

impl Summarise for FeatureStore {
    fn summary(&self) -> Summary {
        Summary::new("Features of users and items")
            .row("items", self.items(), "")
            .row("users", self.users(), "each with a history")
            .row("day", self.today(), "on which they are known")
            .column("feature", Self::NAMES)
    }
}

impl Summarise for Recommender {
    fn summary(&self) -> Summary {
        let (index, ranker) = (self.index(), self.ranker());
        Summary::new("Recommender of three stages")
            .row("items", index.len(), "")
            .row("users", self.user_vectors().nrows(), "")
            .row(
                "dimensions",
                self.user_vectors().ncols(),
                "of their vectors",
            )
            .row("lists", index.lists(), "of the index of the first stage")
            .row("probes", self.probes(), "lists that are looked into")
            .row("trees", ranker.log_odds().trees(), "of the ranker")
            .column("feature", FeatureStore::NAMES)
            .column("importance", ranker.feature_importance())
    }
}

super::shown_as_text!(
    RankingReport,
    Hit,
    Candidate,
    ServedItem,
    Sponsored,
    Item,
    Interaction,
    Market,
    TwoTower,
    IvfIndex,
    Workload,
    Measured,
    Machine,
    CapacityPlan,
    Queue,
    ItemItem,
    MatrixFactorisation,
    OffPolicyValue,
    ExactIndex,
    FeatureStore,
    Recommender
);
