//! Calls of public endpoints: reported by the server alone, never paired (M52).

use std::net::IpAddr;

use ponte_values::Moment;
use serde::Serialize;

use super::fault::ReportFault;
use super::path::OPEN_DATA_REPORT;
use super::wire::{reportable, row, timespan};
use ponte_ports::outbox::OutboxRow;

/// The facts of a call of a public endpoint when its answer is ready.
#[derive(Clone, Debug)]
pub struct OpenDataFacts<'a> {
    /// Template of the accepted list.
    pub endpoint: &'a str,
    /// Method of the call.
    pub method: &'a str,
    /// Status of the answer.
    pub status: u16,
    /// Arrival.
    pub arrived: Moment,
    /// Departure of the answer.
    pub answered: Moment,
    /// Address of the caller, where the gateway knows it.
    pub client_ip: Option<IpAddr>,
}

/// The report of a call of a public endpoint.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenDataReport {
    endpoint: String,
    status_code: u16,
    http_method: String,
    timestamp: String,
    process_timespan: u64,
    additional_info: Caller,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Caller {
    #[serde(skip_serializing_if = "Option::is_none")]
    client_ip: Option<String>,
}

impl OpenDataReport {
    /// The report of a call.
    pub fn of(call: &OpenDataFacts<'_>) -> Result<Self, ReportFault> {
        if !reportable(call.status) {
            return Err(ReportFault::Status);
        }
        Ok(Self {
            endpoint: call.endpoint.to_owned(),
            status_code: call.status,
            http_method: call.method.to_owned(),
            timestamp: call.arrived.with_millis(),
            process_timespan: timespan(call.answered.since(call.arrived)),
            additional_info: Caller { client_ip: call.client_ip.map(|address| address.to_string()) },
        })
    }

    /// The outbox row that carries the report.
    pub fn into_row(self, id: String, at: Moment) -> Result<OutboxRow, serde_json::Error> {
        row(&self, OPEN_DATA_REPORT, id, at)
    }
}
