use super::*;

const HEALTHY: Observation = Observation {
    days: 14.0,
    requests: 100_000,
    errors: 50,
    slow: 700,
};

fn decision(stage: usize, seen: Observation) -> RolloutDecision {
    decide(&rollout_plan(), stage, &Guardrails::default(), &seen).unwrap()
}

#[test]
fn a_healthy_canary_of_any_size_is_decided_upon() {
    for (requests, errors) in [
        (10_000_000, 0),
        (10_000_000, 20),
        (1_000_000_000, 10_000),
        (u64::MAX, 1),
    ] {
        let seen = Observation {
            requests,
            errors,
            slow: errors,
            ..HEALTHY
        };
        assert!(matches!(
            decision(1, seen),
            RolloutDecision::Advance { next: 2, .. }
        ));
    }
}

#[test]
fn a_single_error_is_no_proof_unless_it_comes_within_ten_requests() {
    let one_of = |requests| Observation {
        requests,
        errors: 1,
        slow: 0,
        ..HEALTHY
    };
    // At the limit of 0.1 %, an error within 10 requests has a probability of 1 %, within 30 of 3 %.
    assert!(matches!(
        decision(1, one_of(10)),
        RolloutDecision::Rollback { .. }
    ));
    assert!(matches!(
        decision(1, one_of(30)),
        RolloutDecision::Hold { .. }
    ));
}

#[test]
fn a_slow_model_is_rolled_back_even_before_its_days_are_over() {
    let slow = Observation {
        days: 0.1,
        requests: 1000,
        errors: 0,
        slow: 40,
    };
    let RolloutDecision::Rollback { reason } = decision(1, slow) else {
        panic!("not rolled back")
    };
    assert!(
        reason.starts_with("40 of 1000 requests were too slow"),
        "{reason}"
    );
}

#[test]
fn few_requests_prove_nothing_in_either_direction() {
    for errors in [0, 1] {
        let few = Observation {
            requests: 200,
            errors,
            slow: 0,
            ..HEALTHY
        };
        assert!(matches!(decision(1, few), RolloutDecision::Hold { .. }));
    }
    let none = Observation {
        requests: 0,
        errors: 0,
        slow: 0,
        ..HEALTHY
    };
    assert!(matches!(decision(1, none), RolloutDecision::Hold { .. }));
}

#[test]
fn a_healthy_stage_waits_for_its_days_and_then_advances_to_the_end() {
    let early = Observation {
        days: 13.0,
        ..HEALTHY
    };
    assert!(matches!(decision(3, early), RolloutDecision::Hold { .. }));
    for stage in 0..4 {
        assert!(
            matches!(decision(stage, HEALTHY), RolloutDecision::Advance { next, .. } if next == stage + 1)
        );
    }
    let RolloutDecision::Hold { reason } = decision(4, HEALTHY) else {
        panic!("there is no stage after the last")
    };
    assert_eq!(
        reason,
        "\"full\" is the last stage: the rollout is complete."
    );
}

#[test]
fn impossible_counts_are_errors() {
    let impossible = Observation {
        errors: 200_000,
        ..HEALTHY
    };
    let error = decide(&rollout_plan(), 0, &Guardrails::default(), &impossible).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`errors` is 200000, but it must be at most the number of requests."
    );
    assert!(decide(&rollout_plan(), 5, &Guardrails::default(), &HEALTHY).is_err());
}

#[test]
fn an_unknown_latency_counts_as_slow() {
    let latencies = ndarray::array![f64::NAN, 1.0];
    let seen = Observation::from_latencies(&latencies, 0, 1.0, &Guardrails::default());
    assert_eq!(seen.slow, 1);
}

#[test]
fn a_stage_without_a_number_of_days_is_refused() {
    let mut plan = rollout_plan();
    plan[0].min_days = f64::NAN;
    let seen = Observation {
        days: 0.0,
        requests: 100_000_000,
        errors: 0,
        slow: 0,
    };
    let error = decide(&plan, 0, &Guardrails::default(), &seen).unwrap_err();
    assert!(error.to_string().contains("`min_days`"), "{error}");
}
