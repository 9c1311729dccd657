//! JupyterLab, and whether it knows the kernel.

use super::finding::Finding;
use crate::kernelspec::{NAME, is_same, started_program};
use crate::program;
use crate::programs::{Environment, ask};
use std::path::{Path, PathBuf};

/// The place that is the user's Jupyter data folder.
const USER: &str = "user";

/// Finds the kernelspec as Jupyter does, and checks that it starts this program.
pub fn check_kernelspec(environment: &Environment) -> Finding {
    let program = program::path().unwrap_or(Path::new(""));
    judge(&data_folders(environment), program)
}

fn judge(data_folders: &[(PathBuf, &str)], program: &Path) -> Finding {
    const TOPIC: &str = "kernelspec";
    let specs = data_folders
        .iter()
        .map(|(folder, place)| (folder.join("kernels").join(NAME), place));
    let mut specs = specs.filter(|(spec, _)| spec.join("kernel.json").exists());
    let Some((spec, place)) = specs.next() else {
        return Finding::warning(
            TOPIC,
            "not installed: JupyterLab and VS Code do not offer the kernel; `dsprep lab` and `dsprep run` do without",
            "dsprep kernel install",
        );
    };
    let at = format!("{} ({place})", spec.display());
    let again = again(&spec, place);
    match started_program(&spec.join("kernel.json")) {
        Err(problem) => Finding::problem(TOPIC, format!("{at}: {problem}"), again),
        Ok(started) if !started.exists() => {
            let found = format!("{at} starts {}, which does not exist", started.display());
            Finding::problem(TOPIC, found, again)
        }
        Ok(started) if !is_same(&started, program) => {
            let found = format!(
                "{at} starts {}, not this program, {}",
                started.display(),
                program.display()
            );
            Finding::warning(TOPIC, found, again)
        }
        Ok(_) => Finding::ok(TOPIC, format!("{at}, starts this program")),
    }
}

/// How to install the kernel again in the place of `spec`.
fn again(spec: &Path, place: &str) -> String {
    const INSTALL: &str = "dsprep kernel install";
    if place == USER {
        return INSTALL.to_owned();
    }
    let data = spec.parent().and_then(Path::parent);
    let prefix = data.filter(|data| data.ends_with("share/jupyter"));
    match prefix.and_then(|data| data.parent()?.parent()) {
        Some(prefix) => format!("{INSTALL} --prefix {}", prefix.display()),
        None => format!("rm -r {}; {INSTALL}", spec.display()),
    }
}

/// Jupyter's data folders and what they are, in the order in which it looks through them.
fn data_folders(environment: &Environment) -> Vec<(PathBuf, &'static str)> {
    let mut folders: Vec<_> = environment
        .folders("JUPYTER_PATH")
        .into_iter()
        .map(|folder| (folder, "JUPYTER_PATH"))
        .collect();
    let user = crate::kernelspec::user_data(|name| environment.get(name).map(Into::into));
    let user = user.ok().map(|folder| (folder, USER));
    let python = environment.python().or_else(|| {
        let lab = environment.jupyter_lab()?;
        Some(lab.parent()?.parent()?.to_owned())
    });
    let python = python.map(|prefix| (prefix.join("share/jupyter"), "sys-prefix"));
    // An active environment goes before the user's folder.
    if environment.python().is_some() {
        folders.extend(python.into_iter().chain(user));
    } else {
        folders.extend(user.into_iter().chain(python));
    }
    for folder in ["/usr/local/share/jupyter", "/usr/share/jupyter"] {
        folders.push((folder.into(), "system"));
    }
    folders
}

