//! What the customer answered, kept so that the same answer, sent once more, is known (T61).

use ponte_fapi::secret;
use serde::{Deserialize, Serialize};

/// How an interaction was decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerAnswer {
    /// Yes to a choice, which is kept as a hash.
    Yes(String),
    /// The same, and the institution could not do it: the target was rejected (P33).
    YesRefused(String),
    /// No.
    No,
    /// Somebody else logged in than the target names (S20).
    OtherPerson,
    /// Whatever it was, the target had ended before.
    Ended,
    /// The customer gave up at the page that hands the interaction to a phone.
    GaveUp,
}

impl CustomerAnswer {
    /// Yes to the products with these ids, in any order; `None` is all that are on offer.
    #[must_use]
    pub fn yes(chosen: Option<&[String]>) -> Self {
        let text = chosen.map_or_else(
            || "all".to_owned(),
            |chosen| {
                let mut ids: Vec<&str> = chosen.iter().map(String::as_str).collect();
                ids.sort_unstable();
                ids.dedup();
                ids.iter().fold("these:".to_owned(), |text, id| text + &id.len().to_string() + ":" + id)
            },
        );
        Self::Yes(secret::hash(&text))
    }

    /// The same yes when the institution could not do it; any other answer as it is.
    #[must_use]
    pub fn refused(self) -> Self {
        match self {
            Self::Yes(choice) => Self::YesRefused(choice),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t61_the_same_choice_is_the_same_yes_in_any_order() {
        let yes = |ids: &[&str]| {
            let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
            CustomerAnswer::yes(Some(&ids))
        };
        assert_eq!(yes(&["a", "b"]), yes(&["b", "a", "b"]));
        for other in [yes(&["a"]), yes(&["ab"]), yes(&[]), CustomerAnswer::yes(None)] {
            assert_ne!(yes(&["a", "b"]), other);
        }
    }
}
