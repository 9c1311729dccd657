//! How wide text is on a terminal, where some characters take two columns and some take none.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// How many columns the text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text if it fits into `columns`, else its start and `…`.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut room = columns.saturating_sub(1);
    let fits = |character: &char| {
        let needs = character.width().unwrap_or(0);
        let fits = needs <= room;
        room = room.saturating_sub(needs);
        fits
    };
    let start: String = text.chars().take_while(fits).collect();
    format!("{}…", start.trim_end())
}

/// The text if it fits into `columns`, else `…` and its end.
pub fn cut_start(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut room = columns.saturating_sub(1);
    let fits = |(_, character): &(usize, char)| {
        let needs = character.width().unwrap_or(0);
        let fits = needs <= room;
        room = room.saturating_sub(needs);
        fits
    };
    let start = text.char_indices().rev().take_while(fits).last();
    format!("…{}", start.map_or("", |(index, _)| &text[index..]))
}

/// How many columns the terminal of standard error has; none if it is not one.
pub fn columns() -> Option<usize> {
    let mut size = std::mem::MaybeUninit::<libc::winsize>::zeroed();
    // SAFETY: the call fills the structure in, which has room for it, or fails.
    let answer = unsafe { libc::ioctl(libc::STDERR_FILENO, libc::TIOCGWINSZ, size.as_mut_ptr()) };
    if answer != 0 {
        return None;
    }
    // SAFETY: zeroed memory is a right value of this structure of numbers, filled in or not.
    let columns = usize::from(unsafe { size.assume_init() }.ws_col);
    Some(columns).filter(|columns| *columns > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(width("데이터.ipynb"), 12);
        assert_eq!(cut("데이터.ipynb", 6), "데이…");
        assert_eq!(cut_start("데이터.ipynb", 9), "…터.ipynb");
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut_start("too long", 5), "…long");
    }
}
