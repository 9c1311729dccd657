//! The one form of options: a value with defaults, changed by a method for each option.
//!
//! What a function cannot do without, it takes as an argument; whatever has a sensible default is an option. Options can be
//! read as fields. They can't be written as a struct literal outside this crate, so that there is one way to write them, and
//! another option breaks no code.

/// A struct of options with its defaults, and a method for each option that changes it.
///
/// `Options::default().first(1).second(2)` is what it is used as.
macro_rules! options {
    (
        $(#[$about:meta])*
        pub struct $options:ident {
            $( $(#[$says:meta])* pub $option:ident: $kind:ty = $default:expr, )+
        }
    ) => {
        $(#[$about])*
        #[non_exhaustive]
        pub struct $options {
            $( $(#[$says])* pub $option: $kind, )+
        }

        impl Default for $options {
            fn default() -> Self {
                $options { $( $option: $default, )+ }
            }
        }

        impl $options {
            $crate::options::setters! { $( $(#[$says])* $option: $kind => $option, )+ }
        }
    };
}

/// A method for each option of a builder, with the path to where it is kept.
macro_rules! setters {
    ($( $(#[$says:meta])* $option:ident: $kind:ty => $($at:ident).+, )+) => {
        $(
            $(#[$says])*
            pub fn $option(mut self, $option: $kind) -> Self {
                self.$($at).+ = $option;
                self
            }
        )+
    };
}

pub(crate) use {options, setters};
