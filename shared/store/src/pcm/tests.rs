//! Claims, archive, ledger and parked rows in a real table.

use std::collections::BTreeMap;
use std::time::Duration;

use ponte_metrics::ledger::Role;
use ponte_metrics::ledger::check::Check;
use ponte_metrics::ledger::shard_leases::ClaimTime;
use ponte_metrics::ledger::{Counts, LineKey, SettledRow};
use ponte_metrics::outbox::{PendingRow, Ticket, shard_of_key};
use ponte_metrics::ports::{
    Backlog, HeldReports as _, Ledger, ParkedRow, Settlement, Settlements, WaitingReports,
};
use ponte_metrics::verdict::ReportVerdict;
use ponte_ports::Outbox;
use ponte_ports::outbox::OutboxRow;
use ponte_values::{ConsentId, Date};

use super::PcmTable;
use super::settlements::REASON;
use crate::item::{item, key, s, text};
use crate::outbox::OutboxTable;
use crate::testing::Database;
use ponte_kit::examples::now;
use ponte_kit::shared_tokens::a_turn_is_one_environments_and_ends_with_the_token;
use ponte_ports::Trail;
use ponte_ports::audit::{
    Actor, AuditEntry, OperatorAction, OperatorIdentity, OperatorOrder, OperatorReason,
};

struct Tables {
    database: Database,
    table: PcmTable,
    outbox: OutboxTable,
}

async fn tables() -> Tables {
    let database = Database::start().await;
    let table = PcmTable::new(&database.dynamo, "pcm", "outbox").auditing("audit");
    let outbox = OutboxTable::new(&database.dynamo, "outbox");
    Tables { database, table, outbox }
}

fn day() -> Date {
    now().date_brasilia()
}

/// A report of shard 0.
fn report(number: usize) -> PendingRow {
    let body = format!(
        r#"{{"endpoint":"/open-banking/accounts/v2/accounts","role":"SERVER","httpMethod":"GET","number":{number}}}"#
    );
    let at = now().plus(Duration::from_millis(u64::try_from(number).unwrap()));
    let ids = (0..).map(|salt| format!("{number:05}-{salt}"));
    let id = ids.into_iter().find(|id| ponte_ports::outbox::shard_of(id) == 0).unwrap();
    let row = OutboxRow { id, at, path: "/report-api/v1/private/report", body };
    PendingRow {
        sort_key: row.sort_key(),
        path: row.path.to_owned(),
        body: row.body,
        ..PendingRow::default()
    }
}

fn line() -> LineKey {
    LineKey { day: day(), api: "accounts/v2".to_owned(), role: Role::Server }
}

impl Tables {
    async fn claim(&self, owner: &str, from: &str, to: &str) {
        let ticket = Ticket { shard: 0, from: from.to_owned(), to: to.to_owned() };
        let leases =
            self.table.leases(0).await.unwrap().claim(&ticket, owner, ClaimTime::of(now(), None)).unwrap();
        assert!(self.table.replace_leases(0, &leases).await.unwrap());
    }

    async fn put(&self, rows: &[PendingRow]) {
        self.table.resend(rows).await.unwrap();
    }

    async fn counts(&self) -> Counts {
        let mut sum = Counts::default();
        self.table.lines(day()).await.unwrap().iter().for_each(|line| sum += line.counts);
        sum
    }

    async fn pending(&self) -> Vec<PendingRow> {
        let all = Ticket { shard: 0, from: "0".to_owned(), to: "9".to_owned() };
        self.outbox.rows(&all).await.unwrap()
    }
}

fn settlement(owner: &str, items: Vec<SettledRow>) -> Settlement {
    Settlement { shard: 0, owner: owner.to_owned(), at: now(), items }
}

fn accepted(rows: &[PendingRow]) -> Vec<SettledRow> {
    rows.iter().map(|row| SettledRow::new(row.clone(), ReportVerdict::Accepted)).collect()
}

#[tokio::test]
async fn t51_a_batch_is_archived_counted_and_noted_at_once() {
    let tables = tables().await;
    tables.claim("one", "0", "9").await;
    let mut items = accepted(&[report(1), report(2)]);
    items.push(SettledRow::new(report(3), ReportVerdict::Discarded("Unlisted endpoint: é".to_owned())));
    let parts = tables.table.settle(&settlement("one", items.clone())).await.unwrap().unwrap();
    assert_eq!(tables.table.leases(0).await.unwrap().claims[0].parts, parts);
    let part = tables.table.part(&parts[0]).await.unwrap().unwrap();
    assert_eq!((part.items, part.at), (items, now()));
    let lines = tables.table.lines(day()).await.unwrap();
    assert_eq!(
        (lines.len(), &lines[0].key, lines[0].first, lines[0].last),
        (1, &line(), Some(now()), Some(now()))
    );
    let counts = lines[0].counts;
    assert_eq!((counts.sent, counts.accepted, counts.discarded), (3, 2, 1));
}

