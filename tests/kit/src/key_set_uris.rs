//! Where the clients of a test publish their keys.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use ponte_authorization::ports::KeySetUris;
use ponte_ports::PortError;
use ponte_values::ClientId;

/// The addresses by client; there is no other client.
#[derive(Default)]
pub struct KeySetUrisInMemory {
    /// Addresses by client.
    pub uris: Mutex<HashMap<ClientId, String>>,
    /// How often one was asked for.
    pub asked: AtomicU32,
}

#[async_trait]
impl KeySetUris for KeySetUrisInMemory {
    async fn of(&self, client: &ClientId) -> Result<Option<String>, PortError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(self.uris.lock().unwrap().get(client).cloned())
    }
}
