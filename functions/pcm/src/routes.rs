//! The routes of the management API.

use ponte_authorization::api_key::ApiScope;
use ponte_edge::{Context, Managers, Router};

use crate::management;
use crate::operations;
use crate::ports::Ports;
use crate::quality;

const DAYS: &str = "/open-banking/oob-pcm/v1/days";
const DAY: &str = "/open-banking/oob-pcm/v1/days/{date}";
const REPORT: &str = "/api/journey/v1/consents/{consentId}/report";

const OPERATIONS: &str = "/open-banking/oob-operations/v1/operations";
const OPERATION: &str = "/open-banking/oob-operations/v1/operations/{id}";

const FINDINGS: &str = "/open-banking/oob-quality/v1/findings";

/// The operations of this function.
#[must_use]
pub fn router(context: Context, managers: Managers, ports: Ports) -> Router<Ports> {
    let json = Some("application/json");
    Router::new(context, None, ports)
        .managers(managers)
        .managed("GET", DAYS, &[ApiScope::ReportsRead], None, management::list_days)
        .taking(&["days"], &[])
        .managed("GET", DAY, &[ApiScope::ReportsRead], None, management::read_day)
        .managed("POST", REPORT, &[ApiScope::ReportsWrite], json, management::report_step)
        .managed("GET", OPERATIONS, &[ApiScope::OperationsRead], None, operations::list_operations)
        .taking(&["day", "state", "cursor"], &[])
        .managed("GET", OPERATION, &[ApiScope::OperationsRead], None, operations::read_operation)
        .managed("GET", FINDINGS, &[ApiScope::QualityRead], None, quality::list_findings)
        .taking(quality::PARAMETERS, &[])
}
