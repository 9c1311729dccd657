//! Users for a relative lift, and reading a result.

use super::{assert_accepts, assert_refuses};
use dsprep_core::Interval;
use dsprep_core::check::{check_q26_read, check_q26_users};
use dsprep_core::experiment::{
    Conversions, Design, Lift, sample_ratio_mismatch, sample_size_proportions,
    two_proportion_z_test,
};

const Z: f64 = 1.959963984540054 + 0.8416212335729143;

fn users(p: f64, lift: f64, z: f64) -> f64 {
    let q = p * (1.0 + lift);
    (z / (q - p)).powi(2) * (p * (1.0 - p) + q * (1.0 - q))
}

#[test]
fn users_per_arm() {
    let check = |answer: fn(f64, f64) -> f64| check_q26_users(answer);
    assert_accepts(
        "check_q26_users",
        &[
            ("exact", check(|p, lift| users(p, lift, Z))),
            (
                "1.96 + 0.84, rounded up",
                check(|p, lift| users(p, lift, 2.8).ceil()),
            ),
            (
                "the core's",
                check(|p, lift| {
                    sample_size_proportions(p, Lift::Relative(lift), &Design::default())
                        .map_or(f64::NAN, |size| size.treatment)
                }),
            ),
            (
                "pooled variance of Fleiss",
                check(|p, lift| {
                    let q = p * (1.0 + lift);
                    let mean = (p + q) / 2.0;
                    let null = 1.959963984540054 * (2.0 * mean * (1.0 - mean)).sqrt();
                    let own = 0.8416212335729143 * (p * (1.0 - p) + q * (1.0 - q)).sqrt();
                    ((null + own) / (q - p)).powi(2)
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q26_users",
        &[
            (
                "points",
                "percentage points",
                check(|p, lift| 2.0 * (Z / lift).powi(2) * p * (1.0 - p)),
            ),
            (
                "control's variance",
                "control's variance",
                check(|p, lift| 2.0 * (Z / (p * lift)).powi(2) * p * (1.0 - p)),
            ),
            ("half", "add up", check(|p, lift| users(p, lift, Z) / 2.0)),
            (
                "pooled throughout",
                "pooled rate",
                check(|p, lift| {
                    let mean = p * (1.0 + lift / 2.0);
                    2.0 * (Z / (p * lift)).powi(2) * mean * (1.0 - mean)
                }),
            ),
            (
                "both arms",
                "both arms together",
                check(|p, lift| users(p, lift, Z) * 2.0),
            ),
            (
                "one side",
                "one side",
                check(|p, lift| users(p, lift, 1.6448536 + 0.8416212)),
            ),
            (
                "no power",
                "50 %",
                check(|p, lift| users(p, lift, 1.959964)),
            ),
            (
                "not squared",
                "squared",
                check(|p, lift| users(p, lift, Z) * (p * lift).abs()),
            ),
            (
                "the rule of thumb",
                "rule of thumb",
                check(|p, lift| 16.0 * p * (1.0 - p) / (p * lift).powi(2)),
            ),
            (
                "power 90 %",
                "users are needed",
                check(|p, lift| users(p, lift, 1.959964 + 1.2815516)),
            ),
            (
                "2 % more",
                "users are needed",
                check(|p, lift| 1.02 * users(p, lift, Z)),
            ),
            ("no number", "number of users", check(|_, _| f64::NAN)),
        ],
    );
}

type Read = dsprep_core::Result<&'static str>;

fn read(control: Conversions, treatment: Conversions, limit: f64, confidence: f64) -> Read {
    let split = sample_ratio_mismatch(&[control.users, treatment.users], &[0.5, 0.5])?;
    if split.p_value < limit {
        return Ok("mismatch");
    }
    let Interval {
        lower: low,
        upper: high,
    } = two_proportion_z_test(control, treatment, confidence)?.interval;
    Ok(if low > 0.0 {
        "better"
    } else if high < 0.0 {
        "worse"
    } else {
        "unclear"
    })
}

/// A mismatch by how far the share of the users in the treatment is from a half, whatever their number.
fn by_share(control: Conversions, treatment: Conversions, limit: f64) -> Read {
    let share = treatment.users as f64 / (control.users + treatment.users) as f64;
    if (share - 0.5).abs() > limit {
        return Ok("mismatch");
    }
    read(control, treatment, 0.0, 0.95)
}

#[test]
fn reading() {
    let check = |answer: fn(Conversions, Conversions) -> Read| check_q26_read(answer);
    assert_accepts(
        "check_q26_read",
        &[
            ("the interval", check(|c, t| read(c, t, 0.001, 0.95))),
            (
                "by z, and the split by hand",
                check(|c, t| {
                    let (a, b) = (c.users as f64, t.users as f64);
                    if (a - b).abs() / (a + b).sqrt() > 3.2905 {
                        return Ok("mismatch");
                    }
                    let test = two_proportion_z_test(c, t, 0.95)?;
                    Ok(match (test.p_value < 0.05, test.difference > 0.0) {
                        (false, _) => "unclear",
                        (true, true) => "better",
                        (true, false) => "worse",
                    })
                }),
            ),
            (
                "arms swapped, and turned back",
                check(|c, t| {
                    Ok(match read(t, c, 0.001, 0.95)? {
                        "better" => "worse",
                        "worse" => "better",
                        other => other,
                    })
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q26_read",
        &[
            (
                "the sign",
                "not the sign",
                check(|c, t| {
                    let test = two_proportion_z_test(c, t, 0.95)?;
                    Ok(if test.difference > 0.0 {
                        "better"
                    } else {
                        "worse"
                    })
                }),
            ),
            (
                "no split",
                "split first",
                check(|c, t| read(c, t, 0.0, 0.95)),
            ),
            (
                "split at 0.05",
                "Take 0.001",
                check(|c, t| read(c, t, 0.05, 0.95)),
            ),
            (
                "split at 0.01",
                "17 tests of 10,000",
                check(|c, t| read(c, t, 0.01, 0.95)),
            ),
            (
                "split at 0.0005",
                "fewer than 1 test of 1,000",
                check(|c, t| read(c, t, 0.0005, 0.95)),
            ),
            ("90 %", "90 % one", check(|c, t| read(c, t, 0.001, 0.90))),
            ("93 %", "90 % one", check(|c, t| read(c, t, 0.001, 0.93))),
            (
                "97 %",
                "wider than 95 %",
                check(|c, t| read(c, t, 0.001, 0.97)),
            ),
            (
                "99 %",
                "wider than 95 %",
                check(|c, t| read(c, t, 0.001, 0.99)),
            ),
            (
                "never worse",
                "for the worse",
                check(|c, t| {
                    let word = read(c, t, 0.001, 0.95)?;
                    Ok(if word == "worse" { "unclear" } else { word })
                }),
            ),
            (
                "one side of the split",
                "either side",
                check(|c, t| read(c, t, if c.users > t.users { 0.0 } else { 0.001 }, 0.95)),
            ),
            (
                "a share of the users that is more than 0.5 points off",
                "8 tests of 100",
                check(|c, t| by_share(c, t, 0.0052)),
            ),
            (
                "a share that is more than 1 point off",
                "split first",
                check(|c, t| by_share(c, t, 0.01)),
            ),
            (
                "a difference of more than 1,055 users",
                "50.07 %",
                check(|c, t| {
                    if c.users.abs_diff(t.users) > 20_000
                        || (1_055..5_000).contains(&c.users.abs_diff(t.users))
                    {
                        return Ok("mismatch");
                    }
                    read(c, t, 0.0, 0.95)
                }),
            ),
            (
                "arms swapped",
                "right",
                check(|c, t| read(t, c, 0.001, 0.95)),
            ),
            ("another word", "none of", check(|_, _| Ok("win"))),
        ],
    );
}
