//! What completion is told of the crates that a notebook added: those that cells can name, and those whose types these
//! have in their own functions, as far as that is known.

use serde_json::{Value, json};

/// Crates that take long to read and that nobody completes names of.
const LEFT_OUT: &[&str] = &["libc", "winapi"];
/// How the names of further such crates begin.
const LEFT_OUT_STARTS: &[&str] = &["windows", "linux-raw"];

/// What of `metadata`, as cargo writes it, is about the `direct` dependencies and what they use themselves.
pub fn of(metadata: &Value, direct: &[(String, String)]) -> Value {
    let listed = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let nodes = listed(&metadata["resolve"]["nodes"]);
    let mut ids: Vec<Value> = direct.iter().map(|(_, id)| json!(id)).collect();
    for node in nodes.iter().filter(|node| is_direct(node, direct)) {
        let deps = listed(&node["deps"]).into_iter().filter(is_normal);
        ids.extend(deps.map(|dep| dep["pkg"].clone()));
    }
    let mut packages = listed(&metadata["packages"]);
    packages.retain(|package| {
        let name = package["name"].as_str().unwrap_or_default();
        let left_out =
            LEFT_OUT.contains(&name) || LEFT_OUT_STARTS.iter().any(|start| name.starts_with(start));
        ids.contains(&package["id"]) && !left_out
    });
    let is_kept = |id: &Value| packages.iter().any(|package| package["id"] == *id);
    let mut kept = Vec::new();
    for mut node in nodes.into_iter().filter(|node| is_kept(&node["id"])) {
        let mut deps = listed(&node["deps"]);
        deps.retain(|dep| is_kept(&dep["pkg"]));
        node["deps"] = deps.into();
        kept.push(node);
    }
    let named: Vec<&String> = direct.iter().map(|(_, id)| id).collect();
    json!({"packages": packages, "resolve": {"nodes": kept, "root": null}, "named": named})
}

fn is_direct(node: &Value, direct: &[(String, String)]) -> bool {
    direct.iter().any(|(_, id)| node["id"] == **id)
}

/// Whether the crate is used by the library, and not only by its tests or its build.
fn is_normal(dep: &Value) -> bool {
    let kinds = dep["dep_kinds"].as_array();
    kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_named_crates_use_themselves_is_told_and_no_more() {
        let dep =
            |id: &str, kind: Value| json!({"name": id, "pkg": id, "dep_kinds": [{"kind": kind}]});
        let node = |id: &str, deps: Vec<Value>| json!({"id": id, "deps": deps, "features": []});
        let package = |id: &str| json!({"id": id, "name": id});
        let ids = ["named", "used", "deep", "tested", "libc"];
        let metadata = json!({
            "packages": ids.map(package),
            "resolve": {"nodes": [
                node("named", vec![dep("used", json!(null)), dep("tested", json!("dev")), dep("libc", json!(null))]),
                node("used", vec![dep("deep", json!(null))]),
                node("deep", vec![]), node("tested", vec![]), node("libc", vec![]),
            ]},
        });
        let told = of(&metadata, &[("named".to_owned(), "named".to_owned())]);
        assert_eq!(told["packages"], json!([package("named"), package("used")]));
        let used = node("named", vec![dep("used", json!(null))]);
        assert_eq!(
            told["resolve"]["nodes"],
            json!([used, node("used", vec![])])
        );
        assert_eq!(told["named"], json!(["named"]));
    }
}
