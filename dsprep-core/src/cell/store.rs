//! Where the variables of a notebook live between two cells.
//!
//! Each cell takes its variables out by name and type, and puts them back at its end. This is the
//! interface that evcxr's generated code calls; living in the core, it is compiled once and not anew
//! with every cell.

use std::any::Any;
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
        let same = self.variables.get(name).is_none_or(|value| value.is::<T>());
        if !same {
            report_changed_type(name);
        }
        same
    }

    /// Takes the variable `name` out.
    ///
    /// # Panics
    /// If there is no such variable of type `T`: the kernel has asked [`Self::check_variable`] before.
    pub fn take_variable<T: 'static>(&mut self, name: &str) -> T {
        match self.take_boxed(name).downcast() {
            Ok(value) => *value,
            Err(_) => panic!("the variable `{name}` changed its type"),
        }
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

    fn take_boxed(&mut self, name: &str) -> Box<dyn Any> {
        match self.variables.remove(name) {
            Some(value) => value,
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
}
