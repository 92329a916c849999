//! What the code under test logs, line by line.

use std::sync::{Arc, Mutex, Once};

use tracing_subscriber::layer::SubscriberExt as _;

/// Log lines of a test.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Keeps what this thread logs until the guard goes. The process listens too: a line first reached by a thread that nobody
    /// listens to is switched off for all of them.
    #[must_use]
    pub fn listen(&self) -> tracing::subscriber::DefaultGuard {
        static PROCESS: Once = Once::new();
        PROCESS.call_once(|| {
            let listening = tracing_subscriber::fmt().with_writer(std::io::sink).finish();
            // Somebody else may listen already.
            let _ = tracing::subscriber::set_global_default(listening);
        });
        let sink = self.clone();
        let layer = tracing_subscriber::fmt::layer().json().with_writer(move || sink.clone());
        tracing::subscriber::set_default(tracing_subscriber::registry().with(layer))
    }

    /// The lines so far, each as the JSON that it is.
    #[must_use]
    pub fn read(&self) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
