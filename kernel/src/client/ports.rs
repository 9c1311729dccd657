//! Ports for kernels that need them.
//!
//! They are taken from below the range from which the system hands out ports by itself, so that no connection of
//! another program can come in between; what this process has handed out is not handed out again.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

/// The first port that is tried.
const FIRST: u16 = 15_000;
/// The first port that the system may hand out, if it does not say so.
const SYSTEM: u16 = 32_768;
/// How many ports a kernel needs.
const NEEDED: usize = 5;

/// Five free ports, with the listeners that hold them: drop them right before the kernel is started.
pub fn reserve() -> std::io::Result<([u16; NEEDED], Vec<TcpListener>)> {
    static TAKEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    let end = first_of_system().max(FIRST + 1_000);
    let count = end - FIRST;
    // Another place for each process and time, so that two runs seldom meet.
    let random = uuid::Uuid::new_v4().as_u128();
    let start = u16::try_from(random % u128::from(count)).unwrap_or(0);
    let mut ports = [0; NEEDED];
    let mut listeners = Vec::new();
    for round in [true, false] {
        for step in 0..count {
            let port = FIRST + (start + step) % count;
            if round && taken.contains(&port) {
                continue;
            }
            match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                Ok(listener) => {
                    taken.insert(port);
                    ports[listeners.len()] = port;
                    listeners.push(listener);
                    if listeners.len() == NEEDED {
                        return Ok((ports, listeners));
                    }
                }
                Err(error) if error.kind() == ErrorKind::AddrInUse => {}
                // No other port would be better.
                Err(error) => return Err(error),
            }
        }
    }
    Err(std::io::Error::other("no five ports are free"))
}

/// The first port that the system hands out by itself.
fn first_of_system() -> u16 {
    let text = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").ok();
    let first = text.and_then(|text| text.split_whitespace().next()?.parse().ok());
    first.unwrap_or(SYSTEM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_handed_out_twice() -> std::io::Result<()> {
        let mut seen = BTreeSet::new();
        for _ in 0..40 {
            let (ports, listeners) = reserve()?;
            assert_eq!(listeners.len(), NEEDED);
            for port in ports {
                assert!(seen.insert(port), "{port}");
            }
        }
        Ok(())
    }
}