#[tokio::test]
async fn t51_without_its_claim_a_batch_leaves_no_trace() {
    let tables = tables().await;
    tables.claim("one", "0", "9").await;
    let leases = tables.table.leases(0).await.unwrap().without("one").unwrap();
    assert!(tables.table.replace_leases(0, &leases).await.unwrap());
    let settled = tables.table.settle(&settlement("one", accepted(&[report(1)]))).await.unwrap();
    assert_eq!(settled, None);
    assert_eq!(tables.counts().await, Counts::default());
    assert!(tables.table.archive(day(), None).await.unwrap().found.is_empty());
}

#[tokio::test]
async fn t51_a_settlement_whose_reply_was_lost_is_counted_once() {
    for lost in 0..4 {
        let tables = tables().await;
        tables.claim("one", "0", "9").await;
        let through =
            PcmTable::new(&tables.database.losing(move |exchange| exchange == lost).await, "pcm", "outbox");
        let settled = through.settle(&settlement("one", accepted(&[report(1), report(2)]))).await;
        assert!(matches!(settled, Ok(Some(_))), "{lost}: {settled:?}");
        assert_eq!(
            (tables.counts().await.accepted, tables.table.leases(0).await.unwrap().claims.len()),
            (2, 1)
        );
    }
}

#[tokio::test]
async fn t11_workers_of_one_shard_settle_side_by_side() {
    let tables = tables().await;
    let rows_of = |worker: usize| (worker * 10..worker * 10 + 10).map(report).collect::<Vec<_>>();
    for worker in 0..8_usize {
        let rows = rows_of(worker);
        tables.claim(&format!("worker-{worker}"), &rows[0].sort_key, &rows[9].sort_key).await;
    }
    let mut work = tokio::task::JoinSet::new();
    for worker in 0..8_usize {
        let (owner, rows, table) = (format!("worker-{worker}"), rows_of(worker), tables.table.clone());
        work.spawn(async move {
            // As the worker does: what could not be written is written at the next delivery.
            loop {
                if let Ok(settled) = table.settle(&settlement(&owner, accepted(&rows))).await {
                    return settled.unwrap().len();
                }
            }
        });
    }
    assert_eq!(work.join_all().await.into_iter().sum::<usize>(), 8);
    assert_eq!(tables.counts().await.accepted, 80);
}

#[tokio::test]
async fn rows_that_came_back_after_they_were_accepted_are_repeats() {
    let tables = tables().await;
    tables.claim("one", "0", "9").await;
    let once = tables.table.settle(&settlement("one", accepted(&[report(1)]))).await.unwrap().unwrap();
    let again = tables.table.settle(&settlement("one", accepted(&[report(1)]))).await.unwrap().unwrap();
    assert_ne!(once, again);
    let counts = tables.counts().await;
    assert_eq!((counts.sent, counts.accepted, counts.repeated), (2, 1, 1));
    assert!(tables.table.part(&again[0]).await.unwrap().unwrap().items[0].row.repeat);
}

#[tokio::test]
async fn a_batch_is_cut_by_day_and_by_what_an_item_holds() {
    let tables = tables().await;
    tables.claim("one", "0", "9").await;
    let mut rows = (0..20).map(report).collect::<Vec<_>>();
    let mut seed = 1_u64;
    for row in &mut rows {
        // Texts that do not get smaller: 60 KB each.
        let noise = (0..60_000).map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(b'a' + u8::try_from((seed >> 40) % 26).unwrap())
        });
        row.body = format!(r#"{{"endpoint":"/token","noise":"{}"}}"#, noise.collect::<String>());
    }
    let yesterday = PendingRow { sort_key: "2026-02-28T12:00:00.000Z#a".to_owned(), ..report(1) };
    rows.insert(0, yesterday);
    let parts = tables.table.settle(&settlement("one", accepted(&rows))).await.unwrap().unwrap();
    assert!(parts.len() > 2, "{}", parts.len());
    assert_eq!(parts.iter().filter(|part| part.day == "2026-02-28").count(), 1);
    let mut found = Vec::new();
    for part in &parts {
        found.extend(tables.table.part(part).await.unwrap().unwrap().items);
    }
    found.sort_by(|one, other| one.row.sort_key.cmp(&other.row.sort_key));
    assert_eq!(found, accepted(&rows));
    assert_eq!(tables.counts().await.accepted, 20);
}

