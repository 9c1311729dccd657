//! The exercises of the quick reference card: three of its lines, without the fault of the printed ones.

mod auc;
mod known;
mod p_value;

pub use auc::check_card_auc;
pub use known::check_card_known;
pub use p_value::check_card_p_value;

fn near(a: f64, b: f64) -> bool {
    let difference = (a - b).abs();
    difference.is_finite() && difference <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}
