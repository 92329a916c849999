//! The saved rows in an embedded DynamoDB, and which kind of the table in `lib.rs` each is of.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;

use crate::item::{Item, text};
use crate::testing::Database;

/// Table and rows. Those of a kind that came later lie in a folder named after what they came with.
macro_rules! tables {
    ($($folder:literal: $($table:literal),*;)*) => {
        [$($(($table, include_str!(concat!("../../fixtures/", $folder, "/", $table, ".json")))),*),*]
    };
}
const TABLES: [(&str, &str); 24] = tables! {
    "edbdbb7": "consents", "interactions", "grants", "clients", "outbox", "pcm", "audit", "api-keys";
    "block-list": "clients", "grants", "block-list", "outbox";
    "block-list-by-end": "block-list", "grants";
    "bab0af4": "layer";
    "audit-seals": "seals";
    "audit-nights": "seals";
    "revocation": "certificates";
    "operations": "operations";
    "quality": "quality";
    "discovered": "resources";
    "limits": "limits";
    "payments": "payments", "payment-consents";
};

/// A kind of row: a line of the table in `lib.rs`.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// Patterns of the partition key, apart by commas.
    pk: &'static str,
    sk: &'static str,
}

impl Kind {
    /// The lines of the table.
    pub(super) fn all() -> Vec<Self> {
        let lines = include_str!("../lib.rs").lines().filter_map(|line| line.strip_prefix("//! | "));
        // Two lines of heading; the second has no blank after its first bar.
        let kinds = lines.skip(1).map(|line| {
            let cells = line.trim_end_matches(" |").split(" | ").collect::<Vec<_>>();
            let [name, pk, sk] = cells[..] else { panic!("{line}") };
            Self { name, pk, sk }
        });
        kinds.collect()
    }

    /// The kind of an item. Where two fit, the one that says more of the key is meant: `OUT#LEASE` is no shard.
    fn of(item: &Item) -> Option<&'static str> {
        let kinds = Self::all();
        let fitting = kinds.iter().filter_map(|kind| Some((kind.spells(item)?, kind.name)));
        fitting.max().map(|(_, name)| name)
    }

    /// How much of the keys of an item this kind spells out; none if the item is not of it.
    fn spells(self, item: &Item) -> Option<usize> {
        let sk = if self.sk.starts_with('`') { self.sk.trim_matches('`') } else { "<any>" };
        let pk = self.pk.split(", ").map(|pk| pk.trim_matches('`').replace("#inst#", "#banco#"));
        let fitting = pk.filter(|pk| fits(pk, text(item, "pk").unwrap())).map(|pk| spelt(&pk)).max()?;
        fits(sk, text(item, "sk").unwrap()).then(|| fitting + spelt(sk))
    }
}

/// Whether a text is what a pattern says, in which `<..>` stands for something.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((spelt, rest)) = pattern.split_once('<') else { return text == pattern };
    let Some(text) = text.strip_prefix(spelt) else { return false };
    let (_, rest) = rest.split_once('>').unwrap();
    (1..=text.len()).filter_map(|end| text.get(end..)).any(|text| fits(rest, text))
}

/// Characters of a pattern outside `<..>`.
fn spelt(pattern: &str) -> usize {
    pattern.split('<').map(|part| part.split_once('>').map_or(part, |(_, spelt)| spelt).len()).sum()
}

/// The saved rows, and the database they were loaded into.
pub(super) struct Saved {
    pub(super) database: Database,
    rows: Vec<(Option<&'static str>, Item)>,
}

impl Saved {
    /// Loads them as they are.
    pub(super) async fn open() -> Self {
        let database = Database::start().await;
        let mut rows = Vec::new();
        for (table, json) in TABLES {
            for row in serde_json::from_str::<Vec<Value>>(json).unwrap() {
                let item = item_of(&row);
                let put = database.client.put_item().table_name(table).set_item(Some(item.clone()));
                put.send().await.unwrap();
                rows.push((Kind::of(&item), item));
            }
        }
        Self { database, rows }
    }

    /// All rows.
    pub(super) fn all(&self) -> Vec<&Item> {
        self.rows.iter().map(|(_, item)| item).collect()
    }

    /// The rows of a kind, by key.
    pub(super) fn of(&self, kind: &str) -> Vec<&Item> {
        self.rows.iter().filter(|(of, _)| *of == Some(kind)).map(|(_, item)| item).collect()
    }

    /// The kinds that are there.
    pub(super) fn kinds(&self) -> BTreeSet<&'static str> {
        self.rows.iter().filter_map(|(of, _)| *of).collect()
    }

