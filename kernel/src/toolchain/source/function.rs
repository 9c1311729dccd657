//! The function that evcxr calls: it takes variables out of the store, runs the statements, and puts them back.

use super::body::is_single_expression;
use super::{CELL_FUNCTION, CRATE_FILE, File, Findings, Source};
use crate::toolchain::plan::{Plan, Put, Variable};
use crate::toolchain::types::VariableTypes;

impl Source {
    /// The function that evcxr calls.
    pub(super) fn function(
        &mut self,
        file: &mut File,
        plan: &Plan,
        types: &VariableTypes,
        findings: &Findings,
    ) {
        let store = "*mut ::dsprep_core::cell::store::VariableStore";
        file.line("#[unsafe(no_mangle)]");
        file.line(&format!(
            "pub extern \"C\" fn {CELL_FUNCTION}(dsprep_pointer: {store}) -> {store} {{"
        ));
        file.line(
            "let dsprep_pointer = unsafe { ::dsprep_core::cell::store::open(dsprep_pointer) };",
        );
        file.line("let dsprep_store = unsafe { &mut *dsprep_pointer };");
        file.line("::dsprep_core::cell::enter();");
        if plan.files.iter().any(|file| file.exports) {
            // By an address that no other cell's library can have: that of an exported function may be another's.
            file.line("static DSPREP_HERE: u8 = 0;");
            file.line("::dsprep_core::cell::keep_statics(&raw const DSPREP_HERE as *const ());");
        }
        let taken: Vec<(usize, &Variable, &str)> = plan
            .takes
            .iter()
            .enumerate()
            .filter_map(|(index, variable)| Some((index, variable, types.get(variable.id)?)))
            .collect();
        file.line("if true");
        for (index, variable, ty) in &taken {
            let name = &variable.name;
            file.line(&format!("&& dsprep_store.has::<{ty}>({name:?}, {index})"));
            self.put_line(file, variable);
        }
        file.line("{");
        for (index, variable, ty) in &taken {
            let name = &variable.name;
            let mutable = if variable.mutable { "mut " } else { "" };
            let ident = variable.ident();
            file.line(&format!(
                "let {mutable}{ident} = dsprep_store.take::<{ty}>({name:?}, {index});"
            ));
            self.put_line(file, variable);
        }
        file.line(&format!(
            "::dsprep_core::cell::at_line({});",
            plan.body.first_line
        ));
        for line in call_of_body(plan) {
            file.line(line);
        }
        for (index, variable, _) in &taken {
            let name = &variable.name;
            if findings.moved.contains(name) {
                continue;
            }
            let ident = variable.ident();
            file.line(&format!(
                "dsprep_store.put_back({name:?}, {index}, {ident});"
            ));
            self.put_line(file, variable);
        }
        file.line("} else { dsprep_store.tell_missing(); }");
        file.line("dsprep_store.tell();");
        file.line("::dsprep_core::cell::leave();");
        file.line("dsprep_pointer }");
    }

    fn put_line(&mut self, file: &File, variable: &Variable) {
        self.puts.push(Put {
            file: CRATE_FILE.to_owned(),
            line: file.lines,
            name: variable.name.clone(),
        });
    }
}

/// The lines that run the cell's statements.
fn call_of_body(plan: &Plan) -> Vec<&'static str> {
    let options = &plan.options;
    let mut lines = Vec::new();
    if options.catch {
        lines.push("match ::std::panic::catch_unwind(::std::panic::AssertUnwindSafe(||");
    } else {
        lines.push("match ::std::result::Result::<_, ()>::Ok((||");
    }
    lines.push("-> ::std::result::Result<(), DsprepFailure> {");
    if options.awaits {
        lines.extend([
            "let dsprep_runtime = dsprep_store.lazy_arc(\"evcxr_tokio_runtime\", || ::std::sync::Mutex::new(::tokio::runtime::Runtime::new().unwrap()));",
            // A panic in an earlier cell leaves the lock poisoned.
            "let dsprep_runtime = match dsprep_runtime.lock() { ::std::result::Result::Ok(guard) => guard, ::std::result::Result::Err(poisoned) => poisoned.into_inner() };",
            "::dsprep_core::cell::begin(dsprep_pointer);",
            "dsprep_runtime.block_on(::dsprep_core::cell::interruptible(async {",
        ]);
    }
    if !options.awaits {
        lines.push("::dsprep_core::cell::begin(dsprep_pointer);");
    }
    if plan.body.kept.is_empty() {
        lines.push("::std::result::Result::Ok(())");
    } else if is_single_expression(plan) {
        lines.extend([
            "dsprep_show!(::std::include!(\"cell\"));",
            "::std::result::Result::<(), DsprepFailure>::Ok(())",
        ]);
    } else {
        lines.push("::std::include!(\"cell\")");
    }
    if options.awaits {
        lines.push("}))");
    }
    lines.push(if options.catch { "})) {" } else { "})()) {" });
    lines.extend([
        "::std::result::Result::Ok(_) => {}",
        "::std::result::Result::Err(_) => ::dsprep_core::cell::panicked(),",
        "}",
        "::dsprep_core::cell::back();",
    ]);
    lines
}
