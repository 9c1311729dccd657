//! A story that holds up, an effect with its interval, and whom to call.

use super::{assert_accepts, assert_refuses};
use dsprep_core::Interval;
use dsprep_core::check::{Effect, Verdict, check_q29_effect, check_q29_story, check_q29_targets};
use dsprep_core::experiment::{Conversions, risk_ratio};
use dsprep_core::interview::star::Story;

/// A story with nothing to find; `spoil` changes it.
fn story(spoil: impl Fn(&mut Story)) -> Verdict {
    let mut story = Story {
        situation: "Our support team sorted 900 mails a day by hand, and urgent ones waited for hours.".into(),
        task: "My manager asked me to halve the median time to a first answer within a quarter.".into(),
        action: "I read 300 old mails myself and saw that one in ten was urgent, and that two words in the subject gave \
            most of them away. I built a word-count baseline in a week, and a small transformer beside it. I chose the \
            baseline instead of the transformer, because it was two points of recall worse but explained itself to the \
            agents, who had to trust it. My team lead disagreed; I proposed to run both in shadow for two weeks, and the \
            agents' corrections settled it. I then asked operations to route mails at random on alternate days, so that we \
            could measure the effect and not only the model."
            .into(),
        result: "The median wait fell from 190 to 80 minutes; the 95 % interval of the difference is 95 to 125. On control \
            days it stayed at 185, so almost all of it is ours. Next time I would agree on the metric first."
            .into(),
    };
    spoil(&mut story);
    check_q29_story(&story)
}

fn result(text: &str) -> Verdict {
    let filler = " Next time I would agree on the metric before I start, and I would write it down for everybody who is \
        concerned, so that nobody has to ask for it.";
    story(|story| story.result = format!("{text}{filler}"))
}

fn decision(text: &str) -> Verdict {
    story(|story| {
        let action = story.action.replace(
            "I chose the baseline instead of the transformer, because it was",
            text,
        );
        story.action = action;
    })
}

#[test]
fn stories() {
    assert_accepts(
        "check_q29_story",
        &[
            ("as it is", story(|_| {})),
            (
                "the number of cases instead of an interval",
                result(
                    "The median wait fell from 190 to 80 minutes, measured on 2,400 mails, while on control days it stayed at 185.",
                ),
            ),
            (
                "a random half that was not called",
                result(
                    "In the A/B test 20.1 % of those called left against 26.2 % of a random half that was not called, with \
                a 95 % interval of 4.4 to 7.7 points.",
                ),
            ),
            (
                "arms by their size",
                result(
                    "20.1 % left against 26.2 % of the others, chosen at random, with 5,000 customers in each arm: 6.1 points.",
                ),
            ),
            (
                "between two numbers",
                result(
                    "The median wait fell from 190 to 80 minutes, between 95 and 125 fewer, against a holdout that kept its 185.",
                ),
            ),
            (
                "halved",
                result(
                    "We halved the median wait, compared with a random half of the mails that was not treated; plus or \
                minus a tenth.",
                ),
            ),
            (
                "opted for",
                decision("I opted for the baseline rather than the transformer, although it was"),
            ),
            (
                "went with",
                decision("I went with the baseline because it was"),
            ),
            (
                "settled on",
                decision("I settled on the baseline instead of the transformer: it was"),
            ),
            (
                "convinced",
                decision(
                    "I convinced the team to take the baseline instead of the transformer: it was",
                ),
            ),
            (
                "chosen over",
                decision("I chose the baseline over the transformer: it was"),
            ),
        ],
    );
    assert_refuses(
        "check_q29_story",
        &[
            (
                "over lunch",
                "no decision",
                decision("I decided over lunch. The baseline was"),
            ),
            (
                "over the weekend",
                "no decision",
                decision("I decided it over the weekend. The baseline was"),
            ),
            (
                "over two weeks",
                "no decision",
                decision("I picked it over two weeks. The baseline was"),
            ),
            (
                "no alternative",
                "no decision",
                decision("I chose the baseline. It was"),
            ),
            (
                "between us, otherwise fine",
                "plus or minus what?",
                result("It fell from 18 points to 12 between us, otherwise fine."),
            ),
            (
                "no comparison",
                "without you",
                result("It fell from 18 points to 12, give or take 2, and went without a hitch."),
            ),
            (
                "a random forest is no random half",
                "without you",
                result("The random forest's error fell from 18 points to 12, give or take 2."),
            ),
            (
                "the changed number is asked about",
                "80 plus or minus what?",
                result(
                    "The median wait fell from 190 to 80 minutes; on control days it stayed as it was.",
                ),
            ),
            (
                "a duration is no number of cases",
                "plus or minus what?",
                result(
                    "The median wait fell from 190 to 80 minutes; on control days it stayed at 185.",
                ),
            ),
            (
                "no number",
                "no number",
                result("Everybody was happy, and without the model nobody would have been."),
            ),
            (
                "we",
                "Say what you did yourself",
                story(|story| story.action = story.action.replace("I ", "We ")),
            ),
            (
                "ambiguous per cent",
                "relative, or percentage points",
                story(|story| {
                    story.task =
                        "My manager asked me to lower the median time to a first answer by 15%."
                            .into();
                }),
            ),
            (
                "no situation",
                "situation is missing",
                story(|story| story.situation.clear()),
            ),
            (
                "the original",
                "one of your own",
                check_q29_story(&Story::churn()),
            ),
        ],
    );
}

