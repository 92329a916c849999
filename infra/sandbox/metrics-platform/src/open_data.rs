//! Open-data reports: calls of public endpoints, reported by the server alone and never paired (M52).

use serde_json::Value;

use crate::additional;
use crate::check::{Discard, Fields, discard};
use crate::intake::Intake;

const FIELDS: &[&str] =
    &["endpoint", "statusCode", "httpMethod", "timestamp", "processTimespan", "additionalInfo"];

/// Judges one item.
pub(crate) fn read(item: &Value, intake: &Intake<'_>) -> Result<(), Discard> {
    let fields = Fields::of(item, FIELDS)?;
    fields.required(FIELDS)?;
    let endpoint = fields.text("endpoint")?;
    let method = fields.method()?;
    fields.status_code()?;
    fields.timestamp(intake.now)?;
    fields.timespan()?;
    if !intake.endpoints.accepts_open_data(endpoint, method) {
        return Err(discard("Unlisted endpoint", endpoint));
    }
    fields.optional_object("additionalInfo")?.map_or(Ok(()), additional::of_open_data)
}
