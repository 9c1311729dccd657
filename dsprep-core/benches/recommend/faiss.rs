//! The same with FAISS and NumPy, if a Python that has them is named in `DSPREP_PEERS`.

use crate::items::Items;
use crate::table::Row;
use crate::{AnyError, peers};
use dsprep_core::ndarray::Array2;
use std::path::Path;
use std::{env, fs, io};

/// FAISS and NumPy on the same items and queries.
pub fn candidates(items: &Items) -> Result<(), AnyError> {
    let folder = env::temp_dir().join(format!("dsprep-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    write(&folder.join("items.f32"), &items.vectors)?;
    write(&folder.join("queries.f32"), &items.queries)?;
    let printed = print(&["candidates", items.name, &folder.to_string_lossy()]);
    fs::remove_dir_all(&folder)?;
    printed
}

/// Maximal marginal relevance in NumPy.
pub fn reranking() -> Result<(), AnyError> {
    print(&["reranking"])
}

fn print(arguments: &[&str]) -> Result<(), AnyError> {
    let Some(mut command) = peers::command("recommend.py", arguments) else {
        return Ok(());
    };
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let printed = String::from_utf8(output.stdout)?;
    let rows = printed.lines().filter_map(Row::parse);
    rows.for_each(|row| row.print());
    Ok(())
}

fn write(path: &Path, matrix: &Array2<f32>) -> io::Result<()> {
    let bytes: Vec<u8> = matrix
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    fs::write(path, bytes)
}
