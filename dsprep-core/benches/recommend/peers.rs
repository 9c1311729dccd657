//! The same with FAISS and NumPy, if a Python that has them is named in `DSPREP_PEERS`.

use crate::items::Items;
use crate::table::Row;
use dsprep_core::ndarray::Array2;
use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/peers/recommend.py");

/// FAISS and NumPy on the same items and queries.
pub fn candidates(items: &Items) {
    let folder = env::temp_dir().join(format!("dsprep-bench-{}", std::process::id()));
    let written = fs::create_dir_all(&folder)
        .and_then(|()| write(&folder.join("items.f32"), &items.vectors))
        .and_then(|()| write(&folder.join("queries.f32"), &items.queries));
    match written {
        Ok(()) => run(&["candidates", items.name, &folder.to_string_lossy()]),
        Err(error) => println!("  the peers' data could not be written: {error}"),
    }
    // What is left in the folder for temporary files does no harm.
    let _ = fs::remove_dir_all(&folder);
}

/// Maximal marginal relevance in NumPy.
pub fn reranking() {
    run(&["reranking"]);
}

fn run(arguments: &[&str]) {
    let Some(python) = env::var_os("DSPREP_PEERS") else {
        println!("  (DSPREP_PEERS names no Python, so the peers are left out)");
        return;
    };
    let output = Command::new(python)
        .arg(SCRIPT)
        .args(arguments)
        .env("OMP_NUM_THREADS", "1")
        .env("OPENBLAS_NUM_THREADS", "1")
        .output();
    match output {
        Ok(output) if output.status.success() => {
            let lines = String::from_utf8_lossy(&output.stdout);
            lines
                .lines()
                .filter_map(Row::parse)
                .for_each(|row| row.print());
        }
        Ok(output) => println!(
            "  the peers failed: {}",
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => println!("  the peers could not be started: {error}"),
    }
}

fn write(path: &Path, matrix: &Array2<f32>) -> io::Result<()> {
    let bytes: Vec<u8> = matrix
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    fs::write(path, bytes)
}
