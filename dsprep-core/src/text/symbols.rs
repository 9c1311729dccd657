//! Symbols by number.

use std::collections::HashMap;

/// Byte strings and their ids. Two merges that spell the same string give one symbol, as in the
/// original notebook, in GPT-2 and in Hugging Face's library.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Symbols {
    spelled: Vec<Vec<u8>>,
    ids: HashMap<Vec<u8>, u32>,
}

impl Symbols {
    pub fn intern(&mut self, bytes: &[u8]) -> u32 {
        if let Some(&id) = self.ids.get(bytes) {
            return id;
        }
        let id = self.spelled.len() as u32;
        self.spelled.push(bytes.to_vec());
        self.ids.insert(bytes.to_vec(), id);
        id
    }

    /// The symbol spelled like `left` and `right` together.
    pub fn concat(&mut self, (left, right): (u32, u32)) -> u32 {
        let spelled = [self.bytes(left), self.bytes(right)].concat();
        self.intern(&spelled)
    }

    /// The spelling of `id`, which this table gave out.
    pub fn bytes(&self, id: u32) -> &[u8] {
        &self.spelled[id as usize]
    }

    pub fn get(&self, id: u32) -> Option<&[u8]> {
        self.spelled.get(id as usize).map(Vec::as_slice)
    }

    /// The spelling of a symbol that was made of whole characters.
    pub fn text(&self, id: u32) -> String {
        String::from_utf8_lossy(self.bytes(id)).into_owned()
    }

    pub fn len(&self) -> usize {
        self.spelled.len()
    }
}
