//! How a kernel is started.

use super::Spec;
use crate::error::Result;
use crate::progress::record::PROGRESS;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How a running cell is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupt {
    /// By a message on the control channel.
    Message,
    /// By SIGINT.
    Signal,
}

/// What the kernel's sockets are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Files in the kernel's private folder, which no other program can take.
    Files,
    /// Ports of this machine, which every kernel knows.
    Ports,
}

/// The command that starts a kernel.
#[derive(Debug, Clone, PartialEq)]
pub struct Launch {
    /// The kernel's name.
    pub name: String,
    /// The program and its arguments, where `{connection_file}` stands for the path of the connection file.
    pub argv: Vec<OsString>,
    /// Variables to set.
    pub env: BTreeMap<String, String>,
    /// How cells are interrupted.
    pub interrupt: Interrupt,
    /// What the sockets are.
    pub transport: Transport,
    /// The language of its cells, in lower case; empty if it is not known.
    pub language: String,
}

/// Keeps IPython's history in memory, as nbclient does.
const HISTORY: &str = "--HistoryManager.hist_file=:memory:";
/// What stands for the path of the connection file.
const FILE: &str = "{connection_file}";

/// What a runner executes is no learner's progress, whoever started the runner.
fn not_recorded() -> impl Iterator<Item = (String, String)> {
    std::iter::once((PROGRESS.to_owned(), "off".to_owned()))
}

impl Launch {
    /// The kernel that is part of this very program.
    ///
    /// # Errors
    /// [`crate::error::Error::NoProgram`] if this program was removed or replaced.
    pub fn this_program() -> Result<Self> {
        let program = crate::program::running()?;
        let args = ["kernel", "start", "--connection-file", FILE].map(OsString::from);
        Ok(Launch {
            name: crate::kernelspec::NAME.to_owned(),
            argv: std::iter::once(program.into()).chain(args).collect(),
            env: not_recorded().collect(),
            interrupt: Interrupt::Message,
            transport: Transport::Files,
            language: "rust".to_owned(),
        })
    }

    /// The kernel of an installed kernelspec.
    pub fn of(spec: &Spec) -> Self {
        let folder = spec.folder.display().to_string();
        let mut argv: Vec<_> = spec
            .argv
            .iter()
            .map(|word| OsString::from(word.replace("{resource_dir}", &folder)))
            .collect();
        // `python` means that of the environment in which the kernel is installed: it lies in
        // PREFIX/share/jupyter/kernels/NAME.
        let prefix = spec.folder.ancestors().nth(4);
        if let (Some(prefix), Some(program)) = (prefix, argv.first_mut()) {
            let own = prefix.join("bin").join(&*program);
            if !program.as_encoded_bytes().contains(&b'/') && own.is_file() {
                *program = own.into_os_string();
            }
        }
        let is_ipython = spec.argv.iter().any(|word| word.contains("ipykernel"));
        if is_ipython {
            // What cells hold is no history of the user's, and kernels would wait for each other to write it.
            argv.push(HISTORY.into());
        }
        let env = spec.env.iter().map(|(name, value)| {
            let value = expanded(value, |name| std::env::var(name).ok());
            (name.clone(), value)
        });
        Launch {
            name: spec.name.clone(),
            argv,
            env: env.chain(not_recorded()).collect(),
            interrupt: if spec.interrupt_by_message {
                Interrupt::Message
            } else {
                Interrupt::Signal
            },
            // Of kernels that others wrote, only this one is known to take files.
            transport: if is_ipython {
                Transport::Files
            } else {
                Transport::Ports
            },
            language: spec.language.to_lowercase(),
        }
    }

    /// Whether it is the kernel of this program, or runs Rust at least.
    pub fn is_rust(&self) -> bool {
        self.language == "rust"
    }

    /// The program.
    pub fn program(&self) -> PathBuf {
        self.argv.first().map(PathBuf::from).unwrap_or_default()
    }

    /// The arguments, with the path of the connection file.
    pub(super) fn args(&self, connection_file: &Path) -> Vec<OsString> {
        let file = connection_file.display().to_string();
        let args = self.argv.iter().skip(1);
        args.map(|arg| match arg.to_str() {
            Some(text) if text.contains(FILE) => text.replace(FILE, &file).into(),
            _ => arg.clone(),
        })
        .collect()
    }
}

/// `${NAME}` replaced by the variable's value, as Jupyter does for the `env` of a kernelspec.
fn expanded(text: &str, variable: impl Fn(&str) -> Option<String>) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        expanded.push_str(before);
        match after.split_once('}') {
            Some((name, after)) => {
                match variable(name) {
                    Some(value) => expanded.push_str(&value),
                    None => expanded.push_str(&format!("${{{name}}}")),
                }
                rest = after;
            }
            None => {
                expanded.push_str("${");
                rest = after;
            }
        }
    }
    expanded + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in() {
        let variable = |name: &str| (name == "HOME").then(|| "/home/ada".to_owned());
        assert_eq!(
            expanded("${HOME}/x:${NO}:${", variable),
            "/home/ada/x:${NO}:${"
        );
        assert_eq!(expanded("plain", variable), "plain");
    }

    #[test]
    fn the_connection_file_takes_its_place_among_the_arguments() {
        let launch = Launch {
            name: "x".to_owned(),
            argv: [
                "python3",
                "-f",
                "{connection_file}",
                "--file={connection_file}",
            ]
            .map(OsString::from)
            .to_vec(),
            env: BTreeMap::new(),
            interrupt: Interrupt::Signal,
            transport: Transport::Ports,
            language: "python".to_owned(),
        };
        let args = launch.args(Path::new("/tmp/c.json"));
        assert_eq!(args, ["-f", "/tmp/c.json", "--file=/tmp/c.json"]);
    }
}
