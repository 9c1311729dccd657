//! The sockets towards Jupyter, on a thread of their own.
//!
//! Why one thread: zeromq's sockets get into each other's way on two. Its PUB socket looks whether its sender is awake
//! and its sender looks whether there is more to send, without a barrier between; once in some fifty thousand
//! messages both miss the other, and the message (`idle`, say) stays until the next one comes, and the client waits with it.
//! Its tables of clients hand a lock on to a task, and wait for that task without letting it run. On one thread,
//! neither can happen. And the heart beats on whatever the rest of the kernel does.

use crate::client::Channel;
use crate::error::{Error, Result};
use crate::protocol::pass_on;
use jupyter_protocol::{ConnectionInfo, JupyterMessage};
use jupyter_zmq_client as zmq;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::sync::mpsc::{Receiver, UnboundedReceiver, UnboundedSender, channel, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use zeromq::{RouterSocket, Socket as _, SocketEvent, SocketRecv as _, SocketSend as _};

/// How many messages may wait for the sockets before who sends waits, too.
const WAITING: usize = 1024;
/// How long the sockets stay open after the last message, for clients to receive it.
const LINGER: Duration = Duration::from_millis(50);
/// How long the end is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a beat may take to be sent, to a client that does not read.
const BEAT: Duration = Duration::from_secs(1);
/// How long the first request waits for somebody who hears what is published. Jupyter's server keeps its sockets when it
/// restarts a kernel; each tries again ten times a second, and where the one for requests comes first, the word that the kernel
/// is idle would reach nobody, and JupyterLab would show "Unknown".
const AUDIENCE: Duration = Duration::from_millis(300);
/// How long it takes from a connection until its subscription is known.
const SUBSCRIPTION: Duration = Duration::from_millis(20);
/// How long the heartbeat rests after a client that broke its connection.
const REST: Duration = Duration::from_millis(10);

/// A message from Jupyter.
#[derive(Debug)]
pub enum FromClient {
    /// A request that is served in order.
    Shell(JupyterMessage),
    /// A request that is served at once.
    Control(JupyterMessage),
    /// The answer to a question of a cell.
    Stdin(JupyterMessage),
}

/// What goes to the thread of the sockets.
pub struct Sockets {
    outgoing: tokio::sync::mpsc::Sender<(Channel, JupyterMessage)>,
    closed: oneshot::Receiver<()>,
}

/// What comes from it.
pub struct Incoming {
    /// Messages of clients.
    pub messages: UnboundedReceiver<FromClient>,
    /// Whether somebody has come to iopub since it was asked last.
    pub arrivals: Box<dyn FnMut() -> bool + Send>,
}

impl Sockets {
    /// Binds the sockets and reads from them until they are closed.
    ///
    /// # Errors
    /// If a port is taken.
    pub async fn bind(info: &ConnectionInfo) -> Result<(Sockets, Incoming)> {
        let (outgoing, to_send) = channel(WAITING);
        let (bound, incoming) = oneshot::channel();
        let (done, closed) = oneshot::channel();
        let info = info.clone();
        std::thread::Builder::new()
            .name("sockets".to_owned())
            .spawn(move || {
                run(&info, to_send, bound);
                // Nobody may wait for it.
                let _ = done.send(());
            })
            .map_err(Error::system("start the thread of the sockets"))?;
        let incoming = incoming
            .await
            .map_err(std::io::Error::other)
            .map_err(Error::system("start the thread of the sockets"))??;
        Ok((Sockets { outgoing, closed }, incoming))
    }

    /// Sends a message. A client that went away misses nothing that it could still use.
    pub async fn send(&self, channel: Channel, message: JupyterMessage) {
        // It can't be sent only when the sockets are closed.
        let _ = self.outgoing.send((channel, message)).await;
    }

    /// Closes the sockets when all is sent.
    pub async fn close(self) {
        drop(self.outgoing);
        // A client that does not read must not keep the kernel.
        let _ = timeout(PATIENCE, self.closed).await;
    }
}

fn run(
    info: &ConnectionInfo,
    to_send: Receiver<(Channel, JupyterMessage)>,
    bound: oneshot::Sender<Result<Incoming>>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::system("start the thread of the sockets"));
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return drop(bound.send(Err(error))),
    };
    runtime.block_on(async {
        match Open::bind(info).await {
            Ok((open, incoming)) => {
                if bound.send(Ok(incoming)).is_ok() {
                    open.send_all(to_send).await;
                }
            }
            Err(error) => drop(bound.send(Err(error))),
        }
    });
}

