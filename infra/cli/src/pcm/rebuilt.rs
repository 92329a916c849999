//! The outcome of a rebuild as text.

use std::fmt::Write as _;

use ponte_metrics::ledger::Counts;
use ponte_pcm::commands::{Difference, Rebuilt};

/// The lines of a ledger that were wrong; empty while there is more to count.
pub(super) fn rebuilt(answer: &Rebuilt) -> String {
    let Rebuilt { day, corrected, .. } = answer;
    if answer.carried.is_some() {
        return String::new();
    }
    if let Some(note) = &answer.note {
        return note.clone();
    }
    if corrected.is_empty() {
        return format!("the ledger of {day} is right");
    }
    let mut text = format!("{} lines of {day} were wrong and are corrected", corrected.len());
    for Difference { api, role, was, is } in corrected {
        for ((name, was), (_, is)) in named(was).into_iter().zip(named(is)) {
            if was != is {
                let _ = write!(text, "\n  {api} {}: {name} {was}, now {is}", role.as_str());
            }
        }
    }
    text
}

/// The counts of a line in the order of their names.
fn named(counts: &Counts) -> [(&'static str, u64); 6] {
    let Counts { sent, accepted, repeated, discarded, late, parked } = *counts;
    [
        ("accepted", accepted),
        ("discarded", discarded),
        ("late", late),
        ("parked", parked),
        ("repeated", repeated),
        ("sent", sent),
    ]
}

#[cfg(test)]
mod tests {
    use ponte_metrics::ledger::Role;

    use super::*;

    #[test]
    fn a_rebuild_says_what_it_corrected() {
        let was = Counts { accepted: 5, sent: 9, ..Counts::default() };
        let is = Counts { accepted: 4, ..was };
        let right = Rebuilt {
            day: "2026-03-01".to_owned(),
            done: true,
            corrected: Vec::new(),
            carried: None,
            note: None,
        };
        assert_eq!(rebuilt(&right), "the ledger of 2026-03-01 is right");
        let corrected = vec![Difference { api: "accounts/v2".to_owned(), role: Role::Server, was, is }];
        assert_eq!(
            rebuilt(&Rebuilt { corrected, ..right }),
            "1 lines of 2026-03-01 were wrong and are corrected\n  accounts/v2 SERVER: accepted 5, now 4"
        );
    }
}
