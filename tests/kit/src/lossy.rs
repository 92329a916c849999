//! A proxy that loses replies.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::message::message;

/// Forwards to `upstream`, and swallows the replies that `swallow` names by the number of the exchange: the work is
/// done, the caller never hears of it (T06).
pub async fn lossy(
    upstream: SocketAddr,
    swallow: impl Fn(usize) -> bool + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let swallow = Arc::new((Mutex::new(0_usize), swallow));
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let swallow = Arc::clone(&swallow);
            tokio::spawn(async move {
                let mut far = TcpStream::connect(upstream).await.unwrap();
                while let Some(request) = message(&mut near).await {
                    far.write_all(&request).await.unwrap();
                    let Some(reply) = message(&mut far).await else { return };
                    let number = {
                        let mut count = swallow.0.lock().unwrap();
                        *count += 1;
                        *count - 1
                    };
                    if (swallow.1)(number) {
                        return;
                    }
                    near.write_all(&reply).await.unwrap();
                }
            });
        }
    });
    address
}
