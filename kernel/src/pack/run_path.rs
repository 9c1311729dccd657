//! Where a packed program looks for its libraries: beside itself, and nowhere else.
//!
//! What is built looks first in the folder of the compiler that built it. On another machine that is a folder of
//! somebody else, who could put a library of their own there.

use crate::toolchain::kit::packaged::LIBRARIES;
use crate::toolchain::kit::place::BESIDE;

/// Takes from the run path of the program `bytes` what comes before the folders beside the program. A program whose
/// run path is another one is left as it is.
///
/// The path is a string in the file that ends with a zero byte; it becomes shorter, and zeros fill the rest.
pub fn keep_folders_beside(bytes: &mut [u8]) {
    let beside = format!("$ORIGIN/{BESIDE}:$ORIGIN/{LIBRARIES}\0").into_bytes();
    let Some(at) = bytes
        .windows(beside.len())
        .position(|it| it == beside.as_slice())
    else {
        return;
    };
    let before = bytes[..at].iter().rposition(|byte| *byte == 0);
    let start = before.map_or(0, |zero| zero + 1);
    bytes.copy_within(at..at + beside.len(), start);
    bytes[start + beside.len()..at + beside.len()].fill(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_folders_beside_the_program_are_left() {
        let of = |start: &str| {
            let path = format!("{start}$ORIGIN/{BESIDE}:$ORIGIN/{LIBRARIES}");
            format!("libc.so.6\0{path}\0main").into_bytes()
        };
        for start in ["", "/home/ada/.rustup/lib:", "/a b:/c:"] {
            let mut bytes = of(start);
            keep_folders_beside(&mut bytes);
            let mut expected = of("");
            let end = expected.len() - "main".len();
            expected.splice(end..end, vec![0; start.len()]);
            assert_eq!(bytes, expected, "{start}");
        }
    }

    #[test]
    fn another_program_stays_as_it_is() {
        let mut bytes = *b"\0/usr/lib:$ORIGIN/lib\0";
        keep_folders_beside(&mut bytes);
        assert_eq!(bytes, *b"\0/usr/lib:$ORIGIN/lib\0");
    }
}
