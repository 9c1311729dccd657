mod input;
mod storage;

use super::*;
use crate::monitor::{Change, Fault};
use crate::random::RandomState;

/// What is decided in the weeks 4 to `until` of `stream`, one decision a week.
fn run(stream: &WeekStream, policy: MonitorPolicy, until: u32) -> Result<ModelLifecycle> {
    let mut lifecycle = ModelLifecycle::start_on(stream, policy)?;
    for week in 4..until {
        lifecycle.advance(stream, week)?;
    }
    Ok(lifecycle)
}

/// The weeks in which `action` was decided.
fn weeks_of(lifecycle: &ModelLifecycle, action: MonitorAction) -> Vec<u32> {
    let decisions = lifecycle.decisions().iter();
    decisions
        .filter(|decision| decision.action == action)
        .map(|decision| decision.week)
        .collect()
}

fn stable() -> WeekStream {
    WeekStream::stable(1000, &mut RandomState::seed(25)).with_label_delay(2)
}

#[test]
fn on_a_stable_stream_a_year_passes_without_an_alarm() -> Result<()> {
    let lifecycle = run(&stable(), MonitorPolicy::default(), 56)?;
    assert_eq!(weeks_of(&lifecycle, MonitorAction::Keep).len(), 52);
    assert_eq!(lifecycle.versions().len(), 1);
    Ok(())
}

#[test]
fn covariate_drift_is_looked_at_and_nothing_is_retrained() -> Result<()> {
    let stream = stable().with_covariate_drift(Change::gradual(12, 4), 0.8);
    let lifecycle = run(&stream, MonitorPolicy::default(), 30)?;
    let looked = weeks_of(&lifecycle, MonitorAction::Investigate);
    assert!(
        looked.contains(&16) && looked.first() >= Some(&12),
        "{looked:?}"
    );
    assert_eq!(lifecycle.champion(), 1);
    assert_eq!(lifecycle.versions().len(), 1);
    Ok(())
}

#[test]
fn concept_drift_is_seen_when_labels_mature_and_a_better_model_is_promoted() -> Result<()> {
    let stream = stable().with_concept_drift(Change::abrupt(14));
    let lifecycle = run(&stream, MonitorPolicy::default(), 34)?;
    let retrained = weeks_of(&lifecycle, MonitorAction::Retrain);
    let promoted = weeks_of(&lifecycle, MonitorAction::Promote);
    assert!((18..=19).contains(&retrained[0]), "{retrained:?}");
    assert_eq!(
        promoted[0],
        retrained[0] + 5,
        "3 weeks in shadow, 2 until their labels come"
    );
    assert!(weeks_of(&lifecycle, MonitorAction::RollBack).is_empty());
    let auc = |week: u32| {
        let found = lifecycle
            .metrics()
            .iter()
            .find(|metrics| metrics.week == week);
        found
            .and_then(|metrics| metrics.auc)
            .map_or(0.0, |(auc, _)| auc)
    };
    assert!(auc(33) > auc(20) + 0.05, "{} {}", auc(20), auc(33));
    assert_eq!(lifecycle.version(1)?.status, Status::Retired);
    Ok(())
}

#[test]
fn a_broken_feature_is_repaired_and_neither_trained_on_nor_held_against_the_model() -> Result<()> {
    let change = Change::abrupt(12).until(16);
    for fault in [Fault::Stuck(0.0), Fault::Scaled(100.0)] {
        let stream = stable().with_broken_feature(0, fault, change);
        let lifecycle = run(&stream, MonitorPolicy::default(), 26)?;
        let repaired = weeks_of(&lifecycle, MonitorAction::Repair);
        assert_eq!(repaired, [12, 13, 14, 15], "{fault:?}");
        assert_eq!(lifecycle.versions().len(), 1);
    }
    Ok(())
}

#[test]
fn a_season_moves_the_inputs_and_retrains_nothing() -> Result<()> {
    let stream = stable().with_seasonality(12, 0.8);
    let lifecycle = run(&stream, MonitorPolicy::default(), 40)?;
    assert!(!weeks_of(&lifecycle, MonitorAction::Investigate).is_empty());
    assert_eq!(lifecycle.versions().len(), 1);
    Ok(())
}

