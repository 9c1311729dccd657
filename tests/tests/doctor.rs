//! `dsprep doctor` compiles and runs a cell as the kernel does.

use dsprep_tests::Sandbox;

/// The toolchain's own linker does it.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn a_cell_is_linked_without_a_c_compiler() {
    use std::path::PathBuf;
    use std::process::Command;

    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output();
    let sysroot = String::from_utf8(sysroot.expect("rustc is there").stdout);
    let rust = PathBuf::from(sysroot.expect("a path").trim()).join("bin");
    let sandbox = Sandbox::new();
    let output = sandbox
        .command(&["doctor"])
        .env("PATH", &rust)
        .output()
        .expect("dsprep starts");
    let told = sandbox.finished(&output).stdout;
    assert!(told.contains("compiled and linked to the core"), "{told}");
}
