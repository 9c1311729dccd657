//! JupyterLab's panel of variables, which it fills over the debug protocol.
//!
//! Only what the panel asks is answered: which variables there are, and of what type the compiler said they are. There
//! is nothing to stop a cell with, so breakpoints are not confirmed.

use super::EventLoop;
use jupyter_protocol::JupyterMessage;
use serde_json::{Value, json};

/// How clients are to name the cells for which they want breakpoints, as others do it.
const HASH_SEED: u32 = 0xc70f_6907;

impl EventLoop {
    /// Answers a request of the debug protocol.
    pub(super) async fn on_debug(&mut self, request: &JupyterMessage) {
        let content = serde_json::to_value(&request.content).unwrap_or_default();
        let command = content["command"].as_str().unwrap_or_default();
        let arguments = &content["arguments"];
        self.debugged |= command == "attach";
        let body = match command {
            "initialize" => Some(json!({
                "supportsSetVariable": false, "supportsConditionalBreakpoints": false,
                "supportsConfigurationDoneRequest": true,
            })),
            "attach" | "configurationDone" => Some(json!({})),
            "disconnect" => {
                self.debugged = false;
                Some(json!({}))
            }
            "debugInfo" => Some(json!({
                "isStarted": self.debugged, "hashMethod": "Murmur2", "hashSeed": HASH_SEED,
                "tmpFilePrefix": "", "tmpFileSuffix": ".rs", "breakpoints": [], "stoppedThreads": [],
                "richRendering": true, "exceptionPaths": [], "copyToGlobals": false,
            })),
            "inspectVariables" => Some(json!({"variables": self.variables()})),
            "variables" => Some(json!({"variables": []})),
            "richInspectVariables" => self.rich(arguments["variableName"].as_str()),
            "dumpCell" => Some(json!({"sourcePath": ""})),
            "setBreakpoints" => Some(json!({"breakpoints": []})),
            "setExceptionBreakpoints" => Some(json!({"breakpoints": []})),
            "stackTrace" => Some(json!({"stackFrames": [], "totalFrames": 0})),
            "threads" => Some(json!({"threads": []})),
            "modules" => Some(json!({"modules": [], "totalModules": 0})),
            _ => None,
        };
        let mut reply = json!({
            "type": "response", "seq": content["seq"], "request_seq": content["seq"], "command": command,
            "success": body.is_some(),
        });
        match body {
            Some(body) => reply["body"] = body,
            None => {
                reply["message"] =
                    json!("cells can't be stopped and looked into; only variables are told")
            }
        }
        self.client.control_reply(request, reply).await;
        if command == "attach" {
            let event = json!({"type": "event", "event": "initialized", "seq": 0, "body": {}});
            self.client
                .publish(Some(request), "debug_event", event)
                .await;
        }
    }

    fn variables(&self) -> Vec<Value> {
        let variables = self.context.variable_types().into_iter();
        variables
            .map(|(name, ty)| {
                json!({
                    "name": name, "value": ty, "type": ty, "evaluateName": name, "variablesReference": 0,
                })
            })
            .collect()
    }

    fn rich(&self, name: Option<&str>) -> Option<Value> {
        let mut variables = self.context.variable_types().into_iter();
        let (name, ty) = variables.find(|(own, _)| Some(own.as_str()) == name)?;
        let text = format!("{name}: {ty}");
        Some(json!({
            "data": {"text/plain": text, "text/markdown": format!("```rust\nlet {text}\n```")}, "metadata": {},
        }))
    }
}
