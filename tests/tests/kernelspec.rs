//! `dsprep kernel install` and `uninstall`.

use dsprep_tests::{Finished, Sandbox, dsprep};
use serde_json::Value;

fn kernel(sandbox: &Sandbox, args: &[&str], variables: &[(&str, &str)]) -> Finished {
    let mut command = sandbox.command(&[&["kernel"], args].concat());
    command
        .env_remove("JUPYTER_DATA_DIR")
        .env_remove("XDG_DATA_HOME")
        .env("HOME", sandbox.path());
    command.envs(variables.iter().copied());
    sandbox.finished(&command.output().expect("dsprep starts"))
}

#[test]
fn the_kernel_is_installed_into_a_prefix_and_taken_back() {
    let sandbox = Sandbox::new();
    let installed = kernel(&sandbox, &["install", "--prefix", "py"], &[]);
    assert_eq!(installed.code, Some(0), "{}", installed.stderr);
    insta::assert_snapshot!(installed.stdout, @r#"Installed the kernel "Rust (dsprep)" in [sandbox]/py/share/jupyter/kernels/dsprep"#);

    let folder = sandbox.path().join("py/share/jupyter/kernels/dsprep");
    let spec: Value =
        serde_json::from_str(&sandbox.read("py/share/jupyter/kernels/dsprep/kernel.json"))
            .expect("JSON");
    assert_eq!(
        spec["argv"][0].as_str().map(str::to_owned),
        Some(dsprep().display().to_string())
    );
    let rest = &spec["argv"].as_array().expect("a list")[1..];
    assert_eq!(
        rest,
        ["kernel", "start", "--connection-file", "{connection_file}"]
    );
    assert_eq!(
        (&spec["language"], &spec["interrupt_mode"]),
        (&"rust".into(), &"message".into())
    );
    for logo in ["logo-svg.svg", "logo-32x32.png", "logo-64x64.png"] {
        assert!(folder.join(logo).is_file(), "{logo}");
    }

    let removed = kernel(&sandbox, &["uninstall", "--prefix", "py"], &[]);
    assert_eq!(removed.code, Some(0), "{}", removed.stderr);
    insta::assert_snapshot!(removed.stdout, @r#"Removed the kernel "Rust (dsprep)" from [sandbox]/py/share/jupyter/kernels/dsprep"#);
    assert!(!folder.exists());

    let again = kernel(&sandbox, &["uninstall", "--prefix", "py"], &[]);
    assert_eq!(again.code, Some(2));
    insta::assert_snapshot!(again.stderr, @"error: no kernel `dsprep` in `[sandbox]/py/share/jupyter/kernels`; if it was installed elsewhere, give the same --user, --prefix or --sys-prefix");
}

#[test]
fn the_folders_of_the_user_and_of_python_are_found() {
    let sandbox = Sandbox::new();
    let data = kernel(&sandbox, &["install"], &[("JUPYTER_DATA_DIR", "data")]);
    assert!(
        data.stdout.ends_with("[sandbox]/data/kernels/dsprep\n"),
        "{data:?}"
    );
    let user = kernel(&sandbox, &["install", "--user"], &[]);
    assert!(user.stdout.contains("in [sandbox]/"), "{user:?}");
    let environment = sandbox.path().join("venv").display().to_string();
    let python = kernel(
        &sandbox,
        &["install", "--sys-prefix"],
        &[("VIRTUAL_ENV", &environment)],
    );
    assert!(
        python
            .stdout
            .ends_with("[sandbox]/venv/share/jupyter/kernels/dsprep\n"),
        "{python:?}"
    );
}

#[test]
fn two_checkouts_do_not_take_each_others_kernel() {
    let sandbox = Sandbox::new();
    let other = sandbox.write("other/dsprep", "another program");
    sandbox.write(
        "data/kernels/dsprep/kernel.json",
        &serde_json::json!({"argv": [other], "display_name": "Rust (dsprep)"}).to_string(),
    );
    let data = [("JUPYTER_DATA_DIR", "data")];
    let refused = kernel(&sandbox, &["install"], &data);
    assert_eq!(refused.code, Some(2));
    insta::assert_snapshot!(refused.stderr, @"error: `[sandbox]/data/kernels/dsprep` starts another program, `[sandbox]/other/dsprep`; to offer both kernels, choose another name: --name dsprep-2; to put this one in its place: --replace");
    let beside = kernel(&sandbox, &["install", "--name", "dsprep-2"], &data);
    insta::assert_snapshot!(beside.stdout, @r#"Installed the kernel "Rust (dsprep-2)" in [sandbox]/data/kernels/dsprep-2"#);
    // One that starts nothing any more may go.
    std::fs::remove_file(other).expect("the file is there");
    assert_eq!(kernel(&sandbox, &["install"], &data).code, Some(0));
    let spec = sandbox.read("data/kernels/dsprep/kernel.json");
    assert!(spec.contains(&dsprep().display().to_string()), "{spec}");
    assert_eq!(
        kernel(&sandbox, &["uninstall", "--name", "dsprep-2"], &data).code,
        Some(0)
    );
    assert!(!sandbox.path().join("data/kernels/dsprep-2").exists());
}

#[test]
fn a_name_that_jupyter_would_not_take_is_refused() {
    let sandbox = Sandbox::new();
    for name in ["../x", "", ".hidden", "a b"] {
        let refused = kernel(
            &sandbox,
            &["install", "--prefix", "py", "--name", name],
            &[],
        );
        assert_eq!(refused.code, Some(2), "{name}");
    }
    assert!(!sandbox.path().join("py").exists());
}
