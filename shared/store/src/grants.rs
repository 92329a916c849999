//! Pushed requests, codes, refresh tokens and used `jti`s.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue::Bool;
use ponte_authorization::grant::{Code, PushedRequest, Redemption, RefreshToken};
use ponte_authorization::interaction::{INTERACTION_LIMIT, Interaction};
use ponte_authorization::ports::Grants;
use ponte_authorization::replay::Replay;
use ponte_ports::{Clock, CommitFault, Ids, PortError};
use ponte_values::{ClientId, Moment};

use crate::body::{body, read};
use crate::dynamo::Dynamo;
use crate::item::{Condition, Item, item, key, n, s, text};
use crate::jti::Claim;
use crate::keys::META;
use crate::pause::contended;
use crate::transaction::{Outcome, Transaction};
use crate::{audit, block_list, interactions};
use ponte_cloud::environment::SystemIds;
use ponte_cloud::failure;

const WHAT: &str = "grants table";

/// How long a spent or late code is remembered, so that presenting it again still revokes what it got.
const CODE_MEMORY: Duration = Duration::from_hours(24);

/// Names of the tables that take note of a code that comes twice.
#[derive(Clone, Debug)]
pub struct RedemptionTables {
    /// The block list.
    pub block_list: String,
    /// Audit rows.
    pub audit: String,
}

/// The grants of an institution's authorization server.
pub struct GrantTable {
    dynamo: Dynamo,
    table: String,
    /// Where interactions are concluded, if they are.
    interactions: Option<String>,
    /// What a code that comes twice is noted in, if codes are redeemed.
    redeemed: Option<RedemptionTables>,
    clock: Arc<dyn Clock>,
}

impl GrantTable {
    /// The grants in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str, clock: Arc<dyn Clock>) -> Self {
        let (dynamo, table) = (dynamo.clone(), table.to_owned());
        Self { dynamo, table, interactions: None, redeemed: None, clock }
    }

    /// Concludes interactions too, each together with its row in the table `interactions`.
    #[must_use]
    pub fn concluding(self, interactions: &str) -> Self {
        Self { interactions: Some(interactions.to_owned()), ..self }
    }

    /// Redeems codes too.
    #[must_use]
    pub fn redeeming(self, tables: RedemptionTables) -> Self {
        Self { redeemed: Some(tables), ..self }
    }

    fn conclusion(
        &self,
        interaction: &Interaction,
        code: Option<&Code>,
        owner: &str,
    ) -> Result<Transaction, PortError> {
        let Some(table) = &self.interactions else {
            return Err(PortError::new(WHAT, "opened without the table of interactions"));
        };
        let keys = &self.dynamo.keys;
        let mut transaction = Transaction::new(WHAT, owner);
        let pushed = key(keys.pushed_request(&interaction.request_uri), META);
        transaction.mark_once(&self.table, pushed, "consumed", [])?;
        let stored = interactions::item_of(&self.dynamo, interaction, owner)?;
        transaction.put(table, stored, Condition::before(interaction.version))?;
        if let Some(code) = code {
            let attributes = [
                ("owner", s(owner)),
                ("expires_at", n(code.expires_at.plus(CODE_MEMORY).seconds())),
                ("body", body(WHAT, code)?),
            ];
            let stored = item(key(keys.code(&code.hash), META), attributes);
            transaction.put(&self.table, stored, Condition::absent())?;
        }
        Ok(transaction)
    }

    fn redemption(&self, code: &Code, refresh: &RefreshToken, owner: &str) -> Result<Transaction, PortError> {
        let keys = &self.dynamo.keys;
        let mut transaction = Transaction::new(WHAT, owner);
        let got = [("refresh", s(&refresh.hash))];
        transaction.mark_once(&self.table, key(keys.code(&code.hash), META), "used", got)?;
        let attributes = [("owner", s(owner)), ("body", body(WHAT, refresh)?)];
        let stored = item(key(keys.refresh_token(&refresh.hash), META), attributes);
        transaction.put(&self.table, stored, Condition::absent())?;
        Ok(transaction)
    }

    /// Takes back what a code brought: the refresh token with this hash, and the access tokens. Happens once for a code.
    fn taking_back(
        &self,
        code: &Code,
        refresh: &str,
        replay: &Replay,
        owner: &str,
    ) -> Result<Transaction, PortError> {
        let keys = &self.dynamo.keys;
        let mut transaction = Transaction::new(WHAT, owner);
        transaction.mark_once(&self.table, key(keys.code(&code.hash), META), "replayed", [])?;
        let revoked = [(":yes", Bool(true))];
        let refresh = key(keys.refresh_token(refresh), META);
        transaction.update_always(&self.table, refresh, "SET revoked = :yes", revoked)?;
        let Some(tables) = &self.redeemed else {
            return Err(PortError::new(WHAT, "opened without the block list and audit rows"));
        };
        let block = block_list::brought_about(&self.dynamo, &replay.block)?;
        transaction.put_always(&tables.block_list, block)?;
        let row = audit::item_of(&self.dynamo, &replay.audit, owner, 0)?;
        transaction.put(&tables.audit, row, Condition::absent())?;
        Ok(transaction)
    }

    /// What follows from a code that is stored as used: what it brought is taken back, if it has not been yet.
    async fn take_back(&self, code: &Code, stored: &Item, now: Moment) -> Result<(), PortError> {
        let Some(refresh) = text(stored, "refresh").filter(|_| !stored.contains_key("replayed")) else {
            return Ok(());
        };
        let transaction = self.taking_back(code, refresh, &Replay::of(code, now), &SystemIds.uuid())?;
        match transaction.run(&self.dynamo).await? {
            // Refused: another replay was faster.
            Outcome::Applied | Outcome::Refused(_) => Ok(()),
            Outcome::Contended => Err(contended(WHAT)),
        }
    }

    async fn read_if<T: serde::de::DeserializeOwned>(
        &self,
        pk: String,
        unless: &str,
    ) -> Result<Option<T>, PortError> {
        let found = self.dynamo.get(WHAT, &self.table, pk, META).await?;
        found.filter(|item| !item.contains_key(unless)).map(|item| read(WHAT, &item)).transpose()
    }
}

