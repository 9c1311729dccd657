//! The numbers by which the kernel knows the variables that a cell takes and defines.
//!
//! The compiled cell does not hold them: the same cell is used again where its variables have other numbers.

use std::path::Path;

/// The variable that names the file in which the kernel lists the numbers for the cell that runs next.
const FILE: &str = "DSPREP_NUMBERS";

/// The numbers of the variables of one cell, in the order in which the cell counts them.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    takes: Vec<u32>,
    defines: Vec<u32>,
}

impl Numbers {
    /// Those that the kernel has listed: one line for what the cell takes, one for what it defines. None where it has
    /// not, and then the cell finds no variable.
    pub(super) fn of_this_cell() -> Numbers {
        std::env::var_os(FILE)
            .and_then(|file| Numbers::read(Path::new(&file)))
            .unwrap_or_default()
    }

    /// These numbers.
    #[cfg(test)]
    pub(super) fn new(takes: &[u32], defines: &[u32]) -> Numbers {
        Numbers {
            takes: takes.to_vec(),
            defines: defines.to_vec(),
        }
    }

    fn read(file: &Path) -> Option<Numbers> {
        let text = std::fs::read_to_string(file).ok()?;
        let mut lines = text.lines();
        let mut list = || -> Option<Vec<u32>> {
            let numbers = lines.next()?.split_ascii_whitespace();
            numbers.map(|number| number.parse().ok()).collect()
        };
        Some(Numbers {
            takes: list()?,
            defines: list()?,
        })
    }

    /// The number of the variable that is `index` among those that the cell takes.
    pub(super) fn taken(&self, index: u32) -> Option<u32> {
        at(&self.takes, index)
    }

    /// The number of the variable that is `index` among those that the cell defines.
    pub(super) fn defined(&self, index: u32) -> Option<u32> {
        at(&self.defines, index)
    }
}

fn at(numbers: &[u32], index: u32) -> Option<u32> {
    numbers.get(usize::try_from(index).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_read_in_order_and_a_damaged_list_gives_none() -> std::io::Result<()> {
        let folder = std::env::temp_dir().join(format!("dsprep-numbers-{}", std::process::id()));
        std::fs::write(&folder, "4 9\n12\n")?;
        let numbers = Numbers::read(&folder).unwrap_or_default();
        assert_eq!([numbers.taken(1), numbers.taken(2)], [Some(9), None]);
        assert_eq!([numbers.defined(0), numbers.defined(1)], [Some(12), None]);
        for damaged in ["", "4 9", "4 x\n12\n"] {
            std::fs::write(&folder, damaged)?;
            assert!(Numbers::read(&folder).is_none(), "{damaged:?}");
        }
        std::fs::remove_file(&folder)
    }
}
