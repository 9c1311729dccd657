//! The expressions that a client wants to know after a cell, `user_expressions`, and variables that it wants to see.

use super::{EventLoop, debug};
use crate::front::completeness::too_deep;
use crate::front::prepared::{Cell, Refusal};
use crate::front::running::Running;
use crate::front::traceback::CellError;
use jupyter_protocol::JupyterMessage;
use serde_json::{Map, Value, json};

/// A request whose cell has succeeded, or one for variables, and whose expressions are being evaluated.
pub(super) struct Expressions {
    request: JupyterMessage,
    count: usize,
    left: Vec<(String, String)>,
    known: Map<String, Value>,
}

impl EventLoop {
    /// Evaluates the expressions of a cell that has succeeded, one after the other, and replies.
    pub(super) async fn evaluate(&mut self, request: &JupyterMessage, count: usize) {
        let content = serde_json::to_value(&request.content).unwrap_or_default();
        let wanted = content["user_expressions"].as_object();
        let left: Vec<(String, String)> = wanted
            .into_iter()
            .flatten()
            .map(|(name, code)| (name.clone(), code.as_str().unwrap_or_default().to_owned()))
            .collect();
        if left.is_empty() {
            return self.succeed(request, count).await;
        }
        self.evaluate_all(request, count, left).await;
    }

    /// Evaluates these expressions, each with its name, and answers `request` with their values.
    pub(super) async fn evaluate_all(
        &mut self,
        request: &JupyterMessage,
        count: usize,
        left: Vec<(String, String)>,
    ) {
        self.expressions = Some(Expressions {
            request: request.clone(),
            count,
            left,
            known: Map::new(),
        });
        self.evaluate_next().await;
    }

    /// Takes what an expression came to, and goes on.
    pub(super) async fn on_value(
        &mut self,
        name: String,
        value: std::result::Result<Value, CellError>,
    ) {
        let value = match value {
            Ok(data) => json!({"status": "ok", "data": data, "metadata": {}}),
            Err(error) => json!({
                "status": "error", "ename": error.name, "evalue": error.value, "traceback": error.traceback,
            }),
        };
        if let Some(expressions) = &mut self.expressions {
            expressions.known.insert(name, value);
        }
        self.evaluate_next().await;
    }

    async fn evaluate_next(&mut self) {
        loop {
            let Some(expressions) = &mut self.expressions else {
                return;
            };
            let Some((name, code)) = expressions.left.pop() else {
                break;
            };
            let (request, count) = (expressions.request.clone(), expressions.count);
            let deep = too_deep(&code);
            let cell = match deep {
                Some(_) => Cell::default(),
                None => self.context.prepare(&code, count, None),
            };
            let refused = match &cell.refusal {
                _ if deep.is_some() => deep,
                Some(Refusal::Syntax(error)) => Some(error.message.clone()),
                Some(Refusal::Command(_, message)) => Some(message.clone()),
                None if cell.for_engine.is_empty() => Some("this is no expression".to_owned()),
                None => self
                    .workdir
                    .set_plan(&cell.plan)
                    .err()
                    .map(|it| it.to_string()),
            };
            if let Some(message) = refused {
                let error = CellError::new("error", message);
                let value = json!({
                    "status": "error", "ename": error.name, "evalue": error.value, "traceback": error.traceback,
                });
                if let Some(expressions) = &mut self.expressions {
                    expressions.known.insert(name, value);
                }
                continue;
            }
            let for_engine = cell.for_engine.clone();
            let mut running = Running::new(request, cell, count, String::new());
            running.expression = Some(name);
            return self.send_to_engine(running, &for_engine, false).await;
        }
        if let Some(done) = self.expressions.take() {
            let known = Value::Object(done.known);
            if done.request.header.msg_type == debug::REQUEST {
                return self.show_variable(&done.request, &known).await;
            }
            self.reply_ok(&done.request, done.count, known, json!([]))
                .await;
        }
    }
}
