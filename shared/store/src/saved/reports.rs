//! Saved reports: what waits, who works on it, and what was told to the metrics platform.

use ponte_kit::examples::now;
use ponte_metrics::ledger::check::{PairFacts, ReportState, Sampled};
use ponte_metrics::ledger::shard_leases::CLAIM;
use ponte_metrics::ledger::{Counts, LineKey, Role, SettledRow};
use ponte_metrics::outbox::{HeldRow, Lease, PendingRow, Ticket};
use ponte_metrics::ports::{
    Backlog as _, HeldReports as _, Ledger as _, Settlements as _, SharedTokens as _,
};
use ponte_ports::Quality as _;
use ponte_ports::operation::{OperationId, Operations as _};
use ponte_ports::outbox::{OutboxRow, SHARDS, shard_of};
use ponte_ports::quality::{Counted, DayCount, Found};
use ponte_values::{Date, Moment};

use super::rows::{Saved, body, kept, value};
use super::{DAY, consent_id, minute};
use crate::operations::OperationTable;
use crate::outbox::OutboxTable;
use crate::pcm::PcmTable;
use crate::quality::QualityTable;

pub(super) const WORKER: &str = "an invented worker";

pub(super) fn outbox(saved: &Saved) -> OutboxTable {
    OutboxTable::new(&saved.database.dynamo, "outbox")
}

pub(super) fn pcm(saved: &Saved) -> PcmTable {
    PcmTable::new(&saved.database.dynamo, "pcm", "outbox").auditing("audit")
}

pub(super) fn day() -> Date {
    now().date_brasilia()
}

/// A report as the saved ones are, all of them of shard 0.
pub(super) fn report(name: &str, at: Moment) -> OutboxRow {
    let id = (0..100).map(|salt| format!("{name}-{salt}")).find(|id| shard_of(id) == 0).unwrap();
    let body = format!(
        r#"{{"endpoint":"/open-banking/accounts/v2/accounts","role":"SERVER","httpMethod":"GET","name":"{name}"}}"#
    );
    OutboxRow { id, at, path: "/report-api/v1/private/report", body }
}

pub(super) fn pending_of(row: &OutboxRow) -> PendingRow {
    let (path, body) = (row.path.to_owned(), row.body.clone());
    PendingRow { sort_key: row.sort_key(), path, body, ..PendingRow::default() }
}

pub(super) async fn rows(saved: &Saved, shard: u8) -> Vec<PendingRow> {
    let all = Ticket { shard, from: "0".to_owned(), to: "9".to_owned() };
    outbox(saved).rows(&all).await.unwrap()
}

pub(super) async fn pending(saved: &Saved) {
    let of_a_commit = OutboxRow {
        id: "of-a-commit".to_owned(),
        body: r#"{"id":"of-a-commit"}"#.to_owned(),
        ..report("fresh", minute(1))
    };
    let expected = [
        pending_of(&report("fresh", minute(1))),
        PendingRow { repairs: 1, ..pending_of(&report("mended", minute(2))).again() },
        pending_of(&report("resent", minute(3))).resent(minute(DAY)),
        pending_of(&report("once", minute(6))),
    ];
    let other = shard_of("of-a-commit");
    let mut all = Vec::new();
    for shard in 0..SHARDS {
        let found = rows(saved, shard).await;
        let keys = found.iter().map(|row| row.sort_key.clone()).collect::<Vec<_>>();
        assert_eq!(outbox(saved).keys(shard, None, 100).await.unwrap(), keys);
        all.extend(found.into_iter().map(|row| (shard, row)));
    }
    let mut expected = expected.map(|row| (0, row)).to_vec();
    expected.push((other, pending_of(&of_a_commit)));
    all.sort_by_key(|(_, row)| row.sort_key.clone());
    expected.sort_by_key(|(_, row)| row.sort_key.clone());
    assert_eq!(all, expected);
    let waiting = outbox(saved).waiting(day()).await.unwrap();
    assert_eq!((waiting.pending, waiting.repeats, waiting.held), (4, 1, 1));
    assert_eq!(saved.of("pending row").len(), 5);
}

/// The lease of the sweeper on shard 0.
pub(super) fn noted() -> Lease {
    Lease { upto: report("fresh", minute(1)).sort_key(), until: minute(5) }
}

