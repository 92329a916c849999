//! What is known of the revocation of client certificates, shared by the functions that let their holders in.

use std::time::Duration;

use async_trait::async_trait;
use ponte_authorization::ports::CertificateStatuses;
use ponte_authorization::revocation::{KnownStatus, StatusRecord};
use ponte_fapi::revocation::CertificateStatus;
use ponte_ports::PortError;

use crate::body::{body, read};
use crate::dynamo::Dynamo;
use crate::item::{Condition, item, key, n};
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
    async fn find(&self, thumbprint: &str) -> Result<Option<StatusRecord>, PortError> {
        let pk = self.dynamo.keys.certificate(thumbprint);
        let found = self.dynamo.get(WHAT, &self.table, pk, META).await?;
        found.map(|item| read(WHAT, &item)).transpose()
    }

    async fn keep(&self, thumbprint: &str, record: &StatusRecord) -> Result<(), PortError> {
        let revoked = |known: &&KnownStatus| known.status == CertificateStatus::Revoked;
        let this_update = record.known.as_ref().map_or(0, |known| known.this_update.seconds());
        let revocation = record.known.as_ref().filter(revoked).map_or(0, |known| known.this_update.seconds());
        let kept = if revocation == 0 { KEPT } else { REVOCATION_KEPT };
        let attributes = [
            ("revocation", n(revocation)),
            ("expires_at", n(record.asked_at.plus(kept).seconds())),
            ("body", body(WHAT, record)?),
        ];
        let stored = item(key(self.dynamo.keys.certificate(thumbprint), META), attributes);
        // Another environment may have learnt meanwhile that it is revoked.
        let older = Condition::new(
            "attribute_not_exists(pk) OR revocation <= :this_update",
            [(":this_update", n(this_update))],
        );
        self.dynamo.put_if(WHAT, &self.table, stored, older).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Database;
    use ponte_kit::contract::certificates;

    #[tokio::test]
    async fn t41_the_table_keeps_what_the_port_promises() {
        let database = Database::start().await;
        certificates::a_newer_revocation_stays(&CertificateTable::new(&database.dynamo, "certificates"))
            .await;
    }

    #[tokio::test]
    async fn t41_a_revocation_stays_longer_than_the_certificate() {
        let database = Database::start().await;
        let table = CertificateTable::new(&database.dynamo, "certificates");
        for (status, days) in [(CertificateStatus::Good, 2), (CertificateStatus::Revoked, 400)] {
            let record = certificates::record(status, 0);
            table.keep("t", &record).await.unwrap();
            let item = database.item("certificates", "I#banco#CERT#t", META).await.unwrap();
            let until = crate::item::number::<i64>(&item, "expires_at").unwrap();
            assert_eq!(until - record.asked_at.seconds(), days * 24 * 3_600);
        }
    }
}
