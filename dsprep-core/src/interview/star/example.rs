//! A story that holds up, for tests.

use super::Story;

/// The model solution of the exercise in the notebook.
pub(crate) fn good() -> Story {
    Story {
        situation: "Our support team sorted 900 mails a day by hand, and urgent ones waited for hours.".to_owned(),
        task: "My manager asked me to halve the median time to a first answer within a quarter.".to_owned(),
        action: "I read 300 old mails myself and saw that one in ten was urgent, and that two words in the \
            subject gave most of them away. I built a word-count baseline in a week, and a small transformer \
            beside it. I chose the baseline instead of the transformer, because it was two points of recall worse \
            but explained itself to the agents, who had to trust it. My team lead disagreed; I proposed to run \
            both in shadow for two weeks, and the agents' corrections decided. I then asked operations to \
            route mails at random on alternate days, so that we could measure the effect and not only the model."
            .to_owned(),
        result: "The median wait fell from 190 to 80 minutes; the 95 % interval of the difference is 95 to 125. \
            On control days it stayed at 185, so almost all of it is ours. Next time I would agree on the \
            metric first."
            .to_owned(),
    }
}
