//! Monitoring and retraining: a lifecycle that was saved goes on as if it had not been, whatever happens.

use crate::inputs::{any_labels, any_matrix, cases, matrix};
use dsprep_core::prelude::*;
use proptest::prelude::*;

/// Weeks in which any of the four things may happen.
fn stream() -> impl Strategy<Value = WeekStream> {
    let change =
        (4_u32..12, 1_u32..4, prop::option::of(8_u32..16)).prop_map(|(from, over, until)| {
            let change = Change::gradual(from, over);
            until.map_or(change, |until| change.until(until))
        });
    let happens = (
        prop::option::of(change.clone()),
        prop::option::of(change.clone()),
        prop::option::of(change),
        0_u32..3,
    );
    (100_usize..160, any::<u32>(), happens).prop_map(
        |(rows, seed, (concept, covariate, fault, delay))| {
            let mut stream =
                WeekStream::stable(rows, &mut RandomState::seed(seed)).with_label_delay(delay);
            if let Some(change) = concept {
                stream = stream.with_concept_drift(change);
            }
            if let Some(change) = covariate {
                stream = stream.with_covariate_drift(change, 1.0);
            }
            if let Some(change) = fault {
                stream = stream.with_broken_feature(0, Fault::Scaled(100.0), change);
            }
            stream
        },
    )
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn a_lifecycle_that_is_saved_and_restored_goes_on_the_same(stream in stream(), stop in 4_u32..18) {
        let policy = MonitorPolicy::default();
        let mut going_on = ModelLifecycle::start_on(&stream, policy)?;
        let mut restored = going_on.clone();
        for week in 4..18 {
            if week == stop {
                let mut con = Connection::open_in_memory()?;
                restored.save(&mut con)?;
                restored = ModelLifecycle::restore(&con, policy)?;
                prop_assert_eq!(&restored, &going_on);
                restored.save(&mut con)?;
                prop_assert_eq!(&ModelLifecycle::restore(&con, policy)?, &going_on);
            }
            prop_assert_eq!(restored.advance(&stream, week)?, going_on.advance(&stream, week)?);
        }
        prop_assert_eq!(restored, going_on);
    }

    #[test]
    fn there_is_one_champion_at_any_time_and_each_week_has_one_decision(stream in stream()) {
        use dsprep_core::monitor::Status;
        let mut lifecycle = ModelLifecycle::start_on(&stream, MonitorPolicy::default())?;
        for week in 4..18 {
            let report = lifecycle.advance(&stream, week)?;
            prop_assert_eq!(report.decision.week, week);
            let champions: Vec<u32> = lifecycle.versions().iter()
                .filter(|version| version.status == Status::Champion).map(|version| version.version).collect();
            prop_assert_eq!(champions, [lifecycle.champion()]);
            let shadows = lifecycle.versions().iter().filter(|version| version.status == Status::Shadow).count();
            prop_assert_eq!(shadows, usize::from(lifecycle.challenger().is_some()));
        }
        prop_assert_eq!(lifecycle.decisions().len(), 14);
    }

    #[test]
    fn what_is_wrong_is_refused_and_nothing_is_kept(
        seed: u32, x in any_matrix(), y in any_labels(), week in 0_u32..8,
    ) {
        let stream = WeekStream::stable(60, &mut RandomState::seed(seed));
        let mut lifecycle = ModelLifecycle::start_on(&stream, MonitorPolicy::default())?;
        let before = lifecycle.clone();
        if lifecycle.serve(week, &x).is_err() {
            prop_assert_eq!(&lifecycle, &before);
        }
        let before = lifecycle.clone();
        if lifecycle.label(week, &y).is_err() {
            prop_assert_eq!(&lifecycle, &before);
        }
        let before = lifecycle.clone();
        if lifecycle.roll_back_to(week, "a test").is_err() {
            prop_assert_eq!(&lifecycle, &before);
        }
    }

    #[test]
    fn a_reference_does_not_drift_from_itself(x in matrix(40, 3), other in any_matrix()) {
        let reference = DriftReference::new(&x)?;
        let policy = DriftPolicy::default();
        let report = reference.check(&x, &policy)?;
        prop_assert!(report.drifted().is_empty());
        prop_assert!(report.largest_ks() == 0.0 && report.largest_psi().abs() < 1e-12);
        if let Ok(report) = reference.check(&other, &policy) {
            for column in &report.columns {
                prop_assert!((0.0..=1.0).contains(&column.ks) && (0.0..=1.0).contains(&column.adjusted_p));
                prop_assert!(column.p_value <= column.adjusted_p && column.psi >= 0.0);
            }
        }
        prop_assert!(DriftReference::new(&other).is_ok() != (other.is_empty() || other.iter().any(|x| !x.is_finite())));
    }
}
