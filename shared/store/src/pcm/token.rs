//! The bearer token of the metrics platform, one for all Lambda execution environments of a function, and the turn to fetch
//! the next one (M01, T52).

use std::ops::Range;
use std::time::Duration;

use async_trait::async_trait;
use ponte_metrics::ports::{SharedToken, SharedTokens, TokenLease, latest_end};
use ponte_ports::PortError;
use ponte_values::{Moment, SecretText};

use super::table::{PcmTable, WHAT, expires};
use crate::dynamo::PutOutcome;
use crate::item::{Condition, Item, key, n, number, s, text};
use crate::keys::META;

fn moment(item: &Item, name: &str) -> Option<Moment> {
    text(item, name).and_then(|at| Moment::parse(at).ok())
}

#[async_trait]
impl SharedTokens for PcmTable {
    async fn look(&self) -> Result<TokenLease, PortError> {
        let pk = self.dynamo.keys.platform_token();
        let Some(item) = self.dynamo.get(WHAT, &self.table, pk, META).await? else {
            return Ok(TokenLease::default());
        };
        let token = text(&item, "secret").zip(moment(&item, "renew_at")).zip(moment(&item, "ends_at"));
        let token = token.map(|((token, renew_at), ends_at)| SharedToken {
            text: SecretText::from(token.to_owned()),
            renew_at,
            ends_at,
        });
        Ok(TokenLease {
            version: number(&item, "version").unwrap_or_default(),
            token,
            leased_until: moment(&item, "leased_until"),
        })
    }

    async fn take_turn(&self, version: u64, owner: &str, turn: Range<Moment>) -> Result<bool, PortError> {
        let condition = Condition::new(
            "(attribute_not_exists(version) OR version = :version) \
             AND (attribute_not_exists(leased_until) OR leased_until <= :now OR leased_until > :latest)",
            [
                (":version", n(version)),
                (":now", s(turn.start.with_millis())),
                (":until", s(turn.end.with_millis())),
                (":latest", s(latest_end(turn.end).with_millis())),
                (":owner", s(owner)),
            ],
        );
        self.change_token("SET #owner = :owner, leased_until = :until", owner, condition).await
    }

    async fn keep(&self, version: u64, owner: &str, token: &SharedToken) -> Result<bool, PortError> {
        let condition = Condition::new(
            "#owner = :owner",
            [
                (":owner", s(owner)),
                (":next", n(version + 1)),
                (":secret", s(token.text.expose())),
                (":renew", s(token.renew_at.with_millis())),
                (":ends", s(token.ends_at.with_millis())),
                (":expires", expires(token.ends_at, Duration::ZERO)),
            ],
        );
        let change = "SET version = :next, secret = :secret, renew_at = :renew, ends_at = :ends, expires_at = :expires \
             REMOVE leased_until";
        self.change_token(change, owner, condition).await
    }

    async fn leave_turn(&self, owner: &str, until: Moment) -> Result<bool, PortError> {
        let condition =
            Condition::new("#owner = :owner", [(":owner", s(owner)), (":until", s(until.with_millis()))]);
        self.change_token("SET leased_until = :until", owner, condition).await
    }
}

impl PcmTable {
    /// Changes the item of the token if `condition` holds; false if it does not.
    async fn change_token(&self, change: &str, owner: &str, condition: Condition) -> Result<bool, PortError> {
        let place = key(self.dynamo.keys.platform_token(), META);
        match self.dynamo.update_if(WHAT, &self.table, (place, change), condition).await? {
            PutOutcome::Done => Ok(true),
            // The owner is new for each turn: if it is stored, our first try succeeded and its reply was lost.
            PutOutcome::Refused(stored) => Ok(text(&stored, "owner") == Some(owner)),
        }
    }
}
