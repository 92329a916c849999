//! Paths of the platform that take reports (M02).

/// Path for reports of calls (M02).
pub const PRIVATE_REPORT: &str = "/report-api/v1/private/report";
/// Path for reports of calls of public endpoints (M02).
pub const OPEN_DATA_REPORT: &str = "/report-api/v1/opendata/report";
/// Path for the stock of consents (M02).
pub const CONSENTS_STOCK: &str = "/report-api/v1/consents/stock";
/// Path for payments (M02).
pub const PAYMENT_STATUS: &str = "/report-api/v1/payments/status";
