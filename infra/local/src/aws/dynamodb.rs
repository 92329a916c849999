//! DynamoDB: `dynoxide` behind its own server, on threads of its own because SQLite blocks.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub(super) use dynoxide::Database as Store;

use crate::file::damaged;

/// A database in a file that survives `kill -9`.
pub(super) fn on_file(path: &Path) -> io::Result<Store> {
    let name = path.to_str().ok_or_else(|| io::Error::other("the path of the database is not UTF-8"))?;
    let store = Store::new(name).map_err(|fault| damaged(path, &fault))?;
    // "Bulk loading off" means `synchronous = NORMAL`: with the write-ahead log every acknowledged write survives the
    // end of the process, and none waits for the disk (20 times faster than SQLite's default FULL).
    store.disable_bulk_loading().map_err(io::Error::other)?;
    Ok(store)
}

/// A database that is forgotten.
pub(super) fn in_memory() -> io::Result<Store> {
    Store::memory().map_err(io::Error::other)
}

/// The running server; dropping it stops it and closes the database.
pub(super) struct DynamoDb {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl DynamoDb {
    pub(super) fn serve(store: Store) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        // Two threads, so that races between callers are races between threads.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("dynamodb")
            .enable_all()
            .build()?;
        let thread = std::thread::Builder::new().name("dynamodb".to_owned()).spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = TcpListener::from_std(listener) else { return };
                let served = dynoxide::server::serve_with_shutdown(listener, store, async move {
                    let _ = stopped.await;
                });
                if let Err(error) = served.await {
                    tracing::error!(error, "DynamoDB stopped");
                }
            });
            // Idle connections of pooled clients must not hold up the end.
            runtime.shutdown_background();
        })?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for DynamoDb {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        // The write-ahead log makes an abrupt end safe; joining would wait for open connections.
        drop(self.thread.take());
    }
}