#[tokio::test]
async fn the_archive_of_a_day_is_read_in_stretches() {
    let tables = tables().await;
    tables.claim("one", "0", "9").await;
    for number in 0..7 {
        tables.table.settle(&settlement("one", accepted(&[report(number)]))).await.unwrap().unwrap();
    }
    let all = tables.table.archive(day(), None).await.unwrap();
    assert_eq!((all.found.len(), all.next), (7, None));
    let rest = tables.table.archive(day(), Some(&all.found[4].key.key)).await.unwrap();
    assert_eq!(rest.found, all.found[5..]);
}

#[tokio::test]
async fn a_row_is_parked_once_and_comes_back_as_another_attempt() {
    let tables = tables().await;
    let rows = [report(1), report(2)];
    tables.put(&rows).await;
    assert!(tables.table.park(0, &rows[0], &"é".repeat(600), now()).await.unwrap());
    assert!(!tables.table.park(0, &rows[0], "again", now()).await.unwrap());
    assert_eq!((tables.pending().await.len(), tables.counts().await.parked), (1, 1));
    let parked = tables.table.parked(None, None, 10).await.unwrap().found;
    assert_eq!((&parked[0].row, parked[0].reason.chars().count(), parked[0].at), (&rows[0], REASON, now()));
    assert!(tables.table.unpark(&parked[0], &rows[0].again(), now()).await.unwrap());
    assert!(!tables.table.unpark(&parked[0], &rows[0].again(), now()).await.unwrap());
    assert_eq!(tables.counts().await.parked, 0);
    assert_eq!(tables.pending().await, [rows[0].again(), rows[1].clone()]);
}

#[tokio::test]
async fn parked_rows_are_listed_by_day_and_in_stretches() {
    let tables = tables().await;
    let mut rows = (0..5).map(report).collect::<Vec<_>>();
    rows.push(PendingRow { sort_key: "2026-02-27T12:00:00.000Z#a".to_owned(), ..report(1) });
    tables.put(&rows).await;
    for row in &rows {
        assert!(tables.table.park(0, row, "reason", now()).await.unwrap());
    }
    let keys =
        |found: &[ParkedRow]| found.iter().map(|parked| parked.row.sort_key.clone()).collect::<Vec<_>>();
    let all = tables.table.parked(None, None, 10).await.unwrap();
    assert_eq!((all.found.len(), all.next), (6, None));
    let first = tables.table.parked(Some(day()), None, 2).await.unwrap();
    assert_eq!(keys(&first.found), [rows[0].sort_key.clone(), rows[1].sort_key.clone()]);
    let second = tables.table.parked(Some(day()), first.next.as_deref(), 2).await.unwrap();
    assert_eq!(keys(&second.found), [rows[2].sort_key.clone(), rows[3].sort_key.clone()]);
    let last = tables.table.parked(Some(day()), second.next.as_deref(), 2).await.unwrap();
    assert_eq!((keys(&last.found), last.next), (vec![rows[4].sort_key.clone()], None));
}

