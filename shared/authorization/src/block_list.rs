//! The block list: clients and single grants whose access tokens open nothing any more, though they have not expired.
//!
//! Who verifies tokens keeps a copy of it and looks at it anew every 45 s, so that no call reads it (T60).

use std::collections::HashMap;
use std::time::Duration;

use ponte_values::{ClientId, Moment};
use serde::{Deserialize, Serialize};

use crate::grant::ACCESS_TOKEN_LIFE_MAX;
use crate::target::Target;

/// How long an entry is needed after tokens stopped being issued: the longest life of a token (S09), the call that was
/// issuing one (28 s), and clocks that differ.
pub const BLOCK_MEMORY: Duration = ACCESS_TOKEN_LIFE_MAX.saturating_add(Duration::from_mins(2));

/// What an entry shuts out.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "id")]
pub enum Blocked {
    /// Every token of a client.
    Client(ClientId),
    /// The tokens of one grant, by the target that their scope names: those of a code that was replayed.
    Grant(Target),
}

/// An entry of the block list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Block {
    /// What it shuts out.
    pub blocked: Blocked,
    /// When the last token it could meet has expired; `None` until somebody takes it away.
    pub until: Option<Moment>,
}

/// The block list as it was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BlockList(HashMap<Blocked, Option<Moment>>);

impl BlockList {
    /// Whether a client is shut out at `now`.
    #[must_use]
    pub fn holds_client(&self, client: &ClientId, now: Moment) -> bool {
        // Nearly always empty: then no key is made to look for.
        !self.0.is_empty() && self.holds(&Blocked::Client(client.clone()), now)
    }

    /// Whether a grant is shut out at `now`, by its target.
    #[must_use]
    pub fn holds_grant(&self, target: &Target, now: Moment) -> bool {
        !self.0.is_empty() && self.holds(&Blocked::Grant(target.clone()), now)
    }

    fn holds(&self, blocked: &Blocked, now: Moment) -> bool {
        self.0.get(blocked).is_some_and(|until| until.is_none_or(|until| now < until))
    }
}

impl FromIterator<Block> for BlockList {
    fn from_iter<I: IntoIterator<Item = Block>>(blocks: I) -> Self {
        let mut list = HashMap::<_, Option<Moment>>::new();
        for Block { blocked, until } in blocks {
            // Of two entries about the same the longer one counts, whichever release wrote them.
            list.entry(blocked)
                .and_modify(|held| *held = held.zip(until).map(|(held, until)| held.max(until)))
                .or_insert(until);
        }
        Self(list)
    }
}

#[cfg(test)]
mod tests {
    use ponte_values::ConsentId;

    use super::*;

    #[test]
    fn t60_an_entry_counts_until_its_end_and_for_what_it_names() {
        let now = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let client = |id| ClientId::parse(id).unwrap();
        let target = |id| Target::consent(ConsentId::parse(id).unwrap());
        let list: BlockList = [
            Block { blocked: Blocked::Client(client("a")), until: None },
            Block { blocked: Blocked::Client(client("b")), until: Some(now.plus(BLOCK_MEMORY)) },
            Block { blocked: Blocked::Grant(target("urn:banco:1")), until: Some(now) },
        ]
        .into_iter()
        .collect();
        let before = now.plus(BLOCK_MEMORY).minus(Duration::from_millis(1));
        for (id, at, held) in [
            ("a", before, true),
            ("a", now.plus(BLOCK_MEMORY), true),
            ("b", before, true),
            ("b", now.plus(BLOCK_MEMORY), false),
            ("c", now, false),
        ] {
            assert_eq!(list.holds_client(&client(id), at), held, "{id}");
        }
        assert!(list.holds_grant(&target("urn:banco:1"), now.minus(Duration::from_millis(1))));
        assert!(
            !list.holds_grant(&target("urn:banco:1"), now) && !list.holds_grant(&target("urn:banco:2"), now)
        );
        assert!(!BlockList::default().holds_client(&client("a"), now));
    }

    #[test]
    fn t60_of_two_entries_about_the_same_the_longer_one_counts() {
        let now = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let id = ClientId::parse("a").unwrap();
        let (soon, late) = (Some(now.plus(Duration::from_secs(1))), Some(now.plus(BLOCK_MEMORY)));
        for (one, other, end) in [(soon, late, late), (soon, None, None), (late, late, late)] {
            for both in [[one, other], [other, one]] {
                let list: BlockList = both
                    .map(|until| Block { blocked: Blocked::Client(id.clone()), until })
                    .into_iter()
                    .collect();
                let just_before =
                    end.map_or(now.plus(Duration::from_hours(1)), |end| end.minus(Duration::from_millis(1)));
                assert!(list.holds_client(&id, just_before), "{both:?}");
                assert!(end.is_none_or(|end| !list.holds_client(&id, end)), "{both:?}");
            }
        }
    }

    #[test]
    fn t60_an_entry_outlives_every_token_that_was_being_issued() {
        assert!(BLOCK_MEMORY > ACCESS_TOKEN_LIFE_MAX + Duration::from_secs(28 + 60));
    }
}