    /// The row of a kind whose key has this in it.
    pub(super) fn row(&self, kind: &str, part: &str) -> &Item {
        let named = |name: &str, item: &Item| text(item, name).is_some_and(|key| key.ends_with(part));
        let mut found = self.of(kind).into_iter().filter(|item| named("pk", item) || named("sk", item));
        let row = found.next().unwrap_or_else(|| panic!("no saved {kind} {part}"));
        assert!(found.next().is_none(), "several of the kind {kind} {part}");
        row
    }

    /// Holds what was read of a row against the row: every member of the stored body is still there.
    pub(super) fn kept<T: Serialize>(&self, kind: &str, part: &str, read: &T) {
        kept(&body(self.row(kind, part)), &value(read), &format!("{kind} {part}"));
    }

    /// A row after a change of today: every attribute it had is there, but for those that the change takes away, and
    /// every member of its body.
    pub(super) async fn rewritten(&self, table: &str, before: &Item, without: &[&str]) -> Item {
        let (pk, sk) = (text(before, "pk").unwrap(), text(before, "sk").unwrap());
        let after = self.database.item(table, pk, sk).await.unwrap();
        for name in before.keys().filter(|name| !without.contains(&name.as_str())) {
            assert!(after.contains_key(name), "{table} {pk} {sk} lost {name}");
        }
        after
    }
}

impl Saved {
    /// The kinds of the rows that were not saved. Each is of a kind of the table, and has the attributes and the members
    /// of a saved one of that kind, if not more.
    pub(super) async fn written_since(&self) -> BTreeSet<&'static str> {
        let key = |item: &Item| (text(item, "pk").unwrap().to_owned(), text(item, "sk").unwrap().to_owned());
        let saved = self.all().into_iter().map(key).collect::<BTreeSet<_>>();
        let mut written = BTreeSet::new();
        for table in TABLES.map(|(table, _)| table).into_iter().collect::<BTreeSet<_>>() {
            let items = self.database.items(table).await;
            for item in items.iter().filter(|item| !saved.contains(&key(item))) {
                let kind = Kind::of(item).unwrap_or_else(|| panic!("of no kind: {:?}", key(item)));
                assert!(self.of(kind).iter().any(|saved| has_all_of(item, saved)), "{kind}: {item:?}");
                written.insert(kind);
            }
        }
        written
    }
}

/// Whether a row has every attribute of a saved one, and its body every member.
fn has_all_of(item: &Item, saved: &Item) -> bool {
    let members = |item: &Item| match text(item, "body").map(serde_json::from_str) {
        Some(Ok(Value::Object(members))) => members,
        _ => serde_json::Map::new(),
    };
    let ours = members(item);
    saved.keys().all(|name| item.contains_key(name))
        && members(saved).keys().all(|name| ours.contains_key(name))
}

/// The thing of a row, as JSON.
pub(super) fn body(item: &Item) -> Value {
    serde_json::from_str(text(item, "body").unwrap()).unwrap()
}

/// A thing as JSON, also one that holds JSON as it came.
pub(super) fn value<T: Serialize>(thing: &T) -> Value {
    serde_json::from_str(&serde_json::to_string(thing).unwrap()).unwrap()
}

/// Every member of `stored` is in `read` with its value; more may be.
pub(super) fn kept(stored: &Value, read: &Value, place: &str) {
    match (stored, read) {
        (Value::Object(stored), Value::Object(read)) => {
            for (name, member) in stored {
                let place = format!("{place}.{name}");
                kept(member, read.get(name).unwrap_or_else(|| panic!("{place} is gone")), &place);
            }
        }
        (Value::Array(stored), Value::Array(read)) if stored.len() == read.len() => {
            for (number, (stored, read)) in stored.iter().zip(read).enumerate() {
                kept(stored, read, &format!("{place}[{number}]"));
            }
        }
        _ => assert_eq!(stored, read, "{place}"),
    }
}

/// An item of DynamoDB JSON.
fn item_of(row: &Value) -> Item {
    let attributes = row.as_object().unwrap().iter();
    attributes.map(|(name, value)| (name.clone(), attribute(value))).collect()
}

fn attribute(value: &Value) -> AttributeValue {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    let text = || value.as_str().unwrap().to_owned();
    match kind.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "BOOL" => AttributeValue::Bool(value.as_bool().unwrap()),
        "B" => AttributeValue::B(Blob::new(STANDARD.decode(text()).unwrap())),
        _ => panic!("{kind}"),
    }
}
