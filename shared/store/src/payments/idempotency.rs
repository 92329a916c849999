//! Idempotency keys (P40 to P45): a row per client, endpoint and key, which counts for 24 hours whenever the table cleans up.

use ponte_payment::idempotency::{IdempotencyRecord, IdempotencyScope, KEPT};
use ponte_ports::PortError;
use ponte_values::Moment;

use super::table::{PaymentTable, WHAT};
use crate::body::{body, read};
use crate::item::{Condition, Item, item, key, n, s};
use crate::keys::hash;

impl PaymentTable {
    /// The row of a key, written by the commit `owner`, and its condition: there is none, or one that counts no more.
    pub(super) fn idempotency(
        &self,
        (scope, record): &(IdempotencyScope, IdempotencyRecord),
        owner: &str,
    ) -> Result<(Item, Condition), PortError> {
        let attributes = [
            ("owner", s(owner)),
            ("until", s(record.expires_at.with_millis())),
            // A second later than it counts, because seconds are rounded down.
            ("expires_at", n(record.expires_at.seconds() + 1)),
            ("body", body(WHAT, record)?),
        ];
        let condition = Condition::new(
            "attribute_not_exists(pk) OR #until <= :now",
            [(":now", s(record.expires_at.minus(KEPT).with_millis()))],
        );
        Ok((item(self.place_of(scope), attributes), condition))
    }

    /// What a key led to, if it counts at `now`.
    pub(super) async fn recorded(
        &self,
        scope: &IdempotencyScope,
        now: Moment,
    ) -> Result<Option<IdempotencyRecord>, PortError> {
        let pk = self.dynamo.keys.idempotency(&scope.client, scope.operation);
        let found = self.dynamo.get(WHAT, &self.tables.payments, pk, &sort_key(scope)).await?;
        let record: Option<IdempotencyRecord> = found.as_ref().map(|item| read(WHAT, item)).transpose()?;
        Ok(record.filter(|record| record.counts(now)))
    }

    fn place_of(&self, scope: &IdempotencyScope) -> Item {
        key(self.dynamo.keys.idempotency(&scope.client, scope.operation), sort_key(scope))
    }
}

/// The key is any text of the client's; no line break is in a key or a path, so that the two are not mistaken.
fn sort_key(scope: &IdempotencyScope) -> String {
    hash(&format!("{}\n{}", scope.path, scope.key.as_str()))
}
