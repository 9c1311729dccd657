//! Which devices or merchants a history holds.

/// Each value of a history with the number of records that hold it.
///
/// A history is short, so that running through a list is quicker than hashing.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen(Vec<(u32, u32)>);

impl Seen {
    pub(super) fn contains(&self, value: u32) -> bool {
        self.0.iter().any(|(seen, _)| *seen == value)
    }

    pub(super) fn add(&mut self, value: u32) {
        match self.0.iter_mut().find(|(seen, _)| *seen == value) {
            Some((_, count)) => *count += 1,
            None => self.0.push((value, 1)),
        }
    }

    pub(super) fn remove(&mut self, value: u32) {
        if let Some(at) = self.0.iter().position(|(seen, _)| *seen == value) {
            self.0[at].1 -= 1;
            if self.0[at].1 == 0 {
                self.0.swap_remove(at);
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<(u32, u32)>()
    }
}
