//! Help in a cell: `?name`, or `name?` where no variable has the name.

use super::EventLoop;
use crate::front::context::Context;
use jupyter_protocol::JupyterMessage;
use serde_json::{Value, json};

/// The name that a cell asks about, if it asks about one and does nothing else.
pub(super) fn wanted<'a>(code: &'a str, context: &Context) -> Option<&'a str> {
    let code = code.trim();
    let leading = code.strip_prefix('?').map(|it| it.trim_start_matches('?'));
    let trailing = code.strip_suffix('?').map(|it| it.trim_end_matches('?'));
    let name = match (leading, trailing) {
        (Some(name), _) => name,
        // The operator `?` on a variable is Rust.
        (None, Some(name)) if !context.has_variable(name.trim()) => name,
        _ => return None,
    };
    let name = name.trim();
    let starts_well = name.starts_with(|it: char| it.is_alphabetic() || it == '_');
    let is_path = name
        .chars()
        .all(|it| it.is_alphanumeric() || "_:.!".contains(it));
    (starts_well && is_path).then_some(name)
}

impl EventLoop {
    /// Replies to a cell that asked for help with what is known.
    pub(super) async fn give_help(
        &mut self,
        request: &JupyterMessage,
        count: usize,
        found: Option<Value>,
    ) {
        let payload = match found {
            Some(found) => json!([{"source": "page", "data": found["data"], "start": 0}]),
            None => {
                let text = "dsprep: nothing is known of that name\n";
                let content = json!({"name": "stderr", "text": text});
                self.client.publish(Some(request), "stream", content).await;
                json!([])
            }
        };
        self.reply_ok(request, count, json!({}), payload).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_and_a_question_mark_ask_for_help() {
        let context = Context::default();
        for (code, name) in [
            ("?attention", Some("attention")),
            ("attention?", Some("attention")),
            ("?? Vec::push\n", Some("Vec::push")),
            ("df!?", Some("df!")),
            ("load()?", None),
            ("let x = y?;", None),
            ("?", None),
            ("1?", None),
        ] {
            assert_eq!(wanted(code, &context), name, "{code}");
        }
    }
}
