//! The items that are searched.

use dsprep_core::ndarray::Array2;
use dsprep_core::random::RandomState;
use std::path::Path;
use std::{fs, io};

const ITEMS: usize = 1_000_000;
const DIMENSIONS: usize = 32;
const QUERIES: usize = 100;
const TOPICS: usize = 1000;

/// Items, queries, and the numbers of lists that are tried.
pub struct Items {
    pub name: &'static str,
    pub vectors: Array2<f32>,
    pub queries: Array2<f32>,
    pub probes: &'static [usize],
}

impl Items {
    /// Gives them to the peer.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        write(&folder.join("items.f32"), &self.vectors)?;
        write(&folder.join("queries.f32"), &self.queries)
    }
}

fn write(path: &Path, matrix: &Array2<f32>) -> io::Result<()> {
    let bytes: Vec<u8> = matrix
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    fs::write(path, bytes)
}

/// The original's items and users: independent normal numbers.
pub fn normal() -> Items {
    let mut rng = RandomState::seed(7);
    Items {
        name: "normal",
        vectors: random(&mut rng, ITEMS),
        queries: random(&mut rng, QUERIES),
        probes: &[150, 200, 250, 300, 350, 400],
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
        probes: &[8, 16, 32, 64, 128],
    }
}

fn random(rng: &mut RandomState, rows: usize) -> Array2<f32> {
    Array2::from_shape_simple_fn((rows, DIMENSIONS), || rng.randn(()) as f32)
}
