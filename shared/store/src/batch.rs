//! Many writes without conditions, 25 at a time (`BatchWriteItem`), and many reads at once (`BatchGetItem`).

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};
use ponte_ports::PortError;

use crate::dynamo::Dynamo;
use crate::item::{Item, key, text};
use crate::keys::META;
use crate::pause;
use ponte_cloud::failure;

/// Most writes of one `BatchWriteItem`.
const BATCH: usize = 25;

/// Most keys of one `BatchGetItem`.
pub(crate) const READS: u8 = 100;

/// Reads the items of at most [`READS`] partitions that hold one each, strongly consistent, by their partition. One that is not there is
/// left out; what the table did not come to is asked for again.
pub(crate) async fn get(
    dynamo: &Dynamo,
    what: &'static str,
    table: &str,
    partitions: impl Iterator<Item = String>,
) -> Result<HashMap<String, Item>, PortError> {
    // The table refuses a call that asks for one twice.
    let partitions: BTreeSet<String> = partitions.collect();
    let mut wanted: Vec<Item> = partitions.into_iter().map(|pk| key(pk, META)).collect();
    let mut found = HashMap::new();
    for next in 2..=pause::TRIES + 1 {
        if wanted.is_empty() {
            return Ok(found);
        }
        let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
        let keys = keys.map_err(|error| PortError::new(what, error))?;
        let request = dynamo.client.batch_get_item().request_items(table, keys);
        let answer = request.send().await.map_err(|error| failure::aws(what, &error))?;
        let items = answer.responses.and_then(|mut tables| tables.remove(table));
        for stored in items.unwrap_or_default() {
            if let Some(pk) = text(&stored, "pk") {
                found.insert(pk.to_owned(), stored);
            }
        }
        let left = answer.unprocessed_keys.and_then(|mut tables| tables.remove(table));
        wanted = left.map(|left| left.keys).unwrap_or_default();
        if wanted.is_empty() {
            return Ok(found);
        }
        pause::before(next).await;
    }
    Err(PortError::overloaded(what, "reads left unprocessed at every try"))
}

/// Deletes items; one that is not there is deleted already.
pub(crate) async fn delete(
    dynamo: &Dynamo,
    what: &'static str,
    table: &str,
    keys: impl Iterator<Item = Item>,
) -> Result<(), PortError> {
    let requests = keys.map(|key| {
        let delete = DeleteRequest::builder().set_key(Some(key)).build();
        delete.map(|delete| WriteRequest::builder().delete_request(delete).build())
    });
    let requests = requests.collect::<Result<Vec<_>, _>>().map_err(|error| PortError::new(what, error))?;
    write(dynamo, what, table, &requests).await
}

/// Puts items over whatever is there.
pub(crate) async fn put(
    dynamo: &Dynamo,
    what: &'static str,
    table: &str,
    items: impl Iterator<Item = Item>,
) -> Result<(), PortError> {
    let requests = items.map(|item| {
        let put = PutRequest::builder().set_item(Some(item)).build();
        put.map(|put| WriteRequest::builder().put_request(put).build())
    });
    let requests = requests.collect::<Result<Vec<_>, _>>().map_err(|error| PortError::new(what, error))?;
    write(dynamo, what, table, &requests).await
}

async fn write(
    dynamo: &Dynamo,
    what: &'static str,
    table: &str,
    requests: &[WriteRequest],
) -> Result<(), PortError> {
    for chunk in requests.chunks(BATCH) {
        one(dynamo, what, table, chunk.to_vec()).await?;
    }
    Ok(())
}

async fn one(
    dynamo: &Dynamo,
    what: &'static str,
    table: &str,
    mut requests: Vec<WriteRequest>,
) -> Result<(), PortError> {
    for next in 2..=pause::TRIES + 1 {
        let tables = HashMap::from([(table.to_owned(), requests)]);
        let sent = dynamo.client.batch_write_item().set_request_items(Some(tables));
        let answer = sent.send().await.map_err(|error| failure::aws(what, &error))?;
        requests = answer.unprocessed_items.and_then(|mut left| left.remove(table)).unwrap_or_default();
        if requests.is_empty() {
            return Ok(());
        }
        pause::before(next).await;
    }
    Err(PortError::overloaded(what, "writes left unprocessed at every try"))
}
