//! The audit rows of one subject, read through the index by subject; nothing else of the table can be read here.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_ports::audit_chain::AuditPart;
use ponte_ports::{History, HistoryPage, IndexFault};
use ponte_values::Moment;

use crate::audit::SUBJECT;
use crate::body::readable;
use crate::dynamo::Dynamo;
use crate::item::{Item, item, key, s, text};
use crate::pages;

const WHAT: &str = "audit table";
const INDEX: &str = "by-subject";

/// Most rows of one answer.
const MOST: u8 = 100;

/// Rows that are read at once.
const READ: usize = 128;

/// The audit rows of an institution, for reading.
pub struct AuditTable {
    pub(crate) dynamo: Dynamo,
    pub(crate) table: String,
}

/// Marks the cursor behind a row of a release that had no shards.
const UNSHARDED: &str = "!";

/// Longest sort key that a cursor may name; ours are 63 characters and a number.
const LONGEST_PLACE: usize = 128;

impl AuditTable {
    /// The rows in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned() }
    }

    /// Where a query goes on after the row that a cursor names.
    fn start(&self, subject: &str, cursor: &str) -> Result<Item, IndexFault> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| IndexFault::Cursor)?;
        let place = String::from_utf8(bytes).map_err(|_| IndexFault::Cursor)?;
        // DynamoDB takes no key that long, and no row of ours has one.
        if place.len() > LONGEST_PLACE {
            return Err(IndexFault::Cursor);
        }
        let (unsharded, sk) = place.strip_suffix(UNSHARDED).map_or((false, place.as_str()), |sk| (true, sk));
        let partitions = self.partitions(sk).ok_or(IndexFault::Cursor)?;
        let pk = partitions[usize::from(unsharded)].clone();
        Ok(item(key(pk, sk), [(SUBJECT, s(subject))]))
    }

    /// The partitions where a commit puts a row of this sort key: today, and in a release without shards.
    fn partitions(&self, sk: &str) -> Option<[String; 2]> {
        let (time, rest) = sk.split_once('#')?;
        // The number is digits alone: what is put behind a key sorts next to it and is no row of a commit.
        let (owner, number) = rest.rsplit_once('#')?;
        if number.is_empty() || !number.bytes().all(|sign| sign.is_ascii_digit()) {
            return None;
        }
        let at = Moment::parse(time).ok().filter(|moment| moment.with_millis() == time)?;
        let unsharded = AuditPart { day: at.date_utc(), shard: None };
        Some([self.dynamo.keys.audit(at, owner), self.dynamo.keys.audit_part(unsharded)])
    }

    /// Which of the two a row lies in; `None` for one that no commit put there, which nobody is shown.
    fn partition_of(&self, row: &Item) -> Option<usize> {
        let (pk, sk) = (text(row, "pk")?, text(row, "sk")?);
        let found = self.partitions(sk).and_then(|known| known.iter().position(|partition| partition == pk));
        if found.is_none() {
            tracing::error!(audit_faults = 1, pk, sk, "an audit row where no commit writes");
        }
        found
    }

    /// The cursor behind a row.
    fn cursor(&self, row: &Item) -> Option<String> {
        let suffix = if self.partition_of(row) == Some(1) { UNSHARDED } else { "" };
        Some(URL_SAFE_NO_PAD.encode(format!("{}{suffix}", text(row, "sk")?)))
    }
}

/// Where a query of a subject goes on after this row.
fn index_key(row: &Item, subject: &str) -> Option<Item> {
    Some(item(key(text(row, "pk")?.to_owned(), text(row, "sk")?), [(SUBJECT, s(subject))]))
}