fn rates(control: Conversions, treatment: Conversions) -> (f64, f64) {
    let rate = |arm: Conversions| arm.converted as f64 / arm.users as f64;
    (rate(control), rate(treatment))
}

fn interval(control: Conversions, treatment: Conversions, confidence: f64) -> Interval {
    let ratio = risk_ratio(control, treatment, confidence);
    let nothing = Interval::from((f64::NAN, f64::NAN));
    ratio.map_or(nothing, |ratio| one_minus(ratio.interval))
}

fn one_minus(Interval { lower, upper }: Interval) -> Interval {
    Interval {
        lower: 1.0 - upper,
        upper: 1.0 - lower,
    }
}

fn right(control: Conversions, treatment: Conversions) -> Effect {
    let (c, t) = rates(control, treatment);
    Effect {
        relative_reduction: 1.0 - t / c,
        points: 100.0 * (c - t),
        interval: interval(control, treatment, 0.95),
    }
}

#[test]
fn effects() {
    let check = |answer: fn(Conversions, Conversions) -> Effect| check_q29_effect(answer);
    assert_accepts(
        "check_q29_effect",
        &[
            ("rates", check(right)),
            (
                "difference over control",
                check(|c, t| {
                    let (control, treatment) = rates(c, t);
                    Effect {
                        relative_reduction: (control - treatment) / control,
                        ..right(c, t)
                    }
                }),
            ),
            (
                "Katz by hand",
                check(|c, t| {
                    let (control, treatment) = rates(c, t);
                    let variance = (1.0 - control) / c.converted as f64
                        + (1.0 - treatment) / t.converted as f64;
                    let factor = (1.959964 * variance.sqrt()).exp();
                    let ratio = treatment / control;
                    Effect {
                        interval: one_minus((ratio / factor, ratio * factor).into()),
                        ..right(c, t)
                    }
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q29_effect",
        &[
            (
                "ratio",
                "risk ratio",
                check(|c, t| Effect {
                    relative_reduction: 1.0 - right(c, t).relative_reduction,
                    ..right(c, t)
                }),
            ),
            (
                "per cent",
                "not per cent",
                check(|c, t| Effect {
                    relative_reduction: 100.0 * right(c, t).relative_reduction,
                    ..right(c, t)
                }),
            ),
            (
                "sign",
                "sign",
                check(|c, t| Effect {
                    relative_reduction: -right(c, t).relative_reduction,
                    ..right(c, t)
                }),
            ),
            (
                "by treatment",
                "treatment's rate",
                check(|c, t| right(t, c)),
            ),
            (
                "difference",
                "divided by the control's rate",
                check(|c, t| Effect {
                    relative_reduction: right(c, t).points / 100.0,
                    ..right(c, t)
                }),
            ),
            (
                "counts",
                "not counts",
                check(|c, t| Effect {
                    relative_reduction: 1.0 - t.converted as f64 / c.converted as f64,
                    ..right(c, t)
                }),
            ),
            (
                "points as a share",
                "multiply",
                check(|c, t| Effect {
                    points: right(c, t).points / 100.0,
                    ..right(c, t)
                }),
            ),
            (
                "points turned",
                "control minus treatment",
                check(|c, t| Effect {
                    points: -right(c, t).points,
                    ..right(c, t)
                }),
            ),
            (
                "ends swapped",
                "swapped",
                check(|c, t| {
                    let Interval { lower, upper } = right(c, t).interval;
                    Effect {
                        interval: (upper, lower).into(),
                        ..right(c, t)
                    }
                }),
            ),
            (
                "interval of the ratio",
                "interval of the risk ratio",
                check(|c, t| Effect {
                    interval: one_minus(right(c, t).interval),
                    ..right(c, t)
                }),
            ),
            (
                "90 %",
                "not the 95 % one",
                check(|c, t| Effect {
                    interval: interval(c, t, 0.90),
                    ..right(c, t)
                }),
            ),
        ],
    );
}

fn highest(scores: &[f64], most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    order.truncate(most);
    order
}

#[test]
fn targets() {
    let check = |answer: fn(&[f64], &[f64], usize) -> Vec<usize>| check_q29_targets(answer);
    assert_accepts(
        "check_q29_targets",
        &[
            (
                "sorted, then filtered",
                check(|_, uplift, most| {
                    let mut order = highest(uplift, most);
                    order.retain(|&customer| uplift[customer] > 0.0);
                    order
                }),
            ),
            (
                "filtered, then sorted",
                check(|_, uplift, most| {
                    let mut order: Vec<usize> =
                        (0..uplift.len()).filter(|&c| uplift[c] > 0.0).collect();
                    order.sort_by(|&a, &b| uplift[b].total_cmp(&uplift[a]));
                    order.into_iter().take(most).collect()
                }),
            ),
            (
                "in the order of the customers",
                check(|_, uplift, most| {
                    let mut order = highest(uplift, most);
                    order.retain(|&customer| uplift[customer] > 0.0);
                    order.sort_unstable();
                    order
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q29_targets",
        &[
            (
                "risk",
                "by risk",
                check(|risk, _, most| highest(risk, most)),
            ),
            (
                "all calls",
                "more likely to leave",
                check(|_, uplift, most| highest(uplift, most)),
            ),
            (
                "ascending",
                "descending",
                check(|_, uplift, most| {
                    highest(&uplift.iter().map(|u| -u).collect::<Vec<_>>(), most)
                }),
            ),
            (
                "also those whom a call leaves as they are",
                "changes nothing",
                check(|_, uplift, most| {
                    let mut order = highest(uplift, most);
                    order.retain(|&customer| uplift[customer] >= 0.0);
                    order
                }),
            ),
            ("nobody", "Nobody is called", check(|_, _, _| Vec::new())),
            (
                "one too many",
                "are called",
                check(|_, uplift, most| highest(uplift, most + 1)),
            ),
            (
                "one too few",
                "a call would keep some",
                check(|_, uplift, most| {
                    let mut order = highest(uplift, most.saturating_sub(1));
                    order.retain(|&customer| uplift[customer] > 0.0);
                    order
                }),
            ),
            (
                "the largest effect in either direction",
                "more likely",
                check(|_, uplift, most| {
                    highest(&uplift.iter().map(|u| u.abs()).collect::<Vec<_>>(), most)
                }),
            ),
            (
                "risk times uplift",
                "highest uplift",
                check(|risk, uplift, most| {
                    let product: Vec<f64> = risk.iter().zip(uplift).map(|(r, u)| r * u).collect();
                    let mut order = highest(&product, most);
                    order.retain(|&customer| uplift[customer] > 0.0);
                    order
                }),
            ),
            (
                "counted from 1",
                "no customer",
                check(|_, uplift, most| {
                    highest(uplift, most)
                        .into_iter()
                        .map(|customer| customer + 100)
                        .collect()
                }),
            ),
            ("twice", "twice", check(|_, _, most| vec![1; most])),
        ],
    );
}
