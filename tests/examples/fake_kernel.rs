//! A kernel that misbehaves on purpose: `fake_kernel BEHAVIOUR CONNECTION_FILE`.
//!
//! It runs no code. What it does with a cell depends on its behaviour; anything else than that is done right.

use jupyter_protocol::{ConnectionInfo, JupyterMessage, JupyterMessageContent, UnknownMessage};
use jupyter_zmq_client as zmq;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::sleep;
use zeromq::{Socket as _, SocketSend as _, ZmqMessage};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut args = std::env::args().skip(1);
    let (Some(behaviour), Some(file)) = (args.next(), args.next()) else {
        panic!("usage: fake_kernel BEHAVIOUR CONNECTION_FILE");
    };
    if behaviour == "dies_at_start" {
        eprintln!("no license for this machine");
        std::process::exit(3);
    }
    let text = std::fs::read(file).expect("the connection file can be read");
    let info: ConnectionInfo = serde_json::from_slice(&text).expect("it is JSON");
    let taken = std::env::var("FAKE_TAKEN").ok();
    if let Some(file) = taken.filter(|file| !std::path::Path::new(file).exists()) {
        // The first start finds its ports taken.
        std::fs::write(file, "").expect("the file can be written");
        eprintln!("zmq.error.ZMQError: Address already in use");
        std::process::exit(1);
    }
    Kernel::bind(&info, behaviour).await.serve().await;
}

struct Kernel {
    behaviour: String,
    shell: zmq::KernelShellConnection,
    control: zmq::KernelControlConnection,
    stdin: zmq::KernelStdinConnection,
    iopub: zmq::KernelIoPubConnection,
    forged: zmq::Connection<zeromq::PubSocket>,
    count: usize,
}

impl Kernel {
    async fn bind(info: &ConnectionInfo, behaviour: String) -> Self {
        let session = "fake";
        Kernel {
            behaviour,
            iopub: zmq::create_kernel_iopub_connection(info, session)
                .await
                .expect("iopub"),
            shell: zmq::create_kernel_shell_connection(info, session)
                .await
                .expect("shell"),
            control: zmq::create_kernel_control_connection(info, session)
                .await
                .expect("control"),
            stdin: zmq::create_kernel_stdin_connection(info, session)
                .await
                .expect("stdin"),
            forged: zmq::Connection::new(zeromq::PubSocket::new(), "another key", session),
            count: 0,
        }
    }

    async fn serve(mut self) {
        loop {
            tokio::select! {
                request = self.shell.read() => self.on_shell(request.expect("a request")).await,
                request = self.control.read() => self.on_control(request.expect("a request")).await,
            }
        }
    }

    async fn on_control(&mut self, request: JupyterMessage) {
        match request.header.msg_type.as_str() {
            "shutdown_request" => std::process::exit(0),
            "interrupt_request" => {
                let reply = message("interrupt_reply", json!({"status": "ok"}), &request);
                self.control.send(reply).await.expect("a reply");
            }
            _ => {}
        }
    }

    async fn on_shell(&mut self, request: JupyterMessage) {
        if request.header.msg_type == "kernel_info_request" {
            match self.behaviour.as_str() {
                "silent" => return,
                "starts_slowly" => sleep(Duration::from_secs(2)).await,
                _ => {}
            }
            self.status(&request, "busy").await;
            let info = json!({
                "status": "ok", "protocol_version": "5.3", "implementation": "fake", "implementation_version": "1",
                "language_info": {"name": "fake", "version": "1", "mimetype": "text/plain", "file_extension": ".txt"},
                "banner": "", "help_links": [],
            });
            self.reply("kernel_info_reply", info, &request).await;
            return self.status(&request, "idle").await;
        }
        if request.header.msg_type == "execute_request" {
            self.count += 1;
            self.run(&request).await;
        }
    }

