//! Statics that keep their value from cell to cell.
//!
//! Each cell is a library of its own. The one that defines a static exports it, and later cells name it as a symbol
//! that the dynamic linker has to find. Cells are loaded with their symbols hidden from each other, so a cell
//! that defines statics opens its own library once more, for all to see.

use std::ffi::{CStr, c_char, c_int, c_void};

/// What `dladdr` finds out about an address.
#[repr(C)]
struct Place {
    file: *const c_char,
    base: *mut c_void,
    symbol: *const c_char,
    address: *mut c_void,
}

unsafe extern "C" {
    fn dladdr(address: *const c_void, place: *mut Place) -> c_int;
    fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
}

const LAZY: c_int = 1;
#[cfg(target_os = "macos")]
const GLOBAL: c_int = 8;
#[cfg(not(target_os = "macos"))]
const GLOBAL: c_int = 0x100;

/// Lets later cells find the statics that the library with the function `cell` exports.
pub fn keep_statics(cell: *const ()) {
    let mut place = Place {
        file: std::ptr::null(),
        base: std::ptr::null_mut(),
        symbol: std::ptr::null(),
        address: std::ptr::null_mut(),
    };
    // SAFETY: `dladdr` writes into `place` only, and says by its result whether it did; the name of the file
    // that it gives lives as long as the library. The library is loaded already and is never closed.
    unsafe {
        if dladdr(cell.cast(), &mut place) != 0 && !place.file.is_null() {
            let file = CStr::from_ptr(place.file);
            dlopen(file.as_ptr(), LAZY | GLOBAL);
        }
    }
}
