//! Connections over which nothing moves: a caller that says nothing, or stops in the middle of a request, is not waited for.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// How long a connection may be idle, or a request half sent.
pub const LIMIT: Duration = Duration::from_secs(30);
/// A connection that is at work is looked at again so often within the limit.
const LOOKS: u32 = 10;

/// Looks after one connection. Clones are about the same one.
#[derive(Clone)]
pub struct Idle {
    limit: Duration,
    state: Arc<Mutex<State>>,
}

struct State {
    moved: Instant,
    at_work: usize,
}

/// While this lives, the caller is waiting for us.
pub struct Busy(Idle);

/// A stream whose bytes are noticed.
pub struct Watched<S> {
    stream: S,
    idle: Idle,
}

impl Idle {
    /// A connection that just came.
    #[must_use]
    pub fn after(limit: Duration) -> Self {
        Self { limit, state: Arc::new(Mutex::new(State { moved: Instant::now(), at_work: 0 })) }
    }

    /// Notices the bytes of `stream` both ways.
    pub fn watch<S>(&self, stream: S) -> Watched<S> {
        Watched { stream, idle: self.clone() }
    }

    /// A request is there as a whole and is being answered.
    #[must_use]
    pub fn busy(&self) -> Busy {
        self.change(|state| state.at_work += 1);
        Busy(self.clone())
    }

    /// Ends when nothing has moved for the limit, with nobody at work.
    pub async fn over(&self) {
        loop {
            let (moved, at_work) = self.change(|state| (state.moved, state.at_work > 0));
            if at_work {
                tokio::time::sleep(self.limit / LOOKS).await;
                continue;
            }
            let end = moved + self.limit;
            if end <= Instant::now() {
                return;
            }
            tokio::time::sleep_until(end).await;
        }
    }

    fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn moved(&self) {
        self.change(|state| state.moved = Instant::now());
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.change(|state| *state = State { moved: Instant::now(), at_work: state.at_work - 1 });
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.idle.moved();
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.idle.moved();
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

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const SHORT: Duration = Duration::from_millis(40);

    async fn is_over(idle: &Idle) -> bool {
        tokio::time::timeout(SHORT * 4, idle.over()).await.is_ok()
    }

    #[tokio::test]
    async fn who_says_nothing_is_over_and_who_waits_for_us_is_not() {
        let idle = Idle::after(SHORT);
        let (one, other) = (idle.busy(), idle.busy());
        assert!(!is_over(&idle).await, "two calls are being answered");
        drop(one);
        assert!(!is_over(&idle).await, "one still is");
        drop(other);
        assert!(is_over(&idle).await);
    }

    #[tokio::test]
    async fn every_byte_begins_the_limit_anew() {
        let (near, mut far) = tokio::io::duplex(64);
        let idle = Idle::after(SHORT);
        let mut near = idle.watch(near);
        let begun = idle.change(|state| state.moved);
        far.write_all(b"a").await.unwrap();
        near.read_u8().await.unwrap();
        let read = idle.change(|state| state.moved);
        near.write_all(b"b").await.unwrap();
        let written = idle.change(|state| state.moved);
        assert!(begun < read && read < written);
        assert!(is_over(&idle).await);
    }
}
