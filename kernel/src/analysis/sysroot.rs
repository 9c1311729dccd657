//! The source of the standard library: the component rust-src, or what the component rust-docs shows of it.
//!
//! A toolchain as rustup installs it by default has no rust-src, but it has the documentation, and each page of
//! that below `src` is a source file in colours. Without the colours it is the source again.

use super::sources::{Sources, is_read, rust_files};
use crate::toolchain::rust::tool;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the standard library's source is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sysroot {
    /// The folder `library` of rust-src, or one that `RUST_SRC_PATH` names.
    Source(PathBuf),
    /// The folder `src` of the documentation.
    Pages(PathBuf),
}

impl Sysroot {
    /// The standard library of the compiler that cells are compiled with.
    pub fn find() -> Option<Sysroot> {
        let rustc = tool("rustc");
        let toolchain = rustc.parent().and_then(Path::parent);
        let named = env::var_os("RUST_SRC_PATH").map(PathBuf::from);
        Sysroot::of(toolchain, named)
    }

    /// The standard library in the folder `named`, else that of the toolchain in the folder `toolchain`.
    pub fn of(toolchain: Option<&Path>, named: Option<PathBuf>) -> Option<Sysroot> {
        let component = toolchain.map(|root| root.join("lib/rustlib/src/rust/library"));
        let mut sources = [named, component].into_iter().flatten();
        let pages = toolchain.map(|root| root.join("share/doc/rust/html/src"));
        let source = sources.find(|folder| folder.join("core/src/lib.rs").is_file());
        let pages = pages.filter(|folder| folder.join("core/lib.rs.html").is_file());
        source.map(Sysroot::Source).or(pages.map(Sysroot::Pages))
    }

    /// The file that the source of a crate begins with.
    pub fn root(&self, name: &str) -> PathBuf {
        self.folder(name).join("lib.rs")
    }

    fn folder(&self, name: &str) -> PathBuf {
        match self {
            Sysroot::Source(folder) => folder.join(name).join("src"),
            Sysroot::Pages(folder) => folder.join(name),
        }
    }

    /// The source files of a crate.
    pub fn read(&self, name: &str) -> Sources {
        let folder = self.folder(name);
        match self {
            Sysroot::Source(_) => rust_files(&folder),
            Sysroot::Pages(_) => pages(&folder),
        }
    }
}

/// The source files that pages show.
fn pages(folder: &Path) -> Sources {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if is_read(&path) {
                sources.extend(pages(&path));
            }
        } else if let Some(name) = path.to_str().and_then(|it| it.strip_suffix(".html"))
            && let Some(source) = fs::read_to_string(&path)
                .ok()
                .as_deref()
                .and_then(source_of)
        {
            sources.push((name.into(), source));
        }
    }
    sources
}

/// The source that a page of rustdoc shows.
fn source_of(page: &str) -> Option<String> {
    let (_, shown) = page.split_once("<pre class=\"rust\"><code>")?;
    let (shown, _) = shown.split_once("</code></pre>")?;
    let mut source = String::with_capacity(shown.len() / 2);
    let mut rest = shown;
    while let Some(at) = rest.find(['<', '&']) {
        source.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(number) = rest.strip_prefix("<a href=#")
            && number.starts_with(|it: char| it.is_ascii_digit())
        {
            // The number of a line.
            rest = number.split_once("</a>")?.1;
        } else if rest.starts_with('<') {
            rest = rest.split_once('>')?.1;
        } else {
            let (name, after) = rest[1..].split_once(';')?;
            source.push(match name {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                "#39" => '\'',
                _ => return None,
            });
            rest = after;
        }
    }
    source.push_str(rest);
    Some(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_its_source_in_colours() {
        let page = "<html><pre class=\"rust\"><code><a href=#1 id=1 data-nosnippet>1</a><span class=\"kw\">fn </span>f&lt;T&gt;() {\n\
                    <a href=#2 id=2 data-nosnippet>2</a>    <a class=\"fn\" href=\"#1\">g</a>(<span>&quot;a &amp; b&quot;</span>, &#39;c&#39;)\n\
                    <a href=#3 id=3 data-nosnippet>3</a>}</code></pre></html>";
        assert_eq!(
            source_of(page).as_deref(),
            Some("fn f<T>() {\n    g(\"a & b\", 'c')\n}")
        );
        assert_eq!(source_of("<html></html>"), None);
    }

    #[test]
    fn source_is_preferred_to_pages() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        assert_eq!(Sysroot::of(Some(root), None), None);
        let pages = root.join("share/doc/rust/html/src");
        fs::create_dir_all(pages.join("core"))?;
        fs::write(pages.join("core/lib.rs.html"), "")?;
        assert_eq!(Sysroot::of(Some(root), None), Some(Sysroot::Pages(pages)));
        let source = root.join("lib/rustlib/src/rust/library");
        fs::create_dir_all(source.join("core/src"))?;
        fs::write(source.join("core/src/lib.rs"), "")?;
        assert_eq!(Sysroot::of(Some(root), None), Some(Sysroot::Source(source)));
        Ok(())
    }
}
