//! The outputs of a notebook's cells, as the kernel's messages make and change them.

use jupyter_protocol::{JupyterMessageContent, Media, Stdio, Transient};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The outputs of all cells so far. A message belongs to the last cell, except that it may change what an
/// earlier cell displays.
#[derive(Debug, Default)]
pub struct Recorder {
    cells: Vec<Vec<Output>>,
    /// Whether the next output takes the place of those before it.
    clear_later: bool,
}

#[derive(Debug)]
struct Output {
    value: Value,
    display_id: Option<String>,
}

impl Recorder {
    /// Begins the next cell.
    pub fn begin_cell(&mut self) {
        self.cells.push(Vec::new());
        self.clear_later = false;
    }

    /// Takes a message's content; what is no output is passed over.
    pub fn record(&mut self, content: JupyterMessageContent) {
        match content {
            JupyterMessageContent::StreamContent(stream) => {
                let name = match stream.name {
                    Stdio::Stdout => "stdout",
                    Stdio::Stderr => "stderr",
                };
                self.add(
                    json!({"output_type": "stream", "name": name, "text": stream.text}),
                    None,
                );
            }
            JupyterMessageContent::DisplayData(display) => {
                self.add(
                    rich("display_data", &display.data, display.metadata),
                    display.transient,
                );
            }
            JupyterMessageContent::ExecuteResult(result) => {
                self.add(
                    rich("execute_result", &result.data, result.metadata),
                    result.transient,
                );
            }
            JupyterMessageContent::UpdateDisplayData(update) => {
                self.update(&update.data, &update.metadata, &update.transient);
            }
            JupyterMessageContent::ErrorOutput(error) => {
                let mut output = json!({"output_type": "error"});
                output["ename"] = error.ename.into();
                output["evalue"] = error.evalue.into();
                output["traceback"] = error.traceback.into();
                self.add(output, None);
            }
            JupyterMessageContent::ClearOutput(clear) if clear.wait => self.clear_later = true,
            JupyterMessageContent::ClearOutput(_) => self.clear(),
            _ => {}
        }
    }

    /// The outputs of each cell that was begun, in order.
    pub fn into_outputs(self) -> impl Iterator<Item = Vec<Value>> {
        self.cells
            .into_iter()
            .map(|cell| cell.into_iter().map(|output| output.value).collect())
    }

    fn add(&mut self, value: Value, transient: Option<Transient>) {
        if self.clear_later {
            self.clear();
        }
        let display_id = transient.and_then(|transient| transient.display_id);
        if let Some(cell) = self.cells.last_mut() {
            cell.push(Output { value, display_id });
        }
    }

    fn clear(&mut self) {
        self.clear_later = false;
        if let Some(cell) = self.cells.last_mut() {
            cell.clear();
        }
    }

    fn update(&mut self, data: &Media, metadata: &Map<String, Value>, transient: &Transient) {
        let shown = self.cells.iter_mut().flatten();
        let same = |output: &&mut Output| {
            output.display_id.is_some() && output.display_id == transient.display_id
        };
        for output in shown.filter(same) {
            output.value["data"] = to_json(data);
            output.value["metadata"] = Value::Object(metadata.clone());
        }
    }
}

fn rich(kind: &str, data: &Media, metadata: Map<String, Value>) -> Value {
    json!({"output_type": kind, "data": to_json(data), "metadata": metadata})
}

fn to_json(data: &impl Serialize) -> Value {
    // What came as JSON goes as JSON.
    serde_json::to_value(data).unwrap_or_else(|_| json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(recorder: &mut Recorder, kind: &str, content: Value) {
        let content = JupyterMessageContent::from_type_and_content(kind, content);
        recorder.record(content.unwrap_or_else(|error| panic!("{kind}: {error}")));
    }

    fn print(recorder: &mut Recorder, text: &str) {
        record(recorder, "stream", json!({"name": "stdout", "text": text}));
    }

    fn outputs(recorder: Recorder) -> Value {
        recorder.into_outputs().collect()
    }

    #[test]
    fn a_display_is_changed_in_whichever_cell_it_is() {
        let display = |text: &str| json!({"data": {"text/plain": text}, "metadata": {}, "transient": {"display_id": "d"}});
        let mut recorder = Recorder::default();
        recorder.begin_cell();
        record(&mut recorder, "display_data", display("old"));
        recorder.begin_cell();
        record(&mut recorder, "update_display_data", display("new"));
        let expected =
            json!({"output_type": "display_data", "data": {"text/plain": "new"}, "metadata": {}});
        assert_eq!(outputs(recorder), json!([[expected], []]));
    }

    #[test]
    fn clearing_can_wait_for_the_next_output() {
        let stream = |text: &str| json!({"output_type": "stream", "name": "stdout", "text": text});
        let mut recorder = Recorder::default();
        recorder.begin_cell();
        print(&mut recorder, "1");
        record(&mut recorder, "clear_output", json!({"wait": true}));
        print(&mut recorder, "2");
        recorder.begin_cell();
        print(&mut recorder, "3");
        record(&mut recorder, "clear_output", json!({"wait": false}));
        recorder.begin_cell();
        print(&mut recorder, "4");
        record(&mut recorder, "clear_output", json!({"wait": true}));
        assert_eq!(outputs(recorder), json!([[stream("2")], [], [stream("4")]]));
    }
}
