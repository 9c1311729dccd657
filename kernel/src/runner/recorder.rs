//! The outputs of a notebook's cells, as the kernel's messages make and change them.

use crate::client::Message;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How much the outputs of one cell may hold, in bytes, about.
const MOST: usize = 256 * 1024 * 1024;

/// The outputs of all cells so far. A message belongs to the cell whose request it names, even if that is over; and it
/// may change what any cell displays.
#[derive(Debug, Default)]
pub struct Recorder {
    cells: Vec<Cell>,
    requests: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct Cell {
    outputs: Vec<Output>,
    /// How much they may hold, in bytes, about.
    most: usize,
    /// Whether the next output takes the place of those before it.
    clear_later: bool,
    /// How much they hold, in bytes, about.
    size: usize,
    /// Whether something was left out, because it was too much.
    is_full: bool,
}

#[derive(Debug)]
struct Output {
    value: Value,
    display_id: Option<String>,
}

impl Recorder {
    /// Begins the next cell.
    pub fn begin_cell(&mut self) {
        self.cells.push(Cell::new(MOST));
    }

    /// Says which request runs the last cell.
    pub fn requested(&mut self, id: &str) {
        if let Some(last) = self.cells.len().checked_sub(1) {
            self.requests.insert(id.to_owned(), last);
        }
    }

    /// Takes a message; what is no output, or of no cell, is passed over.
    pub fn record(&mut self, message: &Message) {
        let Some(cell) = self.requests.get(&message.parent) else {
            return;
        };
        let content = &message.content;
        let transient = content["transient"]["display_id"]
            .as_str()
            .map(str::to_owned);
        if message.kind == "update_display_data" {
            return self.update(content, transient.as_deref());
        }
        let Some(cell) = self.cells.get_mut(*cell) else {
            return;
        };
        match message.kind.as_str() {
            "stream" => {
                let text = content["text"].as_str().unwrap_or_default();
                cell.print(content["name"].as_str().unwrap_or("stdout"), text);
            }
            kind @ ("display_data" | "execute_result") => {
                let output = json!({
                    "output_type": kind, "data": object(&content["data"]), "metadata": object(&content["metadata"]),
                });
                cell.add(output, transient);
            }
            "error" => cell.add(
                json!({
                    "output_type": "error", "ename": text(&content["ename"]), "evalue": text(&content["evalue"]),
                    "traceback": content["traceback"].as_array().cloned().unwrap_or_default(),
                }),
                None,
            ),
            "clear_output" if content["wait"] == true => cell.clear_later = true,
            "clear_output" => cell.clear(),
            _ => {}
        }
    }

    /// The outputs of each cell that was begun, in order.
    pub fn into_outputs(self) -> impl Iterator<Item = Vec<Value>> {
        let values = |cell: Cell| {
            cell.outputs
                .into_iter()
                .map(|output| output.value)
                .collect()
        };
        self.cells.into_iter().map(values)
    }

    fn update(&mut self, content: &Value, display_id: Option<&str>) {
        let shown = self.cells.iter_mut().flat_map(|cell| &mut cell.outputs);
        for output in shown
            .filter(|output| display_id.is_some() && output.display_id.as_deref() == display_id)
        {
            output.value["data"] = object(&content["data"]);
            output.value["metadata"] = object(&content["metadata"]);
        }
    }
}

impl Cell {
    fn new(most: usize) -> Self {
        Cell {
            outputs: Vec::new(),
            most,
            clear_later: false,
            size: 0,
            is_full: false,
        }
    }

    fn print(&mut self, name: &str, text: &str) {
        if self.clear_later {
            self.clear();
        }
        if !self.has_room(text.len()) {
            return;
        }
        // The pieces of a stream become one text as they come.
        if let Some(last) = self.outputs.last_mut()
            && last.value["output_type"] == "stream"
            && last.value["name"] == name
            && let Value::String(before) = &mut last.value["text"]
        {
            before.push_str(text);
            return;
        }
        self.push(
            json!({"output_type": "stream", "name": name, "text": text}),
            None,
        );
    }

    fn add(&mut self, value: Value, display_id: Option<String>) {
        if self.clear_later {
            self.clear();
        }
        if self.has_room(size(&value)) {
            self.push(value, display_id);
        }
    }

    fn push(&mut self, value: Value, display_id: Option<String>) {
        self.outputs.push(Output { value, display_id });
    }