#[tokio::test]
async fn a_row_is_mended_in_place_and_once() {
    let tables = tables().await;
    let row = report(1);
    tables.put(std::slice::from_ref(&row)).await;
    let mended = PendingRow { body: r#"{"mended":1}"#.to_owned(), repairs: 1, ..row.again() };
    assert!(tables.table.mend(0, &row, &mended).await.unwrap());
    assert_eq!(tables.pending().await, std::slice::from_ref(&mended));
    assert!(!tables.table.mend(0, &row, &mended).await.unwrap());
    tables.outbox.done(0, std::slice::from_ref(&mended.sort_key)).await.unwrap();
    assert!(!tables.table.mend(0, &row, &mended).await.unwrap(), "what was sent does not come back");
    assert!(tables.pending().await.is_empty());
}

#[tokio::test]
async fn rows_of_a_time_with_other_shards_are_mended_and_parked_where_they_lie() {
    let tables = tables().await;
    let keys = &tables.database.dynamo.keys;
    for (number, shard) in [(1, 1), (2, 2)] {
        let row = report(number);
        let attributes = [("path", s(&row.path)), ("body", s(&row.body))];
        let elsewhere = item(key(keys.outbox(shard), &row.sort_key), attributes);
        tables.database.dynamo.put("test", "outbox", elsewhere).await.unwrap();
    }
    let lies = |shard| Ticket { shard, from: " ".to_owned(), to: "~".to_owned() };
    let row = report(1);
    assert!(
        !tables.table.park(0, &row, "reason", now()).await.unwrap(),
        "it does not lie where its key says"
    );
    assert!(tables.table.park(1, &row, "reason", now()).await.unwrap());
    assert!(tables.outbox.rows(&lies(1)).await.unwrap().is_empty());
    assert_eq!(tables.table.parked(None, None, 10).await.unwrap().found[0].row, row);
    let (row, mended) = (report(2), report(2).again());
    assert!(tables.table.mend(2, &row, &mended).await.unwrap());
    assert!(tables.outbox.rows(&lies(2)).await.unwrap().is_empty());
    assert_eq!(tables.pending().await, [mended], "the next attempt lies where today's shards put it");
}

#[tokio::test]
async fn repeats_are_not_counted_as_waiting() {
    let tables = tables().await;
    tables.put(&[report(1), report(2).resent(now())]).await;
    assert_eq!(
        tables.outbox.waiting(day()).await.unwrap(),
        WaitingReports { pending: 1, held: 0, repeats: 1 }
    );
    assert_eq!(tables.pending().await[1], report(2).resent(now()));
}

#[tokio::test]
async fn lines_are_corrected_by_their_difference() {
    let tables = tables().await;
    tables.claim("one", "0", "9").await;
    tables.table.settle(&settlement("one", accepted(&[report(1), report(2)]))).await.unwrap();
    let was = tables.counts().await;
    let is = Counts { accepted: 1, parked: 3, ..was };
    // A batch that is settled in between stays counted.
    tables.table.settle(&settlement("one", accepted(&[report(3)]))).await.unwrap();
    tables.table.correct(&[(line(), was, is)], now(), &order("correction")).await.unwrap();
    let counts = tables.counts().await;
    assert_eq!((counts.sent, counts.accepted, counts.parked), (3, 2, 3));
}

/// The trail of an operator's order.
fn order(id: &str) -> Trail {
    let by = OperatorIdentity::stated("ana").unwrap();
    let action = OperatorAction {
        by: Some(by),
        reason: OperatorReason::parse("why").ok(),
        ..OperatorAction::default()
    };
    let entry = AuditEntry {
        at: now(),
        actor: Actor::Operator,
        subject: "pcm:2026-03-01".to_owned(),
        action: "pcm.day_rebuilt",
        before: None,
        after: "CORRECTED",
        reason: None,
        interaction: None,
        operator: None,
    };
    Trail::new(id.to_owned()).audited([OperatorOrder::of(&action).unwrap().signed(entry)])
}

#[tokio::test]
async fn t47_what_an_operator_orders_is_written_with_its_audit_row_or_not_at_all() {
    let tables = tables().await;
    let (was, is) = (Counts::default(), Counts { parked: 1, ..Counts::default() });
    let audit = async || tables.database.count("audit").await;
    tables.table.correct(&[(line(), was, is)], now(), &order("1")).await.unwrap();
    tables.table.resend_one(&report(1), &order("2")).await.unwrap();
    tables.table.order(&order("3")).await.unwrap();
    tables.table.correct(&[], now(), &order("4")).await.unwrap();
    assert_eq!((audit().await, tables.pending().await.len(), tables.counts().await.parked), (4, 1, 1));
    let history = crate::AuditTable::new(&tables.database.dynamo, "audit");
    let page = ponte_ports::History::of(&history, "pcm:2026-03-01", None, 10).await.unwrap();
    for row in &page.entries {
        let action = row.operator.as_ref().unwrap();
        let by = action.by.as_ref().unwrap();
        assert_eq!((by.name.as_str(), by.proven), ("ana", false));
        assert_eq!(action.reason.as_ref().map(OperatorReason::as_str), Some("why"));
    }
    assert_eq!(page.entries.len(), 4);
    let unaudited = PcmTable::new(&tables.database.dynamo, "pcm", "outbox");
    assert!(unaudited.correct(&[(line(), was, is)], now(), &order("5")).await.is_err());
    assert!(unaudited.resend_one(&report(2), &order("6")).await.is_err());
    assert_eq!((tables.pending().await.len(), tables.counts().await.parked), (1, 1));
}

#[tokio::test]
async fn a_marker_lets_one_row_in() {
    let tables = tables().await;
    let row = |id: &str| OutboxRow {
        id: id.to_owned(),
        at: now(),
        path: "/report-api/v2/hybrid-flow/server/authenticated",
        body: "{}".to_owned(),
    };
    assert!(tables.table.add_once(&row("a"), "urn:banco:1|Authenticated|1").await.unwrap());
    assert!(!tables.table.add_once(&row("a"), "urn:banco:1|Authenticated|1").await.unwrap());
    assert!(tables.table.add_once(&row("b"), "urn:banco:1|Authenticated|2").await.unwrap());
    assert_eq!(tables.outbox.waiting(day()).await.unwrap().pending, 2);
    tables.outbox.add(&row("c")).await.unwrap();
}

#[tokio::test]
async fn t64_a_lost_row_is_stored_once_and_found_wherever_it_went() {
    let tables = tables().await;
    let row = report(1);
    assert!(!tables.outbox.has(&row.sort_key).await.unwrap());
    assert!(tables.table.restore(&row, None, now()).await.unwrap());
    assert!(!tables.table.restore(&row, None, now()).await.unwrap(), "it is pending");
    assert!(tables.outbox.has(&row.sort_key).await.unwrap());
    assert!(!tables.outbox.has(&report(2).sort_key).await.unwrap());
    let pending = tables.pending().await;
    assert_eq!(pending, std::slice::from_ref(&row));
    tables.outbox.done(0, std::slice::from_ref(&row.sort_key)).await.unwrap();
    assert!(!tables.table.restore(&row, None, now()).await.unwrap(), "it was restored before");
    // One that waits for a fact: it does not go out, and it is where it would have been.
    let (held, consent) = (report(6), ConsentId::parse("urn:banco:1").unwrap());
    let later = now().plus(Duration::from_hours(1));
    assert!(tables.table.restore(&held, Some(&consent), later).await.unwrap());
    assert!(!tables.table.restore(&held, Some(&consent), later).await.unwrap());
    assert!(tables.outbox.has(&held.sort_key).await.unwrap() && tables.pending().await.is_empty());
    let waiting = tables.outbox.held(shard_of_key(&held.sort_key), 9).await.unwrap();
    let found = waiting.iter().map(|row| (&row.sort_key, &row.path, &row.body, &row.consent));
    assert_eq!(found.collect::<Vec<_>>(), [(&held.sort_key, &held.path, &held.body, &consent)]);
    assert_eq!(waiting[0].waits_since(), Some(later), "it waits from now on, however long ago its call was");
    // One that was stored in the first place.
    tables.put(&[report(3)]).await;
    assert!(!tables.table.restore(&report(3), None, now()).await.unwrap());
    // Another attempt of a row is the row.
    tables.put(&[report(4).again()]).await;
    assert!(tables.outbox.has(&report(4).sort_key).await.unwrap());
}

#[tokio::test]
async fn t64_the_archive_tells_which_rows_of_a_day_it_has() {
    let tables = tables().await;
    tables.claim("one", "0", "9").await;
    let again = report(5).again();
    let items = accepted(&[report(1), report(2), report(4), again]);
    tables.table.settle(&settlement("one", items)).await.unwrap().unwrap();
    let keys = [1, 2, 3, 5, 6].map(|number| report(number).sort_key);
    let found = tables.table.archived(day(), &keys.clone().into()).await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [&keys[0], &keys[1], &keys[3]].map(String::clone));
    assert!(tables.table.archived(day().plus_days(1), &keys.into()).await.unwrap().is_empty());
    let beside = [report(9).sort_key].into();
    assert!(tables.table.archived(day(), &beside).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_check_is_kept_with_its_day() {
    let tables = tables().await;
    assert_eq!(tables.table.check(day()).await.unwrap(), None);
    let check = Check { at: now(), complete: true, sampled: BTreeMap::default(), examples: Vec::new() };
    tables.table.keep_check(day(), &check).await.unwrap();
    assert_eq!(tables.table.check(day()).await.unwrap(), Some(check));
    assert!(tables.table.lines(day()).await.unwrap().is_empty(), "it is no line");
}

#[tokio::test]
async fn t52_a_turn_is_one_environments_and_ends_with_the_token() {
    let tables = tables().await;
    a_turn_is_one_environments_and_ends_with_the_token(&tables.table, now()).await;
    // The token lies in the table alone, never in a key.
    let stored = tables.database.item("pcm", "I#banco#PCM#TOKEN", "META").await.unwrap();
    assert_eq!(text(&stored, "secret"), Some("t"));
}
