//! Quantiles as NumPy takes them.

/// The quantile `q` (0 to 1) of `sorted` values, of which there is at least one: linear between
/// neighbours, NumPy's default and type 7 of Hyndman and Fan, 1996.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let last = sorted.len() - 1;
    let place = q * last as f64;
    let below = (place as usize).min(last);
    let above = (below + 1).min(last);
    let part = place - below as f64;
    let (low, high) = (sorted[below], sorted[above]);
    if (high - low).is_infinite() {
        return low * (1.0 - part) + high * part;
    }
    // From the nearer end, as NumPy does, so that the last bit agrees.
    if part < 0.5 {
        low + (high - low) * part
    } else {
        high - (high - low) * (1.0 - part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_equals_numpy() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        // np.quantile([1, 2, 4, 8], [0, .25, .5, .9, 1])
        let found = [0.0, 0.25, 0.5, 0.9, 1.0].map(|q| quantile(&sorted, q));
        assert_eq!(found, [1.0, 1.75, 3.0, 6.800000000000001, 8.0]);
        assert_eq!(quantile(&[5.0], 0.3), 5.0);
    }
}
