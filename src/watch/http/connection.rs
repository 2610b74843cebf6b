//! Connections: a bounded number, each closed when nothing is sent over it for too long.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

/// The maximum number of open connections; more wait in the backlog of the system. The HTTP library bounds each of
/// them: 100 headers of 400 kB in total.
const MAX_CONNECTIONS: usize = 256;

/// The longest time without a byte of a response: it bounds requests that arrive too slowly, responses that no client
/// reads, and idle connections. A stream of events sends a comment more often.
const SILENCE: Duration = Duration::from_secs(60);

/// A listener with a bounded number of connections.
pub(super) struct PageListener {
    listener: TcpListener,
    slots: Arc<Semaphore>,
}

impl PageListener {
    pub(super) fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            slots: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
        }
    }
}

impl axum::serve::Listener for PageListener {
    type Io = PageConnection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (PageConnection, SocketAddr) {
        // The semaphore is never closed, so a slot becomes free eventually.
        let slot = Arc::clone(&self.slots).acquire_owned().await.ok();
        let (stream, address) = axum::serve::Listener::accept(&mut self.listener).await;
        // An event is one small write, which has to arrive at once.
        let _ = stream.set_nodelay(true);
        let connection = PageConnection {
            stream,
            deadline: Box::pin(tokio::time::sleep(SILENCE)),
            _slot: slot,
        };
        (connection, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// The end of a connection at this machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConnectionInfo {
    /// The address that the client connected to.
    pub(super) local: Option<IpAddr>,
}

impl Connected<IncomingStream<'_, PageListener>> for ConnectionInfo {
    fn connect_info(stream: IncomingStream<'_, PageListener>) -> Self {
        let local = stream.io().stream.local_addr();
        Self {
            local: local.ok().map(|it| it.ip().to_canonical()),
        }
    }
}

/// A connection. It releases its slot when it is closed.
pub(super) struct PageConnection {
    stream: TcpStream,
    deadline: Pin<Box<Sleep>>,
    _slot: Option<OwnedSemaphorePermit>,
}

impl PageConnection {
    /// Returns an error once the deadline has passed.
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        match self.deadline.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for PageConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for PageConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if matches!(written, Poll::Ready(Ok(_))) {
            self.deadline.as_mut().reset(Instant::now() + SILENCE);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