    /// Whether there is room for so many bytes more. The first time that there is none, a note says so.
    fn has_room(&mut self, bytes: usize) -> bool {
        if self.is_full {
            return false;
        }
        self.size += bytes;
        if self.size <= self.most {
            return true;
        }
        self.is_full = true;
        let note = format!(
            "dsprep: the rest of this cell's output was left out: it is more than {} MiB\n",
            self.most / (1024 * 1024)
        );
        self.push(
            json!({"output_type": "stream", "name": "stderr", "text": note}),
            None,
        );
        false
    }

    fn clear(&mut self) {
        *self = Cell::new(self.most);
    }
}

/// How long the texts in a value are.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(elements) => elements.iter().map(size).sum(),
        Value::Object(entries) => entries.values().map(size).sum(),
        _ => 8,
    }
}

fn object(value: &Value) -> Value {
    if value.is_object() {
        value.clone()
    } else {
        json!({})
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Channel;

    fn record_in(recorder: &mut Recorder, parent: &str, kind: &str, content: Value) {
        recorder.record(&Message {
            channel: Channel::IoPub,
            kind: kind.to_owned(),
            parent: parent.to_owned(),
            content,
        });
    }

    fn begin(recorder: &mut Recorder, id: &str) {
        recorder.begin_cell();
        recorder.requested(id);
    }

    fn stream(text: &str) -> Value {
        json!({"output_type": "stream", "name": "stdout", "text": text})
    }

    fn print(recorder: &mut Recorder, parent: &str, text: &str) {
        record_in(
            recorder,
            parent,
            "stream",
            json!({"name": "stdout", "text": text}),
        );
    }

    fn outputs(recorder: Recorder) -> Value {
        recorder.into_outputs().collect()
    }

    #[test]
    fn a_display_is_changed_in_whichever_cell_it_is() {
        let display = |text: &str| json!({"data": {"text/plain": text}, "metadata": {}, "transient": {"display_id": "d"}});
        let mut recorder = Recorder::default();
        begin(&mut recorder, "a");
        record_in(&mut recorder, "a", "display_data", display("old"));
        begin(&mut recorder, "b");
        record_in(&mut recorder, "b", "update_display_data", display("new"));
        let expected =
            json!({"output_type": "display_data", "data": {"text/plain": "new"}, "metadata": {}});
        assert_eq!(outputs(recorder), json!([[expected], []]));
    }

    #[test]
    fn clearing_can_wait_for_the_next_output() {
        let mut recorder = Recorder::default();
        begin(&mut recorder, "a");
        print(&mut recorder, "a", "1");
        record_in(&mut recorder, "a", "clear_output", json!({"wait": true}));
        print(&mut recorder, "a", "2");
        begin(&mut recorder, "b");
        print(&mut recorder, "b", "3");
        record_in(&mut recorder, "b", "clear_output", json!({"wait": false}));
        begin(&mut recorder, "c");
        print(&mut recorder, "c", "4");
        record_in(&mut recorder, "c", "clear_output", json!({"wait": true}));
        assert_eq!(outputs(recorder), json!([[stream("2")], [], [stream("4")]]));
    }

    #[test]
    fn what_comes_late_belongs_to_the_cell_that_it_names_and_what_is_foreign_to_none() {
        let mut recorder = Recorder::default();
        begin(&mut recorder, "a");
        print(&mut recorder, "a", "1");
        begin(&mut recorder, "b");
        print(&mut recorder, "a", " late");
        print(&mut recorder, "b", "2");
        print(&mut recorder, "somebody else", "3");
        assert_eq!(
            outputs(recorder),
            json!([[stream("1 late")], [stream("2")]])
        );
    }

    #[test]
    fn a_flood_is_cut_with_a_note() {
        let mebi = 1024 * 1024;
        let mut cell = Cell::new(2 * mebi);
        for _ in 0..5 {
            cell.print("stdout", &"x".repeat(mebi));
        }
        assert_eq!(cell.outputs.len(), 2);
        let texts: Vec<_> = cell
            .outputs
            .iter()
            .filter_map(|output| output.value["text"].as_str())
            .collect();
        assert_eq!(texts[0].len(), 2 * mebi);
        assert!(texts[1].contains("more than 2 MiB"), "{}", texts[1]);
    }
}
