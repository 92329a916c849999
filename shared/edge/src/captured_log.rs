//! Everything that is logged on this thread, from the finest level on.

use std::io;
use std::sync::{Arc, Mutex, Once};

use tracing::Level;
use tracing::subscriber::DefaultGuard;

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) struct Log {
    buffer: Buffer,
    _until_dropped: DefaultGuard,
}

impl Log {
    /// What this thread logs from now on. The process listens too: a line first reached by a thread that nobody listens
    /// to is switched off for all of them.
    pub(crate) fn capture() -> Self {
        static PROCESS: Once = Once::new();
        PROCESS.call_once(|| {
            let listening =
                tracing_subscriber::fmt().with_max_level(Level::TRACE).with_writer(io::sink).finish();
            // Another capture may listen already.
            let _ = tracing::subscriber::set_global_default(listening);
        });
        let buffer = Buffer::default();
        let writer = buffer.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        Self { buffer, _until_dropped: tracing::subscriber::set_default(subscriber) }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.buffer.0.lock().unwrap().clone()).unwrap()
    }
}
