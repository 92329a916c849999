//! A keystore of key sets in memory, which counts how often it is asked.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use ponte_authorization::ports::Directory;
use ponte_ports::PortError;

/// The keystore of the directory.
#[derive(Default)]
pub struct KeySetsInMemory {
    /// Documents by their URI; there is no other.
    pub documents: Mutex<HashMap<String, String>>,
    silent: AtomicBool,
    failing: AtomicU32,
    fetches: AtomicU32,
}

impl KeySetsInMemory {
    /// Publishes a document.
    pub fn publish(&self, uri: &str, document: impl Into<String>) {
        self.documents.lock().unwrap().insert(uri.to_owned(), document.into());
    }

    /// From now on there is no document under any URI.
    pub fn stop(&self) {
        self.documents.lock().unwrap().clear();
    }

    /// The next so many requests fail.
    pub fn fail(&self, requests: u32) {
        self.failing.store(requests, Ordering::Relaxed);
    }

    /// From now on there is no answer in time.
    pub fn fall_silent(&self) {
        self.silent.store(true, Ordering::Relaxed);
    }

    /// How often a document was asked for.
    #[must_use]
    pub fn fetches(&self) -> u32 {
        self.fetches.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Directory for KeySetsInMemory {
    async fn jwks(&self, uri: &str) -> Result<String, PortError> {
        self.fetches.fetch_add(1, Ordering::Relaxed);
        if self.silent.load(Ordering::Relaxed) {
            return Err(PortError::timeout("directory", "2 s"));
        }
        let left = self.failing.load(Ordering::Relaxed);
        if left > 0 {
            self.failing.store(left - 1, Ordering::Relaxed);
            return Err(PortError::new("directory", "status 503"));
        }
        let found = self.documents.lock().unwrap().get(uri).cloned();
        found.ok_or_else(|| PortError::new("directory", "down"))
    }
}
