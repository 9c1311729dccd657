//! How the results and the errors of a cell are shown.

use crate::toolchain::plan::Options;

/// The macro that shows the result of a cell.
pub fn results(options: &Options) -> String {
    let text = match (&options.format, options.types) {
        (None, false) => None,
        (format, types) => {
            let format = format.as_deref().unwrap_or("{:?}");
            let bound = if format == "{}" { "Display" } else { "Debug" };
            let ty = if types {
                "::std::format!(\": {} = \", ::dsprep_core::display::type_name::<T>())"
            } else {
                "::std::string::String::new()"
            };
            Some(format!(
                "trait DsprepDisplay {{ fn evcxr_display(&self); }} \
                 impl<T: ::std::fmt::{bound} + ?::std::marker::Sized> DsprepDisplay for &T {{ \
                 fn evcxr_display(&self) {{ ::dsprep_core::display::result_text(\
                 {ty} + &::std::format!({format:?}, self)); }} }} "
            ))
        }
    };
    let debug = if text.is_some() {
        ""
    } else {
        "DebugDisplay as _, PlainDisplay as _, "
    };
    format!(
        "{}#[allow(unused_imports)] use ::dsprep_core::display::{{ByRef as _, {debug}RichDisplay as _}}; \
         macro_rules! dsprep_show {{ ($value:expr) => {{ match &$value {{ value => (*value).dsprep_ref().evcxr_display() }} }} }}",
        text.unwrap_or_default()
    )
}

/// What a `?` in the cell turns any error into: it is told, and not dropped, since each cell would compile the
/// code that drops the errors of all crates. A cell without a `?` needs the type alone: what is implemented for it makes
/// the compiler compare all that is implemented in all libraries.
pub fn errors(options: &Options, are_met: bool) -> String {
    const FAILURE: &str = "struct DsprepFailure;";
    if !are_met {
        return FAILURE.to_owned();
    }
    const FROM: &str = "impl<T: ::std::fmt::Debug> ::std::convert::From<T> for DsprepFailure { \
        #[track_caller] fn from(error: T) -> Self { ::dsprep_core::cell::failed(&DsprepTold::told(&error)); \
        ::std::mem::forget(error); DsprepFailure } }";
    let told = match &options.error_format {
        None => "impl<T: ::std::fmt::Debug> DsprepTold for T { default fn told(&self) -> ::std::string::String { ::std::format!(\"{self:?}\") } }\n\
             impl<T: ::std::fmt::Debug + ::std::fmt::Display> DsprepTold for T { fn told(&self) -> ::std::string::String { ::std::format!(\"{self}\") } }"
            .to_owned(),
        Some(format) if format == "{}" => "impl<T: ::std::fmt::Debug> DsprepTold for T { default fn told(&self) -> ::std::string::String { ::std::format!(\"{self:?}\") } }\n\
             impl<T: ::std::fmt::Debug + ::std::fmt::Display> DsprepTold for T { fn told(&self) -> ::std::string::String { ::std::format!(\"{self}\") } }"
            .to_owned(),
        Some(format) => format!(
            "impl<T: ::std::fmt::Debug> DsprepTold for T {{ fn told(&self) -> ::std::string::String {{ ::std::format!({format:?}, self) }} }}"
        ),
    };
    format!(
        "{FAILURE}\ntrait DsprepTold {{ fn told(&self) -> ::std::string::String; }}\n{told}\n{FROM}"
    )
}
