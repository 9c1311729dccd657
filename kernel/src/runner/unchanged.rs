//! Whether a notebook need not be run, since nothing changed since it passed.

use super::cache::{Known, Now};
use super::events::{End, Event, Run};
use super::execute::Execution;

impl Execution {
    /// Whether the stored outputs are those of the run, if it passes.
    pub(super) fn is_checked(&self) -> bool {
        self.settings.check || self.settings.update
    }

    /// What the notebook is like now, if there is a cache and it must be run; else the end of its run.
    pub(super) async fn known(&self) -> Result<Option<Now>, Box<Run>> {
        if self.settings.cache.is_none() {
            return Ok(None);
        }
        let (planned, settings, checked) = (
            self.planned.clone(),
            self.settings.clone(),
            self.is_checked(),
        );
        let known = tokio::task::spawn_blocking(move || {
            let cache = settings.cache.as_ref()?;
            Some(cache.look_up(&planned, checked, settings.copies.as_deref()))
        });
        match known.await.ok().flatten() {
            None => Ok(None),
            Some(Known::Changed { why, now }) => {
                let notebook = self.index;
                self.tell(Event::NotCached { notebook, why });
                Ok(now)
            }
            Some(Known::Unchanged { since }) => {
                let end = End::Unchanged { since };
                Err(Box::new(Run {
                    end,
                    ..Run::default()
                }))
            }
        }
    }
}
