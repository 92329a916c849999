//! Handshakes that are refused so that the caller hears why.
//!
//! A caller of TLS 1.2 sends its certificate, its key share, the change of the cipher and its finish as records of one flight, and reads
//! after the last of them. Who answers the first record and closes breaks the pipe under the others, and the alert is lost with it. So
//! the whole flight is read, then it is answered, then the caller closes. A missing certificate is `handshake_failure` there (RFC 5246
//! 7.4.6): `certificate_required`, which the TLS library says, is an alert of TLS 1.3 (RFC 8446 6.2), where it is sent encrypted.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Content types of records (RFC 5246 6.2.1).
const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
/// A fatal alert of TLS 1.2 in clear text, without its description.
const FATAL: [u8; 6] = [ALERT, 3, 3, 0, 2, 2];
const HANDSHAKE_FAILURE: u8 = 40;
const CERTIFICATE_REQUIRED: u8 = 116;
/// The message that ends the server's flight in TLS 1.2: type 14, empty.
const SERVER_HELLO_DONE: [u8; 4] = [14, 0, 0, 0];
/// No flight of a caller is longer: certificates of 16 KB, several records.
const LONGEST: u64 = 128 * 1024;

/// Completes the handshake of a connection within `limit`; `None` when it was refused, with its caller told why.
pub async fn handshake(
    acceptor: &TlsAcceptor,
    stream: TcpStream,
    limit: Duration,
) -> Option<TlsStream<Flight<TcpStream>>> {
    let accepting = acceptor.accept(Flight::of(stream)).into_fallible();
    match tokio::time::timeout(limit, accepting).await.ok()? {
        Ok(mut stream) => {
            stream.get_mut().0.settled = true;
            Some(stream)
        }
        Err((_, flight)) => {
            // A caller that does not end by itself is not waited for.
            let _ = tokio::time::timeout(limit, flight.refuse()).await;
            None
        }
    }
}

/// The stream of a handshake: knows what has come of the caller's flight, and keeps an alert back until all of it has.
pub struct Flight<S> {
    stream: S,
    records: Records,
    /// Our flight of TLS 1.2 is out, the caller's is to come.
    asked: bool,
    /// Description of the alert that waits.
    alert: Option<u8>,
    settled: bool,
}

/// The records of the caller, one after another.
#[derive(Default)]
struct Records {
    header: Vec<u8>,
    left: usize,
    changed: bool,
    /// The handshake message after the change of the cipher has come: the flight is over.
    finished: bool,
}

impl Records {
    fn follow(&mut self, mut bytes: &[u8]) {
        while let Some((first, rest)) = bytes.split_first() {
            if self.header.len() < 5 {
                self.header.push(*first);
                bytes = rest;
                if let [_, _, _, high, low] = self.header[..] {
                    self.left = usize::from(u16::from_be_bytes([high, low]));
                }
            } else {
                let (_, rest) = bytes.split_at(self.left.min(bytes.len()));
                self.left -= bytes.len() - rest.len();
                bytes = rest;
            }
            if self.header.len() == 5 && self.left == 0 {
                self.end_of_record();
            }
        }
    }

    fn end_of_record(&mut self) {
        let kind = self.header.first().copied().unwrap_or_default();
        self.finished |= self.changed && kind == HANDSHAKE;
        self.changed |= kind == CHANGE_CIPHER_SPEC;
        self.header.clear();
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Flight<S> {
    fn of(stream: S) -> Self {
        Self { stream, records: Records::default(), asked: false, alert: None, settled: false }
    }

    /// Says what is wrong after the caller's flight, and lets the caller close.
    async fn refuse(mut self) -> io::Result<()> {
        let mut read = 0;
        if let Some(alert) = self.alert.take() {
            let mut buffer = [0; 4096];
            while !self.records.finished && read < LONGEST {
                match self.read(&mut buffer).await? {
                    0 => break,
                    count => read += count as u64,
                }
            }
            let alert = if alert == CERTIFICATE_REQUIRED { HANDSHAKE_FAILURE } else { alert };
            self.stream.write_all(&[&FATAL[..], &[alert]].concat()).await?;
        }
        self.stream.shutdown().await?;
        let mut rest = (&mut self.stream).take(LONGEST);
        tokio::io::copy(&mut rest, &mut tokio::io::sink()).await.map(drop)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Flight<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if !self.settled {
            self.records.follow(&buffer.filled()[before..]);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Flight<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if !self.settled
            && self.asked
            && let Some([description]) = bytes.strip_prefix(&FATAL)
        {
            self.alert = Some(*description);
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
        let whole = written == bytes.len();
        self.asked |= whole && bytes.first() == Some(&HANDSHAKE) && bytes.ends_with(&SERVER_HELLO_DONE);
        Poll::Ready(Ok(written))
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
    use super::*;

    #[test]
    fn a_flight_is_over_with_the_message_after_the_change_of_the_cipher() {
        let certificate = [HANDSHAKE, 3, 3, 0, 3, 11, 0, 0];
        let change = [CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1];
        let finished = [HANDSHAKE, 3, 3, 0, 2, 9, 9];
        let flight = [&certificate[..], &change, &finished].concat();
        for piece in 1..=flight.len() {
            let mut records = Records::default();
            let (last, before) = flight.split_last().unwrap();
            before.chunks(piece).for_each(|bytes| records.follow(bytes));
            assert!(!records.finished && records.changed, "{piece}");
            records.follow(&[*last]);
            assert!(records.finished, "{piece}");
        }
    }

    #[test]
    fn an_empty_record_is_one_too() {
        let mut records = Records::default();
        records.follow(&[HANDSHAKE, 3, 3, 0, 0, CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1, HANDSHAKE, 3, 3, 0, 0]);
        assert!(records.finished);
    }
}
