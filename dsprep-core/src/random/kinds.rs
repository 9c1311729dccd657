//! The kinds of numbers that are drawn, one number or many.

use super::RandomState;
use super::size::{Size, Source};
use crate::Result;

/// A distribution of real numbers with its parameters, which have been checked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Real {
    /// Uniform in [0, 1).
    UnitUniform,
    Uniform {
        low: f64,
        width: f64,
    },
    StandardNormal,
    Normal {
        loc: f64,
        scale: f64,
    },
    Lognormal {
        mean: f64,
        sigma: f64,
    },
    Exponential {
        scale: f64,
    },
    Gamma {
        shape: f64,
        scale: f64,
    },
    Beta {
        a: f64,
        b: f64,
    },
}

/// A distribution of integers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Integer {
    /// Uniform from `low` on, `largest` more at most.
    Range {
        low: i64,
        largest: u64,
    },
    Poisson {
        lam: f64,
    },
}

/// A distribution of places in a list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// Uniform from 0 to `largest`.
    UpTo { largest: u64 },
    /// By the sums of the weights.
    Weighted { cumulative: &'a [f64] },
}

impl RandomState {
    /// `size` numbers of this kind.
    pub(super) fn reals<S: Size>(&mut self, size: S, kind: Real) -> S::Drawn<f64> {
        size.reals(&mut Draws { rng: self, kind })
    }

    /// `size` integers of this kind.
    pub(super) fn integers<S: Size>(&mut self, size: S, kind: Integer) -> Result<S::Out<i64>> {
        S::result(size.integers(&mut Draws { rng: self, kind }))
    }

    /// `size` places of this kind.
    pub(super) fn places<S: Size>(&mut self, size: S, kind: Place<'_>) -> Result<S::Out<usize>> {
        S::result(size.places(&mut Draws { rng: self, kind }))
    }
}

/// What is drawn one by one.
trait Kind: Copy {
    type Output;

    fn draw(self, rng: &mut RandomState) -> Self::Output;

    fn fill(self, rng: &mut RandomState, places: &mut [Self::Output]) {
        for place in places {
            *place = self.draw(rng);
        }
    }
}

impl Kind for Real {
    type Output = f64;

    fn draw(self, rng: &mut RandomState) -> f64 {
        match self {
            Real::UnitUniform => rng.twister.next_f64(),
            Real::Uniform { low, width } => low + width * rng.twister.next_f64(),
            Real::StandardNormal => rng.next_normal(),
            Real::Normal { loc, scale } => loc + scale * rng.next_normal(),
            Real::Lognormal { mean, sigma } => (mean + sigma * rng.next_normal()).exp(),
            Real::Exponential { scale } => scale * -(1.0 - rng.twister.next_f64()).ln(),
            Real::Gamma { shape, scale } => scale * rng.next_gamma(shape),
            Real::Beta { a, b } => rng.next_beta(a, b),
        }
    }

    /// The same numbers; those that are made of uniforms and normals alone are drawn in blocks.
    fn fill(self, rng: &mut RandomState, places: &mut [f64]) {
        match self {
            Real::UnitUniform => rng.twister.fill_f64(places),
            Real::Uniform { low, width } => {
                rng.twister.fill_f64(places);
                map_each(places, |unit| low + width * unit);
            }
            Real::StandardNormal => rng.fill_normals(places),
            Real::Normal { loc, scale } => {
                rng.fill_normals(places);
                map_each(places, |normal| loc + scale * normal);
            }
            Real::Lognormal { mean, sigma } => {
                rng.fill_normals(places);
                map_each(places, |normal| (mean + sigma * normal).exp());
            }
            Real::Exponential { .. } | Real::Gamma { .. } | Real::Beta { .. } => {
                for place in places {
                    *place = self.draw(rng);
                }
            }
        }
    }
}

fn map_each(places: &mut [f64], map: impl Fn(f64) -> f64) {
    for place in places {
        *place = map(*place);
    }
}

impl Kind for Integer {
    type Output = i64;

    fn draw(self, rng: &mut RandomState) -> i64 {
        match self {
            Integer::Range { low, largest } => low.wrapping_add(rng.at_most(largest) as i64),
            Integer::Poisson { lam } => rng.next_poisson(lam),
        }
    }
}

impl Kind for Place<'_> {
    type Output = usize;

    fn draw(self, rng: &mut RandomState) -> usize {
        match self {
            Place::UpTo { largest } => rng.at_most(largest) as usize,
            Place::Weighted { cumulative } => rng.next_place(cumulative),
        }
    }
}

/// A generator together with what is to be drawn.
struct Draws<'a, K> {
    rng: &'a mut RandomState,
    kind: K,
}

impl<K: Kind> Source<K::Output> for Draws<'_, K> {
    fn next(&mut self) -> K::Output {
        self.kind.draw(self.rng)
    }

    fn fill(&mut self, places: &mut [K::Output]) {
        self.kind.fill(self.rng, places);
    }
}