/// Asks JupyterLab for its version.
pub async fn check_lab(environment: &Environment) -> Finding {
    const TOPIC: &str = "JupyterLab";
    const INSTALL: &str = "python3 -m pip install jupyterlab, in a virtual environment";
    let Some(lab) = environment.jupyter_lab() else {
        let found =
            "not found in VIRTUAL_ENV or on PATH; needed only to open notebooks in a browser";
        return Finding::warning(TOPIC, found, INSTALL);
    };
    let mut command = environment.command(&lab);
    command.arg("--version");
    let problem = match ask(command, "").await {
        Ok(answer) if answer.status.success() => {
            return Finding::ok(
                TOPIC,
                format!("{}, {}", answer.stdout.trim(), lab.display()),
            );
        }
        Ok(answer) => {
            let said = answer
                .stderr
                .lines()
                .rfind(|line| !line.trim().is_empty())
                .unwrap_or_default();
            if said.is_empty() {
                format!("fails: {}", answer.status)
            } else {
                format!("fails ({}): {said}", answer.status)
            }
        }
        Err(error) => error.to_string(),
    };
    let mend = format!("install it again: {INSTALL}");
    Finding::warning(TOPIC, format!("{} {problem}", lab.display()), mend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::Paint;
    use std::fs;

    #[test]
    fn each_state_of_the_kernelspec_is_told() {
        let root = tempfile::tempdir().expect("a folder");
        let program = root.path().join("dsprep");
        fs::write(&program, "").expect("a file");
        fs::write(root.path().join("other"), "").expect("a file");
        let here = root.path().display().to_string();
        let tell = |json: Option<String>| {
            let spec = root.path().join("share/kernels").join(NAME);
            fs::create_dir_all(&spec).expect("a folder");
            if let Some(json) = json {
                fs::write(spec.join("kernel.json"), json).expect("a file");
            }
            let finding = judge(&[(root.path().join("share"), "user")], &program);
            finding.lines(Paint::OFF).replace(&here, "~")
        };
        let starts = |name: &str| Some(format!(r#"{{"argv": ["{here}/{name}", "kernel"]}}"#));
        let states = [
            None,
            starts("dsprep"),
            starts("other"),
            starts("gone"),
            Some("{".into()),
            Some("{}".into()),
        ];
        insta::assert_snapshot!(states.map(tell).concat(), @r#"
        warning  kernelspec  not installed: JupyterLab and VS Code do not offer the kernel; `dsprep lab` and `dsprep run` do without
                             -> dsprep kernel install
        ok       kernelspec  ~/share/kernels/dsprep (user), starts this program
        warning  kernelspec  ~/share/kernels/dsprep (user) starts ~/other, not this program, ~/dsprep
                             -> dsprep kernel install
        problem  kernelspec  ~/share/kernels/dsprep (user) starts ~/gone, which does not exist
                             -> dsprep kernel install
        problem  kernelspec  ~/share/kernels/dsprep (user): kernel.json is broken: EOF while parsing an object at line 1 column 1
                             -> dsprep kernel install
        problem  kernelspec  ~/share/kernels/dsprep (user): kernel.json names no program in `argv`
                             -> dsprep kernel install
        "#);
    }

    #[test]
    fn the_kernelspec_is_looked_for_in_jupyters_order() {
        let environment = Environment::current()
            .with("JUPYTER_PATH", "/a:/b")
            .with("JUPYTER_DATA_DIR", "/user")
            .with("CONDA_PREFIX", "")
            .with("PATH", "");
        let places = |environment: Environment| {
            let folders = data_folders(&environment).into_iter();
            folders
                .map(|(folder, _)| folder.display().to_string())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let system = "/usr/local/share/jupyter /usr/share/jupyter";
        assert_eq!(
            places(environment.clone().with("VIRTUAL_ENV", "")),
            format!("/a /b /user {system}")
        );
        assert_eq!(
            places(environment.with("VIRTUAL_ENV", "/venv")),
            format!("/a /b /venv/share/jupyter /user {system}")
        );
    }

    #[tokio::test]
    async fn a_missing_or_broken_lab_is_a_warning() {
        let folder = tempfile::tempdir().expect("a folder");
        let environment = Environment::current()
            .with("VIRTUAL_ENV", "")
            .with("CONDA_PREFIX", "");
        let environment = environment.with("PATH", folder.path());
        let missing = check_lab(&environment).await;
        std::os::unix::fs::symlink("/bin/false", folder.path().join("jupyter-lab"))
            .expect("a link");
        let broken = check_lab(&environment).await;
        let told = [missing, broken]
            .map(|finding| finding.lines(Paint::OFF))
            .concat();
        let told = told.replace(&folder.path().display().to_string(), "~");
        insta::assert_snapshot!(told, @r#"
        warning  JupyterLab  not found in VIRTUAL_ENV or on PATH; needed only to open notebooks in a browser
                             -> python3 -m pip install jupyterlab, in a virtual environment
        warning  JupyterLab  ~/jupyter-lab fails: exit status: 1
                             -> install it again: python3 -m pip install jupyterlab, in a virtual environment
        "#);
    }
}