pub(super) async fn lease(saved: &Saved) {
    assert_eq!(outbox(saved).lease(0).await.unwrap(), Some(noted()));
    assert_eq!(saved.of("lease of the sweeper").len(), 1);
}

pub(super) async fn held(saved: &Saved) {
    let row = report("held", minute(4));
    let expected = HeldRow {
        shard: 0,
        sort_key: row.sort_key(),
        path: row.path.to_owned(),
        body: row.body,
        consent: consent_id("authorised"),
        restored_at: None,
    };
    assert_eq!(outbox(saved).held(0, 10).await.unwrap(), [expected]);
    assert_eq!(saved.of("row that waits for the drop reason").len(), 1);
}

pub(super) async fn token(saved: &Saved) {
    let known = pcm(saved).look().await.unwrap();
    let token = known.token.unwrap();
    assert_eq!((known.version, known.leased_until), (1, Some(minute(9))));
    assert_eq!(token.text.expose(), "not-a-token-but-an-invented-text");
    assert_eq!((token.renew_at, token.ends_at), (minute(8), minute(10)));
    assert_eq!(saved.of("token of the metrics platform").len(), 1);
}

pub(super) async fn leases(saved: &Saved) {
    let leases = pcm(saved).leases(0).await.unwrap();
    saved.kept("leases of a shard", "BOARD", &leases);
    let [claim] = &leases.claims[..] else { panic!("{leases:?}") };
    let (from, to) = (report("first", minute(10)).sort_key(), report("third", minute(10)).sort_key());
    assert_eq!((leases.version, claim.owner.as_str(), claim.until), (2, WORKER, minute(DAY).plus(CLAIM)));
    assert_eq!((claim.from.as_str(), claim.to.as_str()), (from.as_str(), to.as_str()));
    let [part] = &claim.parts[..] else { panic!("{claim:?}") };
    assert_eq!((part.day.as_str(), part.key.as_str()), ("2026-03-01", format!("{from}!{to}").as_str()));
}

pub(super) async fn archive(saved: &Saved) {
    let stretch = pcm(saved).archive(day(), None).await.unwrap();
    let [part] = &stretch.found[..] else { panic!("{stretch:?}") };
    let [first, second, third] =
        ["first", "second", "third"].map(|name| pending_of(&report(name, minute(10))));
    let accepted = |row| SettledRow { row, discarded: None };
    let mended = PendingRow { repairs: 2, ..second };
    let expected = [
        accepted(first),
        SettledRow { row: mended, discarded: Some("Unlisted endpoint: é".to_owned()) },
        accepted(PendingRow { repeat: true, ..third }),
    ];
    assert_eq!((part.items.as_slice(), part.at), (expected.as_slice(), minute(DAY)));
    assert_eq!(pcm(saved).part(&part.key).await.unwrap().as_ref(), Some(part));
    assert_eq!(saved.of("part of the archive").len(), 1);
}

pub(super) fn line(api: &str, role: Role) -> LineKey {
    LineKey { day: day(), api: api.to_owned(), role }
}

