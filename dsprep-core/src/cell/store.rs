//! Where the variables of a notebook live between two cells.
//!
//! Each cell takes its variables out by name and type, and puts them back at its end. This is the
//! interface that evcxr's generated code calls; living in the core, it is compiled once and not anew
//! with every cell. What depends on a variable's type is compiled in each cell all the same, so the
//! generic methods do no more than name the type, and hand over to others that know it by its id.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

/// What a cell prints, with a variable's name, when that variable's type was defined anew.
pub const VARIABLE_CHANGED_TYPE: &str = "EVCXR_VARIABLE_CHANGED_TYPE:";
/// What a cell prints when a `?` ended it early.
pub const USER_ERROR_OCCURRED: &str = "EVCXR_ERROR_OCCURRED";

/// The variables of a notebook by name, each of any `'static` type.
#[derive(Default)]
pub struct VariableStore {
    variables: HashMap<String, Box<dyn Any>>,
}

/// A new, empty store, owned by the process in which the cells run.
pub fn create_variable_store() -> *mut VariableStore {
    Box::into_raw(Box::default())
}

impl VariableStore {
    /// Keeps `value` as `name`.
    pub fn put_variable<T: 'static>(&mut self, name: &str, value: T) {
        self.put_boxed(name, Box::new(value));
    }

    /// Keeps `value` as `name`, for a variable whose type only the compiler knows so far.
    ///
    /// The call stays a call, so that the compiler's listing of the cell names `T` beside `ID`: there
    /// the kernel reads the type under which later cells take the variable out.
    #[inline(never)]
    pub fn put_typed<T: 'static, const ID: u32>(&mut self, name: &str, value: T) {
        self.put_boxed(name, Box::new(value));
    }

    /// Whether `name` is absent or of type `T`; tells the kernel where it is of another type.
    pub fn check_variable<T: 'static>(&mut self, name: &str) -> bool {
        self.check_type(name, TypeId::of::<T>())
    }

    /// Takes the variable `name` out.
    ///
    /// # Panics
    /// If there is no such variable of type `T`: the kernel has asked [`Self::check_variable`] before.
    pub fn take_variable<T: 'static>(&mut self, name: &str) -> T {
        let value = Box::into_raw(self.take_typed(name, TypeId::of::<T>()));
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
        let value = entry.or_insert_with(|| Box::new(Arc::new(create())));
        match value.downcast_ref::<Arc<T>>() {
            Some(value) => Arc::clone(value),
            None => panic!("the variable `{name}` changed its type"),
        }
    }

    fn put_boxed(&mut self, name: &str, value: Box<dyn Any>) {
        self.variables.insert(name.to_owned(), value);
    }

    fn check_type(&self, name: &str, wanted: TypeId) -> bool {
        let variable = self.variables.get(name);
        let same = variable.is_none_or(|value| (**value).type_id() == wanted);
        if !same {
            report_changed_type(name);
        }
        same
    }

    fn take_typed(&mut self, name: &str, wanted: TypeId) -> Box<dyn Any> {
        match self.variables.remove(name) {
            Some(value) if (*value).type_id() == wanted => value,
            Some(_) => panic!("the variable `{name}` changed its type"),
            None => panic!("there is no variable `{name}` any more"),
        }
    }
}

fn report_changed_type(name: &str) {
    eprintln!("The type of the variable `{name}` was defined anew, so the variable is lost.");
    println!("{VARIABLE_CHANGED_TYPE}{name}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_comes_back_as_the_type_it_was_put_in_as() {
        let mut store = VariableStore::default();
        store.put_variable("x", vec![1, 2]);
        store.put_typed::<_, 7>("y", "text");
        assert!(store.check_variable::<Vec<i32>>("x"));
        assert!(store.check_variable::<u8>("absent"));
        assert_eq!(store.take_variable::<Vec<i32>>("x"), [1, 2]);
        assert_eq!(store.take_variable::<&str>("y"), "text");
    }

    #[test]
    fn a_variable_of_another_type_is_not_taken_out() {
        let mut store = VariableStore::default();
        store.put_variable("x", 1_u32);
        assert!(!store.check_variable::<i32>("x"));
        let taken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.take_variable::<i32>("x")
        }));
        assert!(taken.is_err());
    }
}
