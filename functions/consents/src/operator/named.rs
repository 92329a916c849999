//! The consents that a command names, from where the answer before ended.

use std::collections::BTreeSet;

use ponte_values::ConsentId;

use crate::commands::MOST_CONSENTS;

use super::fault::CommandFault;

/// The consents behind `after`, each once.
pub(super) fn named(ids: &[String], after: Option<&str>) -> Result<Vec<ConsentId>, CommandFault> {
    if ids.is_empty() || ids.len() > MOST_CONSENTS {
        return Err(CommandFault::Count);
    }
    let begin = match after {
        Some(last) => 1 + ids.iter().position(|id| id == last).ok_or(CommandFault::After)?,
        None => 0,
    };
    let (mut seen, mut consents) = (BTreeSet::new(), Vec::new());
    for (number, text) in ids.iter().enumerate() {
        let id = ConsentId::parse(text).map_err(|_| CommandFault::Id(number))?;
        if seen.insert(text) && number >= begin {
            consents.push(id);
        }
    }
    Ok(consents)
}
