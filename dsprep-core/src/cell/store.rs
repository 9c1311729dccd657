//! Where the variables of a notebook live between two cells.
//!
//! Each cell takes the variables that it mentions out by name, and puts them back at its end. The kernel
//! gives each definition of a variable a number of its own, so a value is never taken for one that was defined
//! before or after it under the same name; the type is compared as well. A compiled cell does not hold these numbers,
//! so that it can be used again: it counts what it takes and what it defines from zero, and the kernel
//! lists (`numbers.rs`) the number of each before the cell runs.
//!
//! This is what the code around a cell calls; living in the core, it is compiled once and not anew with every
//! cell. What depends on a variable's type is compiled in each cell all the same, so the generic methods do no
//! more than name the type, and hand over to others that know it by its id.

use super::frame::Frame;
use super::numbers::Numbers;
use super::{owner, values};
use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// The variable that names the file for the list of variables: a number, a blank and a name on each line.
const LIST: &str = "DSPREP_VARIABLES";

/// The number of what cells share without having defined it.
const SHARED: u32 = 0;

/// The variables of a notebook by name, each of any `'static` type.
#[derive(Default)]
pub struct VariableStore {
    variables: BTreeMap<String, Variable>,
    /// The numbers of what the running cell takes and defines.
    numbers: Numbers,
}

struct Variable {
    /// The number of its definition.
    id: u32,
    value: Box<dyn Any>,
}

/// The store of the cells before this one, or a new one for the first, with the numbers of what this one takes and
/// defines.
///
/// # Safety
/// `store` is null, or what an earlier call returned, and nobody else uses it.
pub unsafe fn open(store: *mut VariableStore) -> *mut VariableStore {
    owner::wake();
    let store = if store.is_null() {
        Box::into_raw(Box::<VariableStore>::default())
    } else {
        store
    };
    // SAFETY: it was made here or in an earlier call, and nobody else uses it.
    unsafe { (*store).numbers = Numbers::of_this_cell() };
    store
}

impl VariableStore {
    /// Keeps `value` as `name`, and lets go of what `name` was before.
    ///
    /// The call stays a call in the compiler's listing of the cell, as that of a function which is called now and then.
    /// The listing names `T` beside `INDEX`, the place among the variables that the cell defines: there the kernel reads
    /// the type under which later cells take it out. (With `inline(never)` the compiler would look for this very
    /// function in the lists of all that the libraries hold, which takes a third of the time that a cell takes.)
    #[cold]
    pub fn put_typed<T: 'static, const INDEX: u32>(&mut self, name: &str, value: T) {
        self.put_new(name, INDEX, Box::new(value));
    }

    /// Puts back a variable that was taken out, unless the cell has defined it anew.
    pub fn put_back<T: 'static>(&mut self, name: &str, index: u32, value: T) {
        self.put_back_boxed(name, index, Box::new(value));
    }

    /// Whether the variable `name`, `index` among those that the cell takes, is here, from the definition that it
    /// means and of type `T`.
    pub fn has<T: 'static>(&self, name: &str, index: u32) -> bool {
        self.has_typed(name, index, TypeId::of::<T>())
    }

    /// Takes the variable `name` out.
    ///
    /// # Panics
    /// If there is no such variable: the cell has asked [`Self::has`] before.
    pub fn take<T: 'static>(&mut self, name: &str, index: u32) -> T {
        let value = Box::into_raw(self.take_typed(name, index, TypeId::of::<T>()));
        // SAFETY: the box holds a `T`, as its type id was just compared. `downcast` would compare it again, and
        // that code would be compiled for each variable of each cell.
        *unsafe { Box::from_raw(value.cast::<T>()) }
    }

    /// The shared value `name`, created on first use (the runtime of asynchronous cells).
    ///
    /// # Panics
    /// If `name` is a variable of another type.
    pub fn lazy_arc<T: 'static, F: FnOnce() -> T>(&mut self, name: &str, create: F) -> Arc<T> {
        let entry = self.variables.entry(name.to_owned());
        let variable = entry.or_insert_with(|| Variable {
            id: SHARED,
            value: Box::new(Arc::new(create())),
        });
        match variable.value.downcast_ref::<Arc<T>>() {
            Some(value) => Arc::clone(value),
            None => panic!("the variable `{name}` changed its type"),
        }
    }

    /// The variables that are here, for the cells after one that is left behind.
    pub(super) fn hand_over(&mut self) -> VariableStore {
        let mut rest = VariableStore::default();
        std::mem::swap(&mut rest.variables, &mut self.variables);
        // The cell may hold the lock of what is shared.
        rest.variables.retain(|_, variable| {
            if variable.id != SHARED {
                return true;
            }
            // Its destructor could wait for the cell.
            let nothing: Box<dyn Any> = Box::new(());
            std::mem::forget(std::mem::replace(&mut variable.value, nothing));
            false
        });
        rest
    }

    /// Tells the kernel which variables there are now. The cell does not touch them any more.
    pub fn tell(&mut self) {
        self.list();
        owner::rest(std::ptr::from_mut(self).cast());
    }

    /// What the variables hold whose types are known here, by name.
    pub(super) fn values(&self) -> Vec<(String, String)> {
        let variables = self.variables.iter();
        variables
            .filter_map(|(name, variable)| Some((name.clone(), values::text(&*variable.value)?)))
            .collect()
    }

    /// Lists the variables that there are now.
    pub(super) fn list(&self) {
        if let Some(file) = list_file() {
            let lines = self.variables.iter();
            let lines = lines.map(|(name, variable)| format!("{} {name}\n", variable.id));
            // Without the list the kernel knows no variables, and each cell that mentions one says so.
            let _ = std::fs::write(file, lines.collect::<String>());
        }
    }

    /// Tells that a cell can't run: variables that it mentions are not here.
    pub fn tell_missing(&self) {
        Frame::new("error")
            .text(
                "message",
                "the variables of this cell are lost: the process that held them ended. Run the cells that define them again",
            )
            .send();
    }

    fn put_boxed(&mut self, name: &str, id: u32, value: Box<dyn Any>) {
        // The new value is kept before the old one is dropped, which may panic.
        let old = self
            .variables
            .insert(name.to_owned(), Variable { id, value });
        drop(old);
    }

    fn put_new(&mut self, name: &str, index: u32, value: Box<dyn Any>) {
        // Without its number the kernel does not know the variable, and says so.
        let id = self.numbers.defined(index).unwrap_or(u32::MAX);
        self.put_boxed(name, id, value);
    }

    fn put_back_boxed(&mut self, name: &str, index: u32, value: Box<dyn Any>) {
        if !self.variables.contains_key(name) {
            let id = self.numbers.taken(index).unwrap_or(u32::MAX);
            return self.put_boxed(name, id, value);
        }
        // Nothing around the end of a cell catches what a destructor throws.
        if catch_unwind(AssertUnwindSafe(|| drop(value))).is_err() {
            super::panic::tell();
        }
    }

    fn has_typed(&self, name: &str, index: u32, wanted: TypeId) -> bool {
        let variable = self.variables.get(name);
        let id = self.numbers.taken(index);
        variable.is_some_and(|it| id == Some(it.id) && (*it.value).type_id() == wanted)
    }

    fn take_typed(&mut self, name: &str, index: u32, wanted: TypeId) -> Box<dyn Any> {
        let id = self.numbers.taken(index);
        match self.variables.remove(name) {
            Some(it) if id == Some(it.id) && (*it.value).type_id() == wanted => it.value,
            _ => panic!("there is no variable `{name}` of this type"),
        }
    }
}

