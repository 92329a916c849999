//! The hosts of responders and lists: one that was silent is left alone for a while, by all environments. After it one
//! environment finds out whether it answers again.

use std::sync::Arc;

use ponte_authorization::ports::CertificateStatuses;
use ponte_authorization::revocation::StatusRecord;
use ponte_ports::chain;
use ponte_values::Moment;

use super::memory::Memory;

/// What is known of hosts.
pub(super) struct Hosts {
    statuses: Arc<dyn CertificateStatuses>,
    /// For the time in which the table cannot be read.
    memory: Memory<StatusRecord>,
}

/// A host that may be asked.
pub(super) struct Turn {
    id: String,
    earlier: Option<StatusRecord>,
}

impl Hosts {
    pub(super) fn new(statuses: Arc<dyn CertificateStatuses>) -> Self {
        Self { statuses, memory: Memory::default() }
    }

    /// The turn of a call to ask at `address`; none while its host is left alone.
    pub(super) async fn turn(&self, address: &str, now: Moment) -> Option<Turn> {
        let id = id_of(address);
        let earlier = self.statuses.find(&id).await.unwrap_or_else(|error| {
            tracing::warn!(error = chain(&error), "what is known of responders was not read");
            self.memory.last(&id)
        });
        let Some(record) = earlier.as_ref().filter(|record| !record.answered) else {
            return Some(Turn { id, earlier });
        };
        if record.is_being_asked(now) || !record.may_ask(now) {
            return None;
        }
        let claim = StatusRecord::claimed(Some(record), now);
        let taken = self.statuses.replace(&id, &claim).await.unwrap_or(true);
        taken.then_some(Turn { id, earlier: Some(claim) })
    }

    /// The host did not answer in time.
    pub(super) async fn silent(&self, turn: Turn, now: Moment) {
        self.keep(&turn.id, StatusRecord::after(turn.earlier.as_ref(), None, now), now).await;
    }

    /// The host answered, whatever it said. Nothing is written of one that always does.
    pub(super) async fn answered(&self, turn: Turn, now: Moment) {
        if turn.earlier.as_ref().is_some_and(|record| !record.answered) {
            self.keep(&turn.id, StatusRecord::answering(turn.earlier.as_ref(), now), now).await;
        }
    }

    async fn keep(&self, id: &str, record: StatusRecord, now: Moment) {
        // Where another environment was faster, it has learnt the same.
        if let Err(error) = self.statuses.replace(id, &record).await {
            tracing::warn!(error = chain(&error), "what is known of a responder was not kept");
        }
        self.memory.put(id, record, now);
    }
}

/// Scheme and host with its port, in lower case: never the id of a certificate, which has no colon.
fn id_of(address: &str) -> String {
    let rest = address.strip_prefix("http://").unwrap_or(address);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    format!("http://{}", host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t41_every_address_of_a_host_is_one_host() {
        for address in
            ["http://a.example", "http://A.example/", "http://a.example/x.crl", "http://a.example?x#y"]
        {
            assert_eq!(id_of(address), "http://a.example", "{address}");
        }
        assert_ne!(id_of("http://a.example:81/"), id_of("http://a.example/"));
        assert_eq!(id_of(""), "http://");
    }
}
