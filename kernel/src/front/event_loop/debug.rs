//! JupyterLab's panel of variables, which it fills over the debug protocol.
//!
//! Only what the panel asks is answered: which variables there are, of what type the compiler said they are, and what
//! they hold. Values of the usual types are told by the process in which cells run, between two cells and without
//! compiling anything; one that is looked at by itself is shown as a cell would show it. There is nothing to stop a
//! cell with, so breakpoints are not confirmed.

use super::EventLoop;
use crate::front::Toolchain;
use crate::toolchain::plan::ident;
use jupyter_protocol::JupyterMessage;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// The kind of the requests that are answered here.
pub(super) const REQUEST: &str = "debug_request";
/// How clients are to name the cells for which they want breakpoints, as others do it.
const HASH_SEED: u32 = 0xc70f_6907;
/// How long the process may take to tell what its variables hold.
const TELLS: Duration = Duration::from_secs(1);

/// The panels of variables that clients show.
#[derive(Default)]
pub(super) struct Panels {
    /// Whether there is one.
    shown: bool,
    /// How often the process was asked.
    asked: u64,
    /// The requests that wait for its answer, with their numbers and the time until which they wait.
    waiting: Vec<(u64, JupyterMessage, Instant)>,
}

impl Panels {
    /// When the next request has waited long enough.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.waiting.iter().map(|(_, _, deadline)| *deadline).min()
    }
}

impl EventLoop {
    /// Answers a request of the debug protocol, at once or when the process has told its values.
    pub(super) async fn on_debug(&mut self, request: JupyterMessage) {
        let content = content_of(&request);
        let command = content["command"].as_str().unwrap_or_default();
        let arguments = &content["arguments"];
        self.panels.shown |= command == "attach";
        let body = match command {
            "initialize" => Some(json!({
                "supportsSetVariable": false, "supportsConditionalBreakpoints": false,
                "supportsConfigurationDoneRequest": true,
            })),
            "attach" | "configurationDone" => Some(json!({})),
            "disconnect" => {
                self.panels.shown = false;
                Some(json!({}))
            }
            "debugInfo" => Some(json!({
                "isStarted": self.panels.shown, "hashMethod": "Murmur2", "hashSeed": HASH_SEED,
                "tmpFilePrefix": "", "tmpFileSuffix": ".rs", "breakpoints": [], "stoppedThreads": [],
                "richRendering": true, "exceptionPaths": [], "copyToGlobals": false,
            })),
            "inspectVariables" => return self.inspect(request).await,
            "richInspectVariables" => {
                let name = arguments["variableName"].as_str().unwrap_or_default();
                return self.rich(request, name).await;
            }
            "variables" => Some(json!({"variables": []})),
            "dumpCell" => Some(json!({"sourcePath": ""})),
            "setBreakpoints" => Some(json!({"breakpoints": []})),
            "setExceptionBreakpoints" => Some(json!({"breakpoints": []})),
            "stackTrace" => Some(json!({"stackFrames": [], "totalFrames": 0})),
            "threads" => Some(json!({"threads": []})),
            "modules" => Some(json!({"modules": [], "totalModules": 0})),
            _ => None,
        };
        self.debug_reply(&request, body).await;
        if command == "attach" {
            let event = json!({"type": "event", "event": "initialized", "seq": 0, "body": {}});
            self.client
                .publish(Some(&request), "debug_event", event)
                .await;
        }
        self.idle_after(&request).await;
    }

    async fn debug_reply(&mut self, request: &JupyterMessage, body: Option<Value>) {
        let content = content_of(request);
        let mut reply = json!({
            "type": "response", "seq": content["seq"], "request_seq": content["seq"],
            "command": content["command"], "success": body.is_some(),
        });
        match body {
            Some(body) => reply["body"] = body,
            None => {
                reply["message"] =
                    json!("cells can't be stopped and looked into; only variables are told")
            }
        }
        self.client.control_reply(request, reply).await;
    }

    /// Asks the process what the variables hold.
    async fn inspect(&mut self, request: JupyterMessage) {
        match &mut self.process {
            Some(process) if process.is_ours => {
                self.panels.asked += 1;
                let asked = self.panels.asked;
                process.ask_for_values(asked).await;
                let deadline = Instant::now() + TELLS;
                self.panels.waiting.push((asked, request, deadline));
            }
            _ => self.show_variables(&request, &Value::Null).await,
        }
    }

    /// Takes what the variables hold, and answers who has asked for it.
    pub(super) async fn on_values(&mut self, asked: u64, values: &Value) {
        let waiting = &mut self.panels.waiting;
        let place = waiting.iter().position(|(number, ..)| *number == asked);
        if let Some(place) = place {
            let (_, request, _) = waiting.remove(place);
            self.show_variables(&request, values).await;
        }
    }

    /// Answers the requests for values that wait for them until a time for which `is_over` holds.
    pub(super) async fn show_types_alone(&mut self, is_over: impl Fn(Instant) -> bool) {
        let waiting = &mut self.panels.waiting;
        let over = waiting.extract_if(.., |(_, _, deadline)| is_over(*deadline));
        for (_, request, _) in over.collect::<Vec<_>>() {
            self.show_variables(&request, &Value::Null).await;
        }
    }

    async fn show_variables(&mut self, request: &JupyterMessage, values: &Value) {
        let variables = self.context.variable_types().into_iter();
        let variables: Vec<Value> = variables
            .map(|(name, ty)| {
                let mut variable =
                    json!({"name": name, "evaluateName": name, "variablesReference": 0});
                match values[&name].as_str() {
                    // JupyterLab shows a type in the place of the value, but for the four of Python's that it knows.
                    Some(value) => variable["value"] = format!("{value} ({ty})").into(),
                    None => {
                        variable["type"] = ty.as_str().into();
                        variable["value"] = ty.into();
                    }
                }
                variable
            })
            .collect();
        let body = json!({"variables": variables});
        self.debug_reply(request, Some(body)).await;
        self.idle_after(request).await;
    }

    /// Shows one variable as a cell would, if nothing else is to be run.
    async fn rich(&mut self, request: JupyterMessage, name: &str) {
        let can_be_run = matches!(self.toolchain, Toolchain::StandIn)
            && self.engine.is_ready()
            && self.running.is_none()
            && self.waiting.is_empty()
            && self.expressions.is_none();
        if can_be_run && self.context.has_variable(name) {
            let expression = (name.to_owned(), ident(name));
            return self
                .evaluate_all(&request, self.count, vec![expression])
                .await;
        }
        self.show_variable(&request, &json!({ name: {} })).await;
    }

    /// Answers a request for one variable with what it shows, or with its type if it shows nothing.
    pub(super) async fn show_variable(&mut self, request: &JupyterMessage, known: &Value) {
        let shown = known.as_object().and_then(|known| known.iter().next());
        let body = shown.and_then(|(name, shown)| {
            let mut types = self.context.variable_types().into_iter();
            let (_, ty) = types.find(|(own, _)| own == name)?;
            let text = format!("{name}: {ty}");
            let typed = json!({
                "text/plain": text, "text/markdown": format!("```rust\nlet {text}\n```"),
            });
            let data = shown["data"].as_object().filter(|data| !data.is_empty());
            let data = data.map_or(typed, |data| Value::Object(data.clone()));
            Some(json!({"data": data, "metadata": {}}))
        });
        self.debug_reply(request, body).await;
        self.idle_after(request).await;
    }
}

fn content_of(request: &JupyterMessage) -> Value {
    serde_json::to_value(&request.content).unwrap_or_default()
}
