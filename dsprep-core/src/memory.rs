//! Fresh memory for large arrays.
//!
//! Linux hands out memory in pages of 4 KB, each when it is first touched; for an array of 32 MB that is 8,192
//! interruptions. For large arrays it is asked for pages of 2 MB, as NumPy does.

use ndarray::Array2;

/// Smaller arrays gain little: NumPy's bound.
const LARGE: usize = 4 << 20;

/// Zeros, in large pages if there are many and the system has such pages.
pub(crate) fn large_zeros(rows: usize, columns: usize) -> Array2<f64> {
    let mut zeros = Array2::zeros((rows, columns));
    if let Some(numbers) = zeros.as_slice_mut()
        && size_of_val(numbers) >= LARGE
    {
        ask_for_large_pages(numbers);
    }
    zeros
}

#[cfg(target_os = "linux")]
fn ask_for_large_pages(numbers: &mut [f64]) {
    const PAGE: usize = 2 << 20;
    let skipped = numbers.as_ptr().align_offset(PAGE);
    if let Some(aligned) = numbers.get_mut(skipped..) {
        let length = size_of_val(aligned) / PAGE * PAGE;
        // SAFETY: the pages lie within `aligned`, which nobody else uses; the advice does not change what they
        // hold. If the system does not take it, it stays as it was.
        unsafe { libc::madvise(aligned.as_mut_ptr().cast(), length, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(target_os = "linux"))]
fn ask_for_large_pages(_: &mut [f64]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_zeros_however_many() {
        for (rows, columns) in [(0, 3), (3, 0), (5, 7), (1024, 1024)] {
            let mut zeros = large_zeros(rows, columns);
            assert_eq!(zeros.dim(), (rows, columns));
            assert!(zeros.iter().all(|&zero| zero == 0.0));
            zeros.fill(1.0);
            assert_eq!(zeros.sum(), (rows * columns) as f64);
        }
    }
}
