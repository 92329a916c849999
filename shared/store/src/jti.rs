//! Ids that are good for one use, remembered as long as what carries them could be shown again.

use ponte_ports::PortError;
use ponte_values::Moment;

use crate::dynamo::{Dynamo, PutOutcome};
use crate::item::{Condition, item, key, n, s};
use crate::keys::hash;

/// A use of a `jti`.
pub(crate) struct Claim<'a> {
    /// Who made the `jti`: a client, or the channel.
    pub(crate) whose: &'a str,
    /// Any text of theirs; its hash always fits a key.
    pub(crate) jti: &'a str,
    pub(crate) now: Moment,
    /// When it may be forgotten.
    pub(crate) until: Moment,
    /// The call that uses it; its own repetition is no second use.
    pub(crate) owner: &'a str,
}

impl Claim<'_> {
    /// Remembers the use in `table`; false if there was another one.
    pub(crate) async fn put(
        self,
        what: &'static str,
        dynamo: &Dynamo,
        table: &str,
    ) -> Result<bool, PortError> {
        let attributes = [("owner", s(self.owner)), ("expires_at", n(self.until.seconds()))];
        let item = item(key(dynamo.keys.jti(self.whose), hash(self.jti)), attributes);
        // `<=` because seconds are rounded down: a memory that ends now has ended.
        let condition = Condition::new(
            "attribute_not_exists(pk) OR expires_at <= :now OR #owner = :owner",
            [(":now", n(self.now.seconds())), (":owner", s(self.owner))],
        );
        Ok(matches!(dynamo.put_if(what, table, item, condition).await?, PutOutcome::Done))
    }
}
