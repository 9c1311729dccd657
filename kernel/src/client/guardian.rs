//! What cleans up if this program is killed: a shell that waits for its end.
//!
//! No program can do anything about a SIGKILL. So a shell in a process group of its own holds the other end of a
//! pipe. It is told what is to be done; when the pipe is closed, because this program is gone, it does that. At an orderly
//! end it is nothing.

use crate::terminal::quoted;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// Runs each line, which sets variables: `n`, how many numbers are in use, and for a number `k` what to kill and `r` what
/// to remove. At the end it kills all first. What stops a run is not meant for it.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
n=0
while IFS= read -r line; do eval "$line"; done
for what in k r; do
    i=0
    while [ $i -lt $n ]; do eval "eval \"\$$what$i\""; i=$((i + 1)); done
done"#;

static GUARDIAN: Mutex<Option<Guardian>> = Mutex::new(None);

struct Guardian {
    pipe: ChildStdin,
    /// Which numbers are in use.
    used: Vec<bool>,
}

/// A folder and a process group that go if this program is killed; no longer after this is dropped.
#[derive(Debug)]
pub struct Watched {
    number: Option<usize>,
}

impl Watched {
    /// Watches over a folder. Where there is no shell, nobody watches.
    pub fn new(folder: &Path) -> Watched {
        // What a shell may read otherwise than it is meant is left for the next run to remove.
        let path = folder
            .to_str()
            .filter(|path| !path.contains(char::is_control));
        // The last of the group may still be on its way out.
        let remove = path.map_or(String::new(), |path| {
            let path = quoted(path);
            format!("rm -rf {path} || {{ sleep 1; rm -rf {path}; }}")
        });
        let mut guardian = GUARDIAN.lock().unwrap_or_else(PoisonError::into_inner);
        if guardian.is_none() {
            *guardian = Guardian::start();
        }
        let number = guardian.as_mut().map(|guardian| {
            let number = guardian.free_number();
            let count = guardian.used.len();
            guardian.tell(&format!("n={count} r{number}={}", quoted(&remove)));
            number
        });
        Watched { number }
    }

    /// Watches over a process group as well.
    pub fn add_group(&self, group: libc::pid_t) {
        let mut guardian = GUARDIAN.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(number), Some(guardian)) = (self.number, guardian.as_mut()) {
            guardian.tell(&format!("k{number}='kill -9 -{group}'"));
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let mut guardian = GUARDIAN.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(number), Some(guardian)) = (self.number, guardian.as_mut()) {
            guardian.used[number] = false;
            guardian.tell(&format!("k{number}= r{number}="));
        }
    }
}

impl Guardian {
    fn start() -> Option<Guardian> {
        let child = Command::new("/bin/sh")
            .args(["-c", SCRIPT])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        let pipe = child.ok()?.stdin.take()?;
        Some(Guardian {
            pipe,
            used: Vec::new(),
        })
    }

    fn free_number(&mut self) -> usize {
        let free = self.used.iter().position(|used| !used);
        let number = free.unwrap_or(self.used.len());
        self.used.resize(self.used.len().max(number + 1), false);
        self.used[number] = true;
        number
    }

    fn tell(&mut self, line: &str) {
        // One whose shell was killed watches no more.
        let _ = self.pipe.write_all(format!("{line}\n").as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_end_the_shell_does_what_is_still_to_be_done() -> std::io::Result<()> {
        let root = tempfile::tempdir()?;
        let [kept, gone] = ["it's kept", "$(gone) x"].map(|name| root.path().join(name));
        std::fs::create_dir(&kept)?;
        std::fs::create_dir_all(gone.join("inner"))?;
        let mut sleeper = Command::new("sleep").arg("60").process_group(0).spawn()?;
        let mut shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .spawn()?;
        let remove =
            |path: &Path| quoted(&format!("rm -rf {}", quoted(&path.display().to_string())));
        let lines = format!(
            "n=1 r0={}\nn=2 r1={}\nk1='kill -9 -{}'\nk0= r0=\n",
            remove(&kept),
            remove(&gone),
            sleeper.id()
        );
        shell
            .stdin
            .take()
            .expect("a pipe")
            .write_all(lines.as_bytes())?;
        assert!(shell.wait()?.success());
        assert!(kept.exists() && !gone.exists());
        assert!(!sleeper.wait()?.success());
        Ok(())
    }
}
