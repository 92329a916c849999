//! The next connection of a listener; an error of the operating system is waited out.

use std::io;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Where connections come from.
pub trait Arrivals {
    /// The next one.
    fn next(&self) -> impl Future<Output = io::Result<TcpStream>> + Send;
}

impl Arrivals for TcpListener {
    async fn next(&self) -> io::Result<TcpStream> {
        let (stream, _) = self.accept().await?;
        // Small answers must not wait for the delayed acknowledgement of the last one.
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// The next connection. An error is one that ended before it was taken, or no free file descriptor; the second lasts, so each
/// further one is waited out for twice as long, up to a second.
pub async fn accept(listener: &impl Arrivals) -> TcpStream {
    let mut pause = FIRST_PAUSE;
    loop {
        if let Ok(stream) = listener.next().await {
            return stream;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A process without a free file descriptor.
    #[derive(Default)]
    struct Exhausted {
        asked: AtomicU32,
        /// So many errors, then a connection.
        errors: Option<(u32, TcpListener)>,
    }

    impl Arrivals for Exhausted {
        async fn next(&self) -> io::Result<TcpStream> {
            let asked = self.asked.fetch_add(1, Ordering::Relaxed);
            match &self.errors {
                Some((errors, listener)) if asked >= *errors => listener.next().await,
                _ => Err(io::Error::other("too many open files")),
            }
        }
    }

    #[tokio::test]
    async fn a_listener_without_file_descriptors_is_asked_ever_more_seldom() {
        let exhausted = Exhausted::default();
        let never = tokio::time::timeout(Duration::from_millis(300), accept(&exhausted)).await;
        assert!(never.is_err());
        // After 0, 10, 30, 70, 150 ms; a loop without a pause asks some hundred thousand times.
        assert!(exhausted.asked.load(Ordering::Relaxed) <= 5);
    }

    #[tokio::test]
    async fn and_serves_again_when_there_are_some() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let caller = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let errors = Exhausted { errors: Some((3, listener)), ..Exhausted::default() };
        let taken = accept(&errors).await;
        assert_eq!(taken.peer_addr().unwrap(), caller.local_addr().unwrap());
        assert_eq!(errors.asked.load(Ordering::Relaxed), 4);
    }
}