    async fn run(&mut self, request: &JupyterMessage) {
        let behaviour = self.behaviour.clone();
        self.status(request, "busy").await;
        match behaviour.as_str() {
            "dies_in_cell" => {
                self.print(request, "before the end\n").await;
                eprintln!("the last words");
                sleep(Duration::from_millis(100)).await;
                std::process::abort();
            }
            "floods" => {
                let line = "x".repeat(1000) + "\n";
                loop {
                    self.print(request, &line).await;
                    tokio::task::yield_now().await;
                }
            }
            "foreign" => {
                let mut other = JupyterMessage::new(content("execute_request", json!({})), None);
                other.zmq_identities = request.zmq_identities.clone();
                self.print(&other, "another client's\n").await;
                self.status(&other, "idle").await;
                self.reply(
                    "execute_reply",
                    json!({"status": "error", "ename": "Other", "evalue": "", "traceback": []}),
                    &other,
                )
                .await;
                self.print(request, "mine\n").await;
            }
            "malformed" => {
                for frames in [
                    vec!["x"],
                    vec!["<IDS|MSG>"],
                    vec!["<IDS|MSG>", "", "{", "{}", "{}", "{}"],
                ] {
                    let mut frames = frames.into_iter().map(|frame| frame.as_bytes().to_vec());
                    let mut parts = ZmqMessage::from(frames.next().unwrap_or_default());
                    frames.for_each(|frame| parts.push_back(frame.into()));
                    self.iopub
                        .socket
                        .send(parts)
                        .await
                        .expect("frames are sent");
                }
                self.print(request, "after the noise\n").await;
            }
            "wrong_signature" => {
                // All that follows is signed with another key.
                std::mem::swap(&mut self.iopub.mac, &mut self.forged.mac);
                self.print(request, "forged\n").await;
            }
            "idle_first" => {
                self.status(request, "idle").await;
                self.print(request, "after idle\n").await;
                sleep(Duration::from_millis(200)).await;
                return self.done(request).await;
            }
            "no_idle" => return self.done(request).await,
            "no_reply" => return self.status(request, "idle").await,
            "naps" => {
                self.print(request, "half of it\n").await;
                let interrupt = self.control.read().await.expect("an interrupt");
                self.on_control(interrupt).await;
                return self.fail(request).await;
            }
            "shows" => {
                self.print(request, "so far").await;
                let result = json!({"data": {"text/plain": "42"}, "metadata": {}, "execution_count": self.count});
                let result = message("execute_result", result, request);
                self.iopub.send(result).await.expect("a result");
            }
            "hangs" => sleep(Duration::from_secs(3600)).await,
            "eats_memory" => {
                let mut all = Vec::new();
                loop {
                    all.push(vec![1_u8; 8 * 1024 * 1024]);
                    sleep(Duration::from_millis(20)).await;
                }
            }
            "asks" => {
                let question = message(
                    "input_request",
                    json!({"prompt": "Your name: ", "password": false}),
                    request,
                );
                self.stdin.send(question).await.expect("a question");
                let answer = self.stdin.read().await.expect("an answer");
                let JupyterMessageContent::InputReply(answer) = answer.content else {
                    panic!("no answer");
                };
                self.print(request, &format!("hello {}\n", answer.value))
                    .await;
            }
            "flaky" if !std::path::Path::new("ran").exists() => {
                std::fs::write("ran", "").expect("the file can be written");
                return self.fail(request).await;
            }
            "fails" => return self.fail(request).await,
            _ => self.print(request, &format!("cell {}\n", self.count)).await,
        }
        self.done(request).await;
        self.status(request, "idle").await;
    }

    async fn done(&mut self, request: &JupyterMessage) {
        let reply = json!({"status": "ok", "execution_count": self.count, "payload": [], "user_expressions": {}});
        self.reply("execute_reply", reply, request).await;
    }

    async fn fail(&mut self, request: &JupyterMessage) {
        let error = json!({"ename": "FakeError", "evalue": "on purpose", "traceback": ["FakeError: on purpose"]});
        self.iopub
            .send(message("error", error.clone(), request))
            .await
            .expect("an error");
        let mut reply = error;
        reply["status"] = "error".into();
        reply["execution_count"] = self.count.into();
        self.reply("execute_reply", reply, request).await;
        self.status(request, "idle").await;
    }

    async fn status(&mut self, request: &JupyterMessage, state: &str) {
        let status = message("status", json!({"execution_state": state}), request);
        self.iopub.send(status).await.expect("a status");
    }

    async fn print(&mut self, request: &JupyterMessage, text: &str) {
        let stream = message("stream", json!({"name": "stdout", "text": text}), request);
        self.iopub.send(stream).await.expect("a stream");
    }

    async fn reply(&mut self, kind: &str, content: Value, request: &JupyterMessage) {
        self.shell
            .send(message(kind, content, request))
            .await
            .expect("a reply");
    }
}

fn content(kind: &str, content: Value) -> JupyterMessageContent {
    JupyterMessageContent::UnknownMessage(UnknownMessage {
        msg_type: kind.to_owned(),
        content,
    })
}

/// A message about `request`, for the client that sent it.
fn message(kind: &str, fields: Value, request: &JupyterMessage) -> JupyterMessage {
    JupyterMessage::new(content(kind, fields), Some(request))
}