#[test]
fn a_model_promoted_for_a_holiday_is_rolled_back_when_the_old_times_return() -> Result<()> {
    let stream = stable().with_concept_drift(Change::abrupt(14).until(22));
    let lifecycle = run(&stream, MonitorPolicy::default(), 34)?;
    let promoted = weeks_of(&lifecycle, MonitorAction::Promote);
    let rolled_back = weeks_of(&lifecycle, MonitorAction::RollBack);
    assert_eq!(
        (promoted.len(), rolled_back.len()),
        (1, 1),
        "{:#?}",
        lifecycle.decisions()
    );
    assert!(rolled_back[0] > promoted[0] && rolled_back[0] <= promoted[0] + 4);
    assert_eq!(lifecycle.champion(), 1);
    assert_eq!(lifecycle.version(2)?.status, Status::RolledBack);
    Ok(())
}

#[test]
fn a_scheduled_challenger_that_is_only_new_is_not_promoted() -> Result<()> {
    let policy = MonitorPolicy {
        schedule: Some(8),
        ..MonitorPolicy::default()
    };
    let lifecycle = run(&stable(), policy, 24)?;
    let retrained = weeks_of(&lifecycle, MonitorAction::Retrain);
    assert_eq!(retrained[0], 3 + 8);
    assert_eq!(weeks_of(&lifecycle, MonitorAction::Reject)[0], 11 + 5);
    assert_eq!(lifecycle.champion(), 1);
    Ok(())
}

#[test]
fn a_mean_score_far_from_the_expected_one_brings_the_predecessor_back() -> Result<()> {
    let stream = stable().with_concept_drift(Change::abrupt(14));
    let mut lifecycle = run(&stream, MonitorPolicy::default(), 20)?;
    while lifecycle.champion() == 1 {
        lifecycle.advance(&stream, lifecycle.last_week + 1)?;
    }
    let week = lifecycle.last_week + 1;
    let moved = stream.week(week)?.x + 0.9; // within the range, so no fault
    lifecycle.serve(week, &moved)?;
    let decision = lifecycle.review(week)?.decision;
    assert_eq!(decision.action, MonitorAction::RollBack);
    assert!(
        decision.reason.contains("was expected"),
        "{}",
        decision.reason
    );
    assert_eq!(lifecycle.champion(), 1);
    Ok(())
}

#[test]
fn rows_of_a_rare_class_are_waited_for_before_anything_is_decided() -> Result<()> {
    // One row in thirty is positive: three weeks of 60 rows hold about 6 positives, two at least in each.
    let rare = |week: u32, seed: u32| -> Result<Week> {
        let mut rng = RandomState::seed(1000 * seed + week);
        let y = Array1::from_shape_fn(60, |row| usize::from(row % 30 == 20));
        Ok(Week {
            week,
            x: rng.randn((60, 3))?,
            y,
        })
    };
    let policy = MonitorPolicy {
        schedule: Some(1),
        ..MonitorPolicy::default()
    };
    let mut judged = 0;
    for seed in 0..20 {
        let weeks: Vec<Week> = (0..20)
            .map(|week| rare(week, seed))
            .collect::<Result<_>>()?;
        let mut lifecycle = ModelLifecycle::start(&weeks, policy)?;
        for number in 20..29 {
            let week = rare(number, seed)?;
            lifecycle.serve(number, &week.x)?;
            lifecycle.label(number, &week.y)?;
            let decision = lifecycle.review(number)?.decision;
            let decided = [
                MonitorAction::Promote,
                MonitorAction::Reject,
                MonitorAction::RollBack,
            ];
            judged += usize::from(decided.contains(&decision.action));
        }
        assert_eq!(lifecycle.champion(), 1);
        let last = lifecycle
            .decisions()
            .last()
            .map(|decision| decision.reason.clone());
        assert!(
            last.is_some_and(|reason| reason.contains("of 30 positives")),
            "{seed}"
        );
    }
    assert_eq!(judged, 0);
    Ok(())
}