#[async_trait]
impl History for AuditTable {
    async fn of(&self, subject: &str, after: Option<&str>, limit: u8) -> Result<HistoryPage, IndexFault> {
        let subject = self.dynamo.keys.subject(subject);
        let limit = usize::from(limit.clamp(1, MOST));
        let query = |start| {
            self.dynamo
                .client
                .query()
                .table_name(&self.table)
                .index_name(INDEX)
                .scan_index_forward(false)
                .key_condition_expression("subjectpk = :subject")
                .expression_attribute_values(":subject", s(subject.as_str()))
                .set_exclusive_start_key(start)
        };
        let mut rows = Vec::new();
        let mut start = after.map(|cursor| self.start(&subject, cursor)).transpose()?;
        // One more than asked for: it says whether there is a next page. Rows that no commit wrote take no place of another.
        while rows.len() <= limit {
            let read = pages::read(WHAT, query(start), READ).await?;
            let is_whole = read.len() < READ;
            start = read.last().and_then(|last| index_key(last, &subject));
            rows.extend(read.into_iter().filter(|row| self.partition_of(row).is_some()));
            if is_whole {
                break;
            }
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).and_then(|last| self.cursor(last));
        Ok(HistoryPage { entries: readable(WHAT, &rows), next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interactions::InteractionTable;
    use crate::testing::{AUDIT_INDEX, Database, consent_table};
    use crate::trail::TrailTables;
    use ponte_authorization::ports::{InteractionChanges as _, InteractionCommit};
    use ponte_data_consent::consent::{InstitutionReason, RejectedBy};
    use ponte_data_consent::ports::Consents as _;
    use ponte_kit::examples::interaction;
    use ponte_kit::examples::{authorisation, consent_id, created, created_as, now};
    use ponte_ports::audit::Actor;
    use ponte_values::ConsentId;
    use std::time::Duration;

    const CALL: &str = "d78fc4e5-37ca-4da3-adf2-9b082bf92280";

    /// A consent that was created, authorised and revoked, and another one beside it.
    async fn stored(database: &Database) -> AuditTable {
        let table = consent_table(&database.dynamo);
        table.commit(created().commit("1".to_owned(), None)).await.unwrap();
        let other = created_as(ConsentId::parse("urn:banco:10").unwrap(), now());
        table.commit(other.commit("2".to_owned(), None)).await.unwrap();
        let consent = table.find(&consent_id()).await.unwrap().unwrap();
        let yes = consent.authorise(authorisation(), Actor::Channel("interaction".to_owned())).unwrap();
        table.commit(yes.commit("3".to_owned(), Some(CALL.to_owned()))).await.unwrap();
        let consent = table.find(&consent_id()).await.unwrap().unwrap();
        let manager = Actor::Manager("backoffice/0123456789abcdef".to_owned());
        let at = now().plus(Duration::from_hours(30));
        let end = consent.withdraw(InstitutionReason::Security, manager, at).unwrap();
        table.commit(end.commit("4".to_owned(), None)).await.unwrap();
        AuditTable::new(&database.dynamo, "audit")
    }

    #[tokio::test]
    async fn the_history_of_a_consent_is_its_own_rows_newest_first() {
        let database = Database::start().await;
        let history = stored(&database).await;
        let page = history.of("urn:banco:1", None, 100).await.unwrap();
        let actions: Vec<&str> = page.entries.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["consent.withdrawn", "consent.authorised", "consent.created"]);
        let [end, yes, start] = &page.entries[..] else { panic!("three rows") };
        assert_eq!(end.actor, Actor::Manager("backoffice/0123456789abcdef".to_owned()));
        assert_eq!((end.before.as_deref(), end.after.as_str()), (Some("AUTHORISED"), "REJECTED"));
        assert_eq!(end.reason.as_deref(), Some("INTERNAL_SECURITY_REASON"));
        assert_eq!(yes.interaction.as_deref(), Some(CALL));
        assert_eq!((start.before.as_deref(), start.at), (None, now()));
        assert_eq!(history.of("urn:banco:10", None, 100).await.unwrap().entries.len(), 1);
        assert!(history.of("urn:banco:2", None, 100).await.unwrap().entries.is_empty());
    }

    #[tokio::test]
    async fn a_long_history_goes_on_at_its_cursor_over_the_days() {
        let database = Database::start().await;
        let history = stored(&database).await;
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = history.of("urn:banco:1", cursor.as_deref(), 1).await.unwrap();
            seen.extend(page.entries.into_iter().map(|entry| entry.action));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["consent.withdrawn", "consent.authorised", "consent.created"]);
    }

    /// Rows that no commit wrote sort before all others, in number above what is read at once.
    #[tokio::test]
    async fn t48_rows_that_no_commit_wrote_neither_show_nor_take_the_place_of_others() {
        let database = Database::start().await;
        let history = stored(&database).await;
        let of_one =
            |row: &&Item| text(row, SUBJECT).is_some_and(|subject| subject.ends_with("#urn:banco:1"));
        let row = database.items("audit").await.iter().find(of_one).unwrap().clone();
        let forged = (0..=READ).map(|number| {
            let place = [("pk", s(format!("junk{number}"))), ("sk", s(format!("9{number}#x#0\u{0}")))];
            item(row.clone(), place)
        });
        crate::batch::put(&database.dynamo, WHAT, "audit", forged).await.unwrap();
        let page = history.of("urn:banco:1", None, 2).await.unwrap();
        let next = page.next.unwrap();
        let rest = history.of("urn:banco:1", Some(&next), 2).await.unwrap();
        assert_eq!((page.entries.len(), rest.entries.len(), rest.next), (2, 1, None));
    }

    #[tokio::test]
    async fn a_cursor_that_was_not_given_out_is_a_fault() {
        let database = Database::start().await;
        let history = stored(&database).await;
        let made_up = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let wrong = [
            String::new(),
            "x y".to_owned(),
            made_up("yesterday#1#0"),
            made_up("2026-03-01T12:00:00Z#1#0"),
            made_up("2026-03-01T12:00:00.250Z"),
            made_up(&format!("2026-03-01T12:00:00.250Z#{}", "1".repeat(1_100))),
            URL_SAFE_NO_PAD.encode([0xff, 0xfe]),
        ];
        for cursor in wrong {
            let page = history.of("urn:banco:1", Some(&cursor), 10).await;
            assert!(matches!(page, Err(IndexFault::Cursor)), "{cursor}");
        }
    }

    #[tokio::test]
    async fn rows_without_a_consent_behind_them_are_found_as_well() {
        let database = Database::start().await;
        let history = stored(&database).await;
        let revoked = created().consent.revoke(RejectedBy::User, Actor::Operator, now()).unwrap();
        let mut trail = revoked.commit("5".to_owned(), None).trail;
        trail.audit[0].subject = "0123456789abcdef".to_owned();
        let tables = TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() };
        let interactions = InteractionTable::committing(&database.dynamo, "interactions", tables);
        interactions.commit(InteractionCommit { interaction: interaction("n-1"), trail }).await.unwrap();
        let page = history.of("0123456789abcdef", None, 10).await.unwrap();
        assert_eq!(page.entries[0].actor, Actor::Operator);
    }

    #[test]
    fn the_index_of_these_tests_is_that_of_the_template() {
        let template = include_str!("../../../infra/template.yaml");
        let template = template.split_whitespace().collect::<Vec<_>>().join(" ");
        let (name, pk, sk) = AUDIT_INDEX;
        let index = format!(
            "- IndexName: {name} KeySchema: - AttributeName: {pk} KeyType: HASH \
             - AttributeName: {sk} KeyType: RANGE Projection: ProjectionType: ALL"
        );
        assert!(template.contains(&index), "{name}");
        assert_eq!((name, pk), (INDEX, SUBJECT));
    }
}