pub(super) async fn lines(saved: &Saved) {
    let lines = pcm(saved).lines(day()).await.unwrap();
    let found = lines.iter().map(|line| (line.key.clone(), line.counts, line.first, line.last));
    let corrected = Some(minute(DAY + 1));
    let seven = Counts { sent: 7, ..Counts::default() };
    // Three were settled and one corrected; one is parked, which was counted first.
    let of_accounts = Counts { sent: 4, accepted: 1, repeated: 1, discarded: 1, late: 1, parked: 1 };
    let expected = [
        (line("accounts/v2", Role::Server), of_accounts, Some(minute(6)), corrected),
        (line("stock", Role::None), seven, corrected, corrected),
        (line("token", Role::Client), seven, corrected, corrected),
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    assert_eq!(saved.of("line of the ledger").len(), 4);
}

pub(super) async fn check(saved: &Saved) {
    let check = pcm(saved).check(day()).await.unwrap().unwrap();
    saved.kept("check of a day", "CHECK", &check);
    assert_eq!((check.at, check.complete), (minute(DAY), true));
    let sampled = Sampled {
        asked: 8,
        paired: 1,
        inconsistent: 2,
        unpaired: 1,
        single: 1,
        waiting: 1,
        discarded: 1,
        unknown: 1,
    };
    assert_eq!(check.sampled["accounts/v2 SERVER"], sampled);
    let facts = |status_code| PairFacts {
        client_org_id: Some("c770aef3-6784-41f7-8e0e-ff5f97bddb3a".to_owned()),
        server_org_id: Some("c770aef3-6784-41f7-8e0e-ff5f97bddb3b".to_owned()),
        status_code: Some(status_code),
        http_method: Some("GET".to_owned()),
        endpoint: Some("/open-banking/accounts/v2/accounts".to_owned()),
    };
    let states = [
        ReportState::Accepted,
        ReportState::Discarded,
        ReportState::Single,
        ReportState::Unpaired,
        ReportState::PairedInconsistent,
        ReportState::Paired,
    ];
    let found = check.examples.iter().map(|example| example.status.unwrap());
    assert_eq!(found.collect::<Vec<_>>(), states);
    let example = &check.examples[0];
    assert_eq!((&example.ours, &example.theirs), (&facts(200), &Some(facts(503))));
    assert_eq!((example.api.as_str(), example.role.as_str()), ("accounts/v2", "SERVER"));
    assert_eq!(example.differs, ["statusCode"]);
}

pub(super) async fn parked(saved: &Saved) {
    let stretch = pcm(saved).parked(Some(day()), None, 10).await.unwrap();
    let [parked] = &stretch.found[..] else { panic!("{stretch:?}") };
    assert_eq!(parked.row, pending_of(&report("parked", minute(5))));
    assert_eq!((parked.reason.as_str(), parked.at), ("an invented reason", minute(6)));
    saved.kept("parked row", &parked.row.sort_key, &parked.row);
    assert_eq!(saved.of("parked row").len(), 1);
}

pub(super) async fn once(saved: &Saved) {
    let again = report("again", minute(7));
    assert!(!pcm(saved).add_once(&again, "an invented marker").await.unwrap());
    assert_eq!(saved.of("marker of a row written once").len(), 1);
}

pub(super) fn quality_table(saved: &Saved) -> QualityTable {
    QualityTable::new(&saved.database.dynamo, "quality")
}

pub(super) async fn quality(saved: &Saved) {
    let found = |path: &str, rule: &str, count| Found { path: path.to_owned(), rule: rule.to_owned(), count };
    let line = |operation: &str, calls, found: &[Found]| DayCount {
        day: day(),
        operation: operation.to_owned(),
        calls,
        found: found.to_vec(),
    };
    let amount = "data[].transactionAmount.amount";
    let expected = [
        line("accountsGetAccounts", 1, &[found("data", "type", 1)]),
        line("loansGetContracts", 2, &[found("...", "...", 4), found(amount, "pattern", 5)]),
    ];
    assert_eq!(quality_table(saved).of_days(day(), day()).await.unwrap(), expected);
    let more = [Counted { path: amount.to_owned(), rule: "pattern", count: 1 }];
    quality_table(saved).count(day(), "loansGetContracts", &more).await.unwrap();
    let gone_on = quality_table(saved).of_days(day(), day()).await.unwrap();
    assert_eq!((gone_on[1].calls, gone_on[1].found[1].count), (3, 6), "it is gone on with");
}

pub(super) fn operation_table(saved: &Saved) -> OperationTable {
    OperationTable::new(&saved.database.dynamo, "operations")
}

pub(super) async fn operations(saved: &Saved) {
    let table = operation_table(saved);
    let kind = "operation of an operator";
    for name in ["waiting", "running", "done", "failed"] {
        let id = OperationId::parse(name).unwrap();
        let read = table.find(&id).await.unwrap().unwrap();
        let before = saved.row(kind, &format!("OP#{name}")).clone();
        let mut stored = body(&before);
        assert_eq!(stored.as_object_mut().and_then(|stored| stored.remove("schema")), Some(1.into()));
        kept(&stored, &value(&read), name);
        assert!(table.replace(&read.let_go(minute(3))).await.unwrap(), "it is gone on with");
        saved.rewritten("operations", &before, &[]).await;
    }
    let listed = table.of_day(now().date_utc(), None, 10).await.unwrap().found;
    assert_eq!(listed.len(), 4);
}
