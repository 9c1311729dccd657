//! The kinds of numbers that are drawn, one number or many.

use super::RandomState;
use super::size::{Size, Source};
use crate::Result;
use crate::checks::beyond_numbers;

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
    /// `size` numbers of this kind. Fails if memory can't hold so many, or if one overflows.
    pub(super) fn reals<S: Size>(&mut self, size: S, kind: Real) -> Result<S::Out<f64>> {
        let mut draws = Draws::of(self, kind);
        let drawn = S::result(size.reals(&mut draws))?;
        match draws.beyond {
            true => Err(beyond_numbers("a drawn number")),
            false => Ok(drawn),
        }
    }

    /// `size` numbers of a kind without parameters, none of which can be too great.
    pub(super) fn standard_reals<S: Size>(&mut self, size: S, kind: Real) -> S::Drawn<f64> {
        size.reals(&mut Draws::of(self, kind))
    }

    /// `size` integers of this kind.
    pub(super) fn integers<S: Size>(&mut self, size: S, kind: Integer) -> Result<S::Out<i64>> {
        S::result(size.integers(&mut Draws::of(self, kind)))
    }

    /// `size` places of this kind.
    pub(super) fn places<S: Size>(&mut self, size: S, kind: Place<'_>) -> Result<S::Out<usize>> {
        S::result(size.places(&mut Draws::of(self, kind)))
    }
}

/// What is drawn one by one.
trait Kind: Copy {
    type Output;

    fn draw(self, rng: &mut RandomState) -> Self::Output;

    fn fill(self, rng: &mut RandomState, places: &mut [Self::Output]) {
        one_by_one(self, rng, places);
    }

    /// Whether one of those drawn is not finite.
    fn any_beyond(self, _drawn: &[Self::Output]) -> bool {
        false
    }
}

impl Kind for Real {
    type Output = f64;

    fn draw(self, rng: &mut RandomState) -> f64 {
        match self {
            Real::UnitUniform | Real::Uniform { .. } => self.transformed(rng.twister.next_f64()),
            Real::StandardNormal | Real::Normal { .. } | Real::Lognormal { .. } => {
                self.transformed(rng.next_normal())
            }
            Real::Exponential { scale } => scale * -(1.0 - rng.twister.next_f64()).ln(),
            Real::Gamma { shape, scale } => scale * rng.next_gamma(shape),
            Real::Beta { a, b } => rng.next_beta(a, b),
        }
    }

    /// The same numbers; those that are made of uniforms and normals alone are drawn in blocks.
    fn fill(self, rng: &mut RandomState, places: &mut [f64]) {
        match self {
            Real::UnitUniform | Real::Uniform { .. } => rng.twister.fill_f64(places),
            Real::StandardNormal | Real::Normal { .. } | Real::Lognormal { .. } => {
                rng.fill_normals(places);
            }
            Real::Exponential { .. } | Real::Gamma { .. } | Real::Beta { .. } => {
                return one_by_one(self, rng, places);
            }
        }
        if !matches!(self, Real::UnitUniform | Real::StandardNormal) {
            for place in places {
                *place = self.transformed(*place);
            }
        }
    }

    fn any_beyond(self, drawn: &[f64]) -> bool {
        match self {
            Real::UnitUniform | Real::StandardNormal | Real::Uniform { .. } | Real::Beta { .. } => {
                false
            }
            Real::Normal { .. }
            | Real::Lognormal { .. }
            | Real::Exponential { .. }
            | Real::Gamma { .. } => drawn.iter().any(|number| !number.is_finite()),
        }
    }
}

impl Real {
    /// A unit uniform or standard normal number with the parameters of this kind, if it is made of one.
    #[inline]
    fn transformed(self, standard: f64) -> f64 {
        match self {
            Real::Uniform { low, width } => low + width * standard,
            Real::Normal { loc, scale } => loc + scale * standard,
            Real::Lognormal { mean, sigma } => (mean + sigma * standard).exp(),
            Real::UnitUniform
            | Real::StandardNormal
            | Real::Exponential { .. }
            | Real::Gamma { .. }
            | Real::Beta { .. } => standard,
        }
    }
}

fn one_by_one<K: Kind>(kind: K, rng: &mut RandomState, places: &mut [K::Output]) {
    for place in places {
        *place = kind.draw(rng);
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
    /// Whether one was not finite.
    beyond: bool,
}

impl<'a, K> Draws<'a, K> {
    fn of(rng: &'a mut RandomState, kind: K) -> Self {
        Draws {
            rng,
            kind,
            beyond: false,
        }
    }
}

impl<K: Kind> Source<K::Output> for Draws<'_, K> {
    fn next(&mut self) -> K::Output {
        let drawn = self.kind.draw(self.rng);
        self.beyond |= self.kind.any_beyond(std::slice::from_ref(&drawn));
        drawn
    }

    fn fill(&mut self, places: &mut [K::Output]) {
        self.kind.fill(self.rng, places);
        self.beyond |= self.kind.any_beyond(places);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_the_largest_number_is_an_error() {
        let rng = &mut RandomState::seed(0);
        assert!(rng.lognormal(1000.0, 1.0, 3).is_err());
        assert!(rng.lognormal(1000.0, 1.0, ()).is_err());
        assert!(rng.normal(1.7e308, 1e308, (2, 3)).is_err());
        assert!(rng.exponential(1.7e308, 20).is_err());
        assert!(rng.gamma(1e200, 1e200, ()).is_err());
        assert!(rng.lognormal(700.0, 1.0, 3).is_ok());
    }
}
