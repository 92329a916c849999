//! The platform's token, one for all environments of the function, and whose turn it is to fetch the next (M01, T52).

use std::time::Duration;

use ponte_ports::PortError;
use ponte_values::{Moment, SecretText};

use super::{PcmTable, WHAT, expires};
use crate::dynamo::Put;
use crate::dynamo::item::{Condition, Item, key, n, number, s, text};
use crate::dynamo::keys::META;

/// The token as all environments see it.
#[derive(Clone, Debug)]
pub(crate) struct SharedToken {
    pub(crate) text: SecretText,
    /// From here on somebody should fetch the next one.
    pub(crate) renew_at: Moment,
    /// From here on it is worth nothing.
    pub(crate) ends_at: Moment,
}

/// What the table knows of tokens.
#[derive(Clone, Debug, Default)]
pub(crate) struct TokenDesk {
    /// Counts the tokens; 0 before the first.
    pub(crate) version: u64,
    pub(crate) token: Option<SharedToken>,
    /// Until when somebody is fetching the next one.
    pub(crate) leased_until: Option<Moment>,
}

fn moment(item: &Item, name: &str) -> Option<Moment> {
    text(item, name).and_then(|at| Moment::parse(at).ok())
}

impl PcmTable {
    /// The token and the turn as they are, strongly consistent.
    pub(crate) async fn token_desk(&self) -> Result<TokenDesk, PortError> {
        let pk = self.dynamo.keys.platform_token();
        let Some(item) = self.dynamo.get(WHAT, &self.table, pk, META).await? else {
            return Ok(TokenDesk::default());
        };
        let token = text(&item, "secret").zip(moment(&item, "renew_at")).zip(moment(&item, "ends_at"));
        let token = token.map(|((token, renew_at), ends_at)| SharedToken {
            text: SecretText::from(token.to_owned()),
            renew_at,
            ends_at,
        });
        Ok(TokenDesk {
            version: number(&item, "version").unwrap_or_default(),
            token,
            leased_until: moment(&item, "leased_until"),
        })
    }

    /// Takes the turn to fetch what comes after `version`, until `until`; false if it is somebody else's.
    pub(crate) async fn take_turn(
        &self,
        version: u64,
        owner: &str,
        (now, until): (Moment, Moment),
    ) -> Result<bool, PortError> {
        let condition = Condition::new(
            "(attribute_not_exists(version) OR version = :version) \
             AND (attribute_not_exists(leased_until) OR leased_until <= :now)",
            [
                (":version", n(version)),
                (":now", s(now.with_millis())),
                (":until", s(until.with_millis())),
                (":owner", s(owner)),
            ],
        );
        self.change_token("SET #owner = :owner, leased_until = :until", owner, condition).await
    }

    /// Stores the token after `version` and ends the turn; false if the turn was over.
    pub(crate) async fn keep_token(
        &self,
        version: u64,
        owner: &str,
        token: &SharedToken,
    ) -> Result<bool, PortError> {
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

    /// Leaves the turn after a failure: the next try may begin at `until`.
    pub(crate) async fn leave_turn(&self, owner: &str, until: Moment) -> Result<bool, PortError> {
        let condition =
            Condition::new("#owner = :owner", [(":owner", s(owner)), (":until", s(until.with_millis()))]);
        self.change_token("SET leased_until = :until", owner, condition).await
    }

    async fn change_token(&self, change: &str, owner: &str, condition: Condition) -> Result<bool, PortError> {
        let place = key(self.dynamo.keys.platform_token(), META);
        match self.dynamo.update_if(WHAT, &self.table, (place, change), condition).await? {
            Put::Done => Ok(true),
            // Ours already: the reply to the first try was lost.
            Put::Refused(stored) => Ok(text(&stored, "owner") == Some(owner)),
        }
    }
}
