//! Queries that read page after page up to a limit: DynamoDB answers at most 1 MB at a time.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use ponte_ports::PortError;

use crate::item::Item;
use ponte_cloud::failure;

/// Reads until there are `limit` items or no more.
pub(crate) async fn read(
    what: &'static str,
    query: QueryFluentBuilder,
    limit: usize,
) -> Result<Vec<Item>, PortError> {
    let mut items = Vec::new();
    let mut start = query.get_exclusive_start_key().clone();
    loop {
        let rest = i32::try_from(limit.saturating_sub(items.len())).unwrap_or(i32::MAX);
        let page = query.clone().limit(rest).set_exclusive_start_key(start);
        let page = page.send().await.map_err(|error| failure::aws(what, &error))?;
        items.extend(page.items.unwrap_or_default());
        start = page.last_evaluated_key;
        if start.is_none() || items.len() >= limit {
            return Ok(items);
        }
    }
}
