//! A proxy in front of what a function calls: on demand it resets, silences, closes and loses (LB-01, LB-02, LB-12, LB-20).
//!
//! It carries bytes, so TLS goes through it. What it does to connections that are open counts for those that are open at
//! that moment; what it does once is done to whichever connection comes first.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const UNAVAILABLE: &[u8] = b"HTTP/1.1 503 X\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A proxy on a free port of the loopback interface; it ends with the runtime of the test.
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    faults: Arc<watch::Sender<Faults>>,
}

/// What is wrong now. A connection is known by its number, from 0.
#[derive(Clone, Default)]
struct Faults {
    accepted: usize,
    /// Connections that are open.
    open: usize,
    /// Connections below this number are reset at the next bytes of the caller.
    reset_below: usize,
    /// Connections below this number are reset at once.
    aborted_below: usize,
    /// Connections below this number carry nothing any more.
    silent_below: usize,
    /// Connections below this number are closed.
    closed_below: usize,
    /// So many new connections are closed at once.
    refused: usize,
    /// So many answers are lost, and their connections with them.
    lost: usize,
    /// So many requests are answered 503 here; over plain HTTP only.
    unavailable: usize,
    /// Requests that met a connection that was reset or silent.
    dead_ends: usize,
}

impl Proxy {
    /// A proxy that carries everything to `upstream`.
    pub async fn before(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let faults = Arc::new(watch::Sender::new(Faults::default()));
        let shared = Arc::clone(&faults);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let number = shared.borrow().accepted;
                shared.send_modify(|faults| (faults.accepted, faults.open) = (number + 1, faults.open + 1));
                let faults = Arc::clone(&shared);
                tokio::spawn(async move {
                    carry(number, near, upstream, &faults).await;
                    faults.send_modify(|faults| faults.open -= 1);
                });
            }
        });
        Self { address, faults }
    }

    /// Base URL over plain HTTP.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Base URL over HTTPS.
    #[must_use]
    pub fn tls_url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// How many connections were made so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.faults.borrow().accepted
    }

    /// How many of them are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.faults.borrow().open
    }

    /// Waits until so many are open: what the other side closes is seen a moment later.
    pub async fn until_open(&self, count: usize) {
        let mut changes = self.faults.subscribe();
        let seen = tokio::time::timeout(PATIENCE, changes.wait_for(|faults| faults.open == count)).await;
        assert!(seen.is_ok(), "{} connections are open, not {count}", self.open());
    }

    /// How many requests went into a connection that was reset or silent.
    #[must_use]
    pub fn dead_ends(&self) -> usize {
        self.faults.borrow().dead_ends
    }

    /// Connections that are open now are reset at their next bytes.
    pub fn reset_open(&self) {
        self.faults.send_modify(|faults| faults.reset_below = faults.accepted);
    }

    /// Connections that are open now are reset.
    pub fn abort_open(&self) {
        self.faults.send_modify(|faults| faults.aborted_below = faults.accepted);
    }

    /// Connections that are open now fall silent: nobody hears anything over them again.
    pub fn silence_open(&self) {
        self.faults.send_modify(|faults| faults.silent_below = faults.accepted);
    }

    /// Connections that are open now are closed.
    pub fn close_open(&self) {
        self.faults.send_modify(|faults| faults.closed_below = faults.accepted);
    }

    /// The next so many new connections are closed at once.
    pub fn refuse(&self, connections: usize) {
        self.faults.send_modify(|faults| faults.refused = connections);
    }

    /// The next so many answers are lost: the work is done, the caller sees its connection close.
    pub fn lose(&self, answers: usize) {
        self.faults.send_modify(|faults| faults.lost = answers);
    }

    /// The next so many requests are answered 503 and go no further; over plain HTTP only.
    pub fn be_unavailable(&self, requests: usize) {
        self.faults.send_modify(|faults| faults.unavailable = requests);
    }
}

/// Carries bytes both ways until either side or a fault ends it.
async fn carry(number: usize, mut near: TcpStream, upstream: SocketAddr, faults: &watch::Sender<Faults>) {
    let mut changes = faults.subscribe();
    if once(faults, |faults| &mut faults.refused) {
        return;
    }
    let Ok(mut far) = TcpStream::connect(upstream).await else { return };
    let (mut asked, mut answered) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    loop {
        tokio::select! {
            alive = changes.changed() => {
                if number < faults.borrow().aborted_below {
                    let _ = near.set_zero_linger();
                    return;
                }
                if alive.is_err() || number < faults.borrow().closed_below {
                    return;
                }
            }
            read = near.read(&mut asked) => {
                let Ok(count @ 1..) = read else { return };
                let now = faults.borrow().clone();
                if number < now.reset_below.max(now.silent_below) {
                    faults.send_modify(|faults| faults.dead_ends += 1);
                }
                if number < now.reset_below {
                    let _ = near.set_zero_linger();
                    return;
                }
                if number < now.silent_below {
                    continue;
                }
                if once(faults, |faults| &mut faults.unavailable) {
                    let _ = near.write_all(UNAVAILABLE).await;
                    return;
                }
                if far.write_all(&asked[..count]).await.is_err() {
                    return;
                }
            }
            read = far.read(&mut answered) => {
                let Ok(count @ 1..) = read else { return };
                if number < faults.borrow().silent_below {
                    continue;
                }
                if once(faults, |faults| &mut faults.lost) || near.write_all(&answered[..count]).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Whether this is one of those that a fault is for.
fn once(faults: &watch::Sender<Faults>, left: impl Fn(&mut Faults) -> &mut usize) -> bool {
    let mut one = false;
    faults.send_if_modified(|faults| {
        let left = left(faults);
        one = *left > 0;
        *left = left.saturating_sub(1);
        false
    });
    one
}
