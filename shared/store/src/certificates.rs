//! What is known of the revocation of client certificates, shared by the functions that let their holders in.

use std::time::Duration;

use async_trait::async_trait;
use ponte_authorization::ports::CertificateStatuses;
use ponte_authorization::revocation::{KnownStatus, StatusRecord};
use ponte_cloud::environment::SystemIds;
use ponte_fapi::revocation::CertificateStatus;
use ponte_ports::{Ids as _, PortError};

use crate::body::{body, read};
use crate::dynamo::{Dynamo, PutOutcome};
use crate::item::{Condition, item, key, n, s, text};
use crate::keys::META;

const WHAT: &str = "certificates table";
/// How long a row stays: longer than anything in it counts.
const KEPT: Duration = Duration::from_hours(2 * 24);
/// The same for a revocation: longer than a client certificate lives.
const REVOCATION_KEPT: Duration = Duration::from_hours(400 * 24);

/// The table of what is known of certificates.
pub struct CertificateTable {
    dynamo: Dynamo,
    table: String,
}

impl CertificateTable {
    /// Over `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned() }
    }
}

#[async_trait]
impl CertificateStatuses for CertificateTable {
    async fn find(&self, id: &str) -> Result<Option<StatusRecord>, PortError> {
        let pk = self.dynamo.keys.certificate(id);
        let found = self.dynamo.get(WHAT, &self.table, pk, META).await?;
        found.map(|item| read(WHAT, &item)).transpose()
    }

    async fn replace(&self, id: &str, record: &StatusRecord) -> Result<bool, PortError> {
        let revoked = |known: &&KnownStatus| known.status == CertificateStatus::Revoked;
        let revocation = record.known.as_ref().filter(revoked).map_or(0, |known| known.this_update.seconds());
        let kept = if revocation == 0 { KEPT } else { REVOCATION_KEPT };
        let owner = SystemIds.uuid();
        let attributes = [
            ("version", n(record.version)),
            ("owner", s(&owner)),
            ("revocation", n(revocation)),
            ("expires_at", n(record.asked_at.plus(kept).seconds())),
            ("body", body(WHAT, record)?),
        ];
        let stored = item(key(self.dynamo.keys.certificate(id), META), attributes);
        let before = match record.version {
            // A row of a release that did not count is as good as none.
            0 | 1 => Condition { expression: "attribute_not_exists(version)".into(), values: None },
            version => Condition::before(version),
        };
        match self.dynamo.put_if(WHAT, &self.table, stored, before).await? {
            PutOutcome::Done => Ok(true),
            PutOutcome::Refused(stored) => Ok(text(&stored, "owner") == Some(owner.as_str())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Database;
    use ponte_kit::contract::certificates;
    use ponte_kit::examples::now;

    #[tokio::test]
    async fn t41_the_table_keeps_what_the_port_promises() {
        let database = Database::start().await;
        let table = CertificateTable::new(&database.dynamo, "certificates");
        certificates::of_two_changes_of_one_version_one_is_stored(&table).await;
    }

    #[tokio::test]
    async fn t41_a_revocation_stays_longer_than_the_certificate() {
        let database = Database::start().await;
        let table = CertificateTable::new(&database.dynamo, "certificates");
        for (id, status, days) in [("t", CertificateStatus::Good, 2), ("u", CertificateStatus::Revoked, 400)]
        {
            let record = certificates::record(status, 0);
            assert!(table.replace(id, &record).await.unwrap());
            let key = format!("I#banco#CERT#{id}");
            let item = database.item("certificates", &key, META).await.unwrap();
            let until = crate::item::number::<i64>(&item, "expires_at").unwrap();
            assert_eq!(until - record.asked_at.seconds(), days * 24 * 3_600);
        }
    }

    #[tokio::test]
    async fn t41_a_claim_whose_reply_was_lost_is_known_as_our_own() {
        let database = Database::start().await;
        let losing = database.losing(|number| number == 0).await;
        let table = CertificateTable::new(&losing, "certificates");
        let claim = StatusRecord::claimed(None, now());
        assert!(table.replace("t", &claim).await.unwrap(), "it was written, only the reply was lost");
        assert!(!table.replace("t", &claim).await.unwrap(), "and nobody else has it");
    }
}
