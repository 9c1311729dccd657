//! The items that are searched.

use dsprep_core::ndarray::Array2;
use dsprep_core::random::RandomState;

const ITEMS: usize = 1_000_000;
const DIMENSIONS: usize = 32;
const QUERIES: usize = 1000;
const TOPICS: usize = 1000;

/// Items, queries, and how many lists are looked into.
pub struct Items {
    pub name: &'static str,
    pub vectors: Array2<f32>,
    pub queries: Array2<f32>,
    pub probes: &'static [usize],
}

/// The original's items and users: independent normal numbers.
pub fn normal() -> Items {
    let mut rng = RandomState::seed(7);
    Items {
        name: "normal",
        vectors: random(&mut rng, ITEMS),
        queries: random(&mut rng, QUERIES),
        probes: &[200, 300, 400],
    }
}

/// Items around topics, and users who like one of them.
pub fn topics() -> Items {
    let mut rng = RandomState::seed(8);
    let centres = random(&mut rng, TOPICS);
    let mut around = |rows: usize, noise: f32| {
        let topic: Vec<usize> = (0..rows)
            .map(|_| (rng.rand(()) * TOPICS as f64) as usize)
            .collect();
        let own = random(&mut rng, rows);
        Array2::from_shape_fn((rows, DIMENSIONS), |(row, d)| {
            centres[[topic[row], d]] + noise * own[[row, d]]
        })
    };
    Items {
        name: "topics",
        vectors: around(ITEMS, 0.5),
        queries: around(QUERIES, 0.5),
        probes: &[16, 64, 128],
    }
}

fn random(rng: &mut RandomState, rows: usize) -> Array2<f32> {
    Array2::from_shape_simple_fn((rows, DIMENSIONS), || rng.randn(()) as f32)
}