fn list_file() -> Option<&'static PathBuf> {
    static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    FILE.get_or_init(|| std::env::var_os(LIST).map(PathBuf::from))
        .as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A store for a cell that takes and defines what has these numbers.
    fn store(takes: &[u32], defines: &[u32]) -> VariableStore {
        VariableStore {
            numbers: Numbers::new(takes, defines),
            ..VariableStore::default()
        }
    }

    #[test]
    fn a_variable_comes_back_as_the_type_it_was_put_in_as() {
        let mut store = store(&[6, 7, 8], &[6, 7]);
        store.put_typed::<_, 0>("x", vec![1, 2]);
        store.put_typed::<_, 1>("y", "text");
        assert!(store.has::<Vec<i32>>("x", 0));
        assert!(!store.has::<u8>("absent", 2));
        assert_eq!(store.take::<Vec<i32>>("x", 0), [1, 2]);
        assert_eq!(store.take::<&str>("y", 1), "text");
    }

    #[test]
    fn a_cell_takes_what_the_kernel_means_and_not_what_has_the_same_place() {
        let mut store = store(&[], &[6]);
        store.put_typed::<_, 0>("x", 1);
        store.numbers = Numbers::new(&[7], &[]);
        assert!(!store.has::<i32>("x", 0));
        store.numbers = Numbers::new(&[6], &[]);
        assert!(store.has::<i32>("x", 0));
        assert!(!store.has::<i32>("x", 1));
    }

    #[test]
    fn a_variable_of_another_type_or_definition_is_not_taken_out() {
        for (index, wrong) in [(0, true), (1, false)] {
            let mut store = store(&[1, 2], &[1]);
            store.put_typed::<_, 0>("x", 1_u32);
            assert!(!store.has::<i32>("x", 0));
            assert!(!store.has::<u32>("x", 1));
            let taken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                if wrong {
                    store.take::<i32>("x", index).unsigned_abs()
                } else {
                    store.take::<u32>("x", index)
                }
            }));
            assert!(taken.is_err());
        }
    }

    #[test]
    fn a_new_value_is_kept_even_if_the_old_one_panics_when_it_is_dropped() {
        struct Vase;
        impl Drop for Vase {
            fn drop(&mut self) {
                panic!("broken");
            }
        }
        let mut store = store(&[2], &[1, 2]);
        store.put_typed::<_, 0>("vase", Vase);
        let put = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.put_typed::<_, 1>("vase", 5);
        }));
        assert!(put.is_err());
        assert_eq!(store.take::<i32>("vase", 0), 5);
    }
}
