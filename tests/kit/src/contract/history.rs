//! The history of a subject: its own audit rows, newest first, page by page.

use std::time::Duration;

use ponte_data_consent::consent::RejectedBy;
use ponte_ports::IndexFault;
use ponte_ports::audit::{Actor, OperatorAction, OperatorIdentity, OperatorOrder, OperatorReason};
use ponte_values::{ConsentId, Moment};

use super::Stores;
use crate::examples::{authorisation, created, created_as, now};

const SUBJECT: &str = "urn:banco:1";

/// A consent that was created, authorised and a day later revoked; and another one beside it, whose id begins alike.
async fn stored(stores: &Stores<'_>) {
    let beside = created_as(ConsentId::parse("urn:banco:10").unwrap(), now());
    stores.consents.commit(beside.commit("0".to_owned(), None)).await.unwrap();
    let first = created();
    stores.consents.commit(first.clone().commit("1".to_owned(), None)).await.unwrap();
    let yes = first.consent.authorise(authorisation(), Actor::Channel("interaction".to_owned())).unwrap();
    stores.consents.commit(yes.clone().commit("2".to_owned(), Some("call".to_owned()))).await.unwrap();
    let at = now().plus(Duration::from_hours(30));
    let end = yes.consent.revoke(RejectedBy::User, Actor::Operator, at).unwrap();
    stores.consents.commit(end.commit("3".to_owned(), None)).await.unwrap();
}

/// A history is that of its subject alone, newest first, and its pages follow each other to the end.
pub async fn a_history_is_its_own_newest_first(stores: &Stores<'_>) {
    stored(stores).await;
    let whole = stores.history.of(SUBJECT, None, 100).await.unwrap();
    let after: Vec<&str> = whole.entries.iter().map(|entry| entry.after.as_str()).collect();
    assert_eq!(after, ["REJECTED", "AUTHORISED", "AWAITING_AUTHORISATION"]);
    assert_eq!(whole.next, None, "there is nothing after the end");
    assert_eq!(whole.entries[0].actor, Actor::Operator);
    assert_eq!(whole.entries[1].interaction.as_deref(), Some("call"));
    assert_eq!((whole.entries[2].at, whole.entries[2].before.as_deref()), (now(), None));
    let first = stores.history.of(SUBJECT, None, 2).await.unwrap();
    assert!(first.next.is_some(), "a page that is not the last has a cursor");
    let rest = stores.history.of(SUBJECT, first.next.as_deref(), 2).await.unwrap();
    assert_eq!([first.entries, rest.entries].concat(), whole.entries);
    assert_eq!(rest.next, None);
    let full = stores.history.of(SUBJECT, None, 3).await.unwrap();
    assert_eq!((full.entries.len(), full.next), (3, None), "a page that is just full");
    let nobody = stores.history.of("urn:banco:2", None, 9).await.unwrap();
    assert!(nobody.entries.is_empty() && nobody.next.is_none());
}

/// A text that no history gave out is no cursor.
pub async fn a_foreign_cursor_is_a_fault(stores: &Stores<'_>) {
    stored(stores).await;
    for cursor in ["", "x y", "0", "1", "~", "2026-03-01T12:00:00.250Z", "bm90IGEgY3Vyc29y"] {
        let page = stores.history.of(SUBJECT, Some(cursor), 9).await;
        assert!(matches!(page, Err(IndexFault::Cursor)), "{cursor:?} was taken for a cursor");
    }
}

/// Every change of a status from one moment to another, both included, comes once, whatever the size of the pages; what left
/// the status as it was does not come.
pub async fn a_period_has_each_change_of_a_status_once(stores: &Stores<'_>) {
    stored(stores).await;
    let order = OperatorAction {
        by: OperatorIdentity::stated("ana").ok(),
        reason: OperatorReason::parse("lost").ok(),
        ..OperatorAction::default()
    };
    let order = OperatorOrder::of(&order).unwrap();
    let consent = stores.consents.find(&ConsentId::parse(SUBJECT).unwrap()).await.unwrap().unwrap();
    let later = now().plus(Duration::from_hours(31));
    let again = consent.notice_again(&order, "4".to_owned(), later).unwrap();
    stores.trails.write(&again).await.unwrap();
    let end = now().plus(Duration::from_hours(30));
    for limit in [1, 2, 100] {
        let whole = changes(stores, (now(), later), limit).await;
        assert_eq!(
            whole.iter().filter(|(subject, _)| subject == SUBJECT).count(),
            3,
            "by {limit}: {whole:?}"
        );
        assert_eq!(
            whole.iter().filter(|(subject, _)| subject != SUBJECT).count(),
            1,
            "by {limit}: {whole:?}"
        );
        let last = changes(stores, (end, end), limit).await;
        assert_eq!(last, [(SUBJECT.to_owned(), "REJECTED".to_owned())]);
        let between = (now().plus(Duration::from_hours(1)), end.minus(Duration::from_millis(1)));
        assert!(changes(stores, between, limit).await.is_empty());
    }
}

/// Subjects and their statuses of a period, going on after each change where a page has several.
async fn changes(stores: &Stores<'_>, (from, until): (Moment, Moment), limit: u8) -> Vec<(String, String)> {
    let (mut found, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = stores.status_changes.between(from, until, cursor.as_deref(), limit).await.unwrap();
        match page.changes.into_iter().next() {
            Some(first) => {
                found.push((first.subject, first.after));
                cursor = Some(first.place);
            }
            None => match page.next {
                Some(next) => cursor = Some(next),
                None => return found,
            },
        }
    }
}

/// A text that no period gave out is no cursor.
pub async fn a_cursor_of_no_period_is_a_fault(stores: &Stores<'_>) {
    stored(stores).await;
    for cursor in ["", "x y", "0", "9/2026-03-01", "0/2026-03-01T12:00:00Z", "bm90IGEgY3Vyc29y"] {
        let page = stores.status_changes.between(now(), now(), Some(cursor), 9).await;
        assert!(matches!(page, Err(IndexFault::Cursor)), "{cursor:?} was taken for a cursor");
    }
}