#[async_trait]
impl Grants for GrantTable {
    async fn claim_jti(
        &self,
        client: &ClientId,
        jti: &str,
        until: Moment,
        owner: &str,
    ) -> Result<bool, PortError> {
        let claim = Claim { whose: client.as_str(), jti, now: self.clock.now(), until, owner };
        claim.put(WHAT, &self.dynamo, &self.table).await
    }

    async fn push(&self, request: &PushedRequest) -> Result<(), PortError> {
        // An interaction that began in time must still find it at its end.
        let kept_until = request.expires_at.plus(INTERACTION_LIMIT);
        let attributes = [("expires_at", n(kept_until.seconds())), ("body", body(WHAT, request)?)];
        let key = key(self.dynamo.keys.pushed_request(&request.request_uri), META);
        self.dynamo.put(WHAT, &self.table, item(key, attributes)).await
    }

    async fn pushed(&self, request_uri: &str) -> Result<Option<PushedRequest>, PortError> {
        self.read_if(self.dynamo.keys.pushed_request(request_uri), "consumed").await
    }

    async fn conclude(&self, interaction: &Interaction, code: Option<&Code>) -> Result<(), CommitFault> {
        // An owner per call: of two browsers with one ticket only one may go on, even though both conclude one interaction.
        let owner = SystemIds.uuid();
        let transaction = self.conclusion(interaction, code, &owner)?;
        match transaction.run(&self.dynamo).await? {
            Outcome::Applied => Ok(()),
            Outcome::Refused(_) => Err(CommitFault::Conflict),
            Outcome::Contended => Err(contended(WHAT).into()),
        }
    }

    async fn code(&self, hash: &str) -> Result<Option<Code>, PortError> {
        let pk = self.dynamo.keys.code(hash);
        let found = self.dynamo.get(WHAT, &self.table, pk, META).await?;
        found.map(|item| read(WHAT, &item)).transpose()
    }

    async fn redeem(&self, code: &Code, refresh: &RefreshToken) -> Result<Redemption, PortError> {
        let owner = SystemIds.uuid();
        let transaction = self.redemption(code, refresh, &owner)?;
        match transaction.run(&self.dynamo).await? {
            Outcome::Applied => Ok(Redemption::First),
            Outcome::Contended => Err(contended(WHAT)),
            Outcome::Refused(stored) => {
                for item in &stored {
                    self.take_back(code, item, refresh.issued_at).await?;
                }
                Ok(Redemption::Replayed)
            }
        }
    }

    async fn refresh_token(&self, hash: &str) -> Result<Option<RefreshToken>, PortError> {
        self.read_if(self.dynamo.keys.refresh_token(hash), "revoked").await
    }

    async fn revoke(&self, hash: &str) -> Result<(), PortError> {
        let request = self.dynamo.client.update_item().table_name(&self.table);
        let request = request
            .set_key(Some(key(self.dynamo.keys.refresh_token(hash), META)))
            .update_expression("SET revoked = :yes")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":yes", Bool(true));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                // Nothing is left to revoke.
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(()),
                _ => Err(failure::aws(WHAT, &error)),
            },
        }
    }
}

#[cfg(test)]
impl GrantTable {
    /// One that does all that grants are for, over the tables of the tests.
    pub(crate) fn of_tests(dynamo: &Dynamo, clock: Arc<dyn Clock>) -> Self {
        let [block_list, audit] = ["block-list", "audit"].map(str::to_owned);
        let tables = RedemptionTables { block_list, audit };
        Self::new(dynamo, "grants", clock).concluding("interactions").redeeming(tables)
    }
}

#[cfg(test)]
mod tests;
