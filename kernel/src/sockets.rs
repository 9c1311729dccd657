//! Reading from the sockets of Jupyter's protocol, on either side.

use jupyter_protocol::JupyterMessage;
use jupyter_zmq_client as zmq;
use tokio::sync::mpsc::UnboundedSender;

/// Passes on what a socket receives until either end closes. A message that can't be understood is left
/// out; `whose` it was is said on standard error.
pub async fn pass_on<S: zeromq::SocketRecv, T>(
    mut socket: zmq::Connection<S>,
    sender: UnboundedSender<T>,
    wrap: impl Fn(JupyterMessage) -> T,
    whose: &str,
) {
    loop {
        match socket.read().await {
            Ok(message) => {
                if sender.send(wrap(message)).is_err() {
                    return;
                }
            }
            Err(zmq::RuntimeError::ZmqError(_)) => return,
            Err(error) => eprintln!("dsprep: a message of the {whose} was not understood: {error}"),
        }
    }
}
