//! The consents of some clients, found by reading all: parts of the table, a page at a time (T60).

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use ponte_data_consent::ports::{ConsentScan, ScannedPage};
use ponte_data_consent::removal::{Place, SEGMENTS};
use ponte_ports::PortError;
use ponte_values::{ClientId, TargetKind};

use super::table::{ConsentTable, WHAT};
use crate::item::{Item, key, names, s, text};
use crate::keys::META;
use ponte_cloud::failure;

/// The consents of ours that were not rejected at their last change. Those that time ended since are among them.
const ALIVE: &str = "sk = :meta AND begins_with(pk, :own) AND #status <> :rejected";

impl ConsentTable {
    /// Whether the body of a consent names one of the clients. It is ours, so it has no blanks; whoever reads the consent
    /// sees whose it is.
    fn condition(clients: &[&ClientId]) -> (String, Vec<(String, AttributeValue)>) {
        let (mut words, mut values) = (Vec::new(), Vec::new());
        for (number, client) in clients.iter().enumerate() {
            words.push(format!("contains(body, :client{number})"));
            values.push((format!(":client{number}"), s(format!(r#""client":"{client}""#))));
        }
        (format!("{ALIVE} AND ({})", words.join(" OR ")), values)
    }
}

/// Where a page ended, as a cursor.
fn cursor(last: &Item) -> Option<String> {
    Some(format!("{} {}", text(last, "pk")?, text(last, "sk")?))
}

fn start(cursor: &str) -> Result<Item, PortError> {
    let place = cursor.split_once(' ').ok_or_else(|| PortError::new(WHAT, "not a cursor of a scan"))?;
    Ok(key(place.0.to_owned(), place.1))
}

#[async_trait]
impl ConsentScan for ConsentTable {
    async fn of_clients(&self, clients: &[&ClientId], place: &Place) -> Result<ScannedPage, PortError> {
        if clients.is_empty() {
            return Ok(ScannedPage::default());
        }
        let broken = |error| PortError::new(WHAT, error);
        let (condition, values) = Self::condition(clients);
        let mut scan = self
            .dynamo
            .client
            .scan()
            .table_name(&self.table)
            .segment(i32::try_from(place.segment).map_err(broken)?)
            .total_segments(i32::try_from(SEGMENTS).map_err(broken)?)
            .projection_expression("pk")
            .set_expression_attribute_names(names(&[ALIVE]))
            .filter_expression(condition)
            .expression_attribute_values(":meta", s(META))
            .expression_attribute_values(":own", s(self.dynamo.keys.consents()))
            .expression_attribute_values(":rejected", s("REJECTED"));
        for (name, value) in values {
            scan = scan.expression_attribute_values(name, value);
        }
        let from = place.after.as_deref().map(start).transpose()?;
        let page = scan.set_exclusive_start_key(from).send().await;
        let page = page.map_err(|error| failure::aws(WHAT, &error))?;
        let id = |item: &Item| self.dynamo.keys.consent_of(TargetKind::Consent, text(item, "pk")?);
        Ok(ScannedPage {
            ids: page.items().iter().filter_map(id).collect(),
            next: page.last_evaluated_key.as_ref().and_then(cursor),
        })
    }
}

#[cfg(test)]
mod tests;