/// The sending halves of the open sockets.
struct Open {
    shell: zmq::RouterSendConnection,
    control: zmq::RouterSendConnection,
    stdin: zmq::RouterSendConnection,
    iopub: zmq::KernelIoPubConnection,
}

impl Open {
    async fn bind(info: &ConnectionInfo) -> Result<(Open, Incoming)> {
        let id = uuid::Uuid::new_v4().to_string();
        let mut heartbeat = RouterSocket::new();
        heartbeat
            .bind(&info.hb_url())
            .await
            .map_err(zmq::RuntimeError::from)?;
        let mut iopub = zmq::create_kernel_iopub_connection(info, &id).await?;
        let mut monitor = iopub.socket.monitor();
        let (shell, from_shell) = zmq::create_kernel_shell_connection(info, &id)
            .await?
            .split();
        let (control, from_control) = zmq::create_kernel_control_connection(info, &id)
            .await?
            .split();
        let (stdin, from_stdin) = zmq::create_kernel_stdin_connection(info, &id)
            .await?
            .split();
        let (arrived, is_somebody_there) =
            (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
        let arrivals = {
            let arrived = Arc::clone(&arrived);
            Box::new(move || arrived.swap(false, Ordering::AcqRel))
        };
        let first = Arc::clone(&is_somebody_there);
        tokio::spawn(async move {
            while let Ok(event) = monitor.recv().await {
                if matches!(event, SocketEvent::Accepted(..)) {
                    arrived.store(true, Ordering::Release);
                    first.notify_one();
                }
            }
        });
        tokio::spawn(beat(heartbeat));
        let (sender, messages) = unbounded_channel();
        tokio::spawn(async move {
            if timeout(AUDIENCE, is_somebody_there.notified())
                .await
                .is_ok()
            {
                sleep(SUBSCRIPTION).await;
            }
            read(from_shell, &sender, FromClient::Shell);
            read(from_control, &sender, FromClient::Control);
            read(from_stdin, &sender, FromClient::Stdin);
        });
        let open = Open {
            shell,
            control,
            stdin,
            iopub,
        };
        Ok((open, Incoming { messages, arrivals }))
    }

    async fn send_all(mut self, mut to_send: Receiver<(Channel, JupyterMessage)>) {
        while let Some((channel, message)) = to_send.recv().await {
            // An error is that of one client, which left.
            let _ = match channel {
                Channel::Shell => self.shell.send(message).await,
                Channel::Control => self.control.send(message).await,
                Channel::Stdin => self.stdin.send(message).await,
                Channel::IoPub => self.iopub.send(message).await,
            };
        }
        sleep(LINGER).await;
    }
}

fn read(
    socket: zmq::RouterRecvConnection,
    sender: &UnboundedSender<FromClient>,
    wrap: fn(JupyterMessage) -> FromClient,
) {
    tokio::spawn(pass_on(socket, sender.clone(), wrap, "client"));
}

/// Sends every beat back to who sent it. A ROUTER socket puts what it sends into the client's queue, so that one that
/// does not read keeps nobody else waiting; REP would wait for it.
async fn beat(mut heartbeat: RouterSocket) {
    loop {
        match heartbeat.recv().await {
            // An error is that of one client, which left.
            Ok(beat) => drop(timeout(BEAT, heartbeat.send(beat)).await),
            Err(_) => sleep(REST).await,
        }
    }
}
