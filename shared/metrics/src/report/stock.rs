//! The report of the stock of consents: active ones at the end of a day by organisation, and their customers (M50).

use std::collections::BTreeMap;

use ponte_values::{Date, Moment, OrganisationId};
use serde::Serialize;

use super::fault::ReportFault;
use super::path::CONSENTS_STOCK;
use super::wire::row;
use ponte_ports::outbox::OutboxRow;

/// The side of the consents that is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum StockRole {
    /// Consents that this institution has at others.
    Client,
    /// Consents that others have here.
    Server,
}

/// The counts of a day: consents in force at 23:59:59 of a day in Brasília.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StockFacts {
    /// The day.
    pub date: Date,
    /// This institution.
    pub organisation: OrganisationId,
    /// The side that was counted.
    pub role: StockRole,
    /// People with an active consent of their own, each once; one who acts for a company is not counted.
    pub persons: u64,
    /// Companies with an active consent, each once.
    pub companies: u64,
    /// Active consents by id of the organisation on the other side; those with none may be left out.
    pub consents: BTreeMap<String, u64>,
}

/// The report of a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StockReport {
    date: String,
    org_id: OrganisationId,
    role: StockRole,
    scope: Scope,
    #[serde(rename = "totalCustomerPF")]
    persons: u64,
    #[serde(rename = "totalCustomerPJ")]
    companies: u64,
    #[serde(rename = "consentsStockList")]
    list: Vec<StockLine>,
    /// The last second of the day.
    #[serde(skip)]
    at: Moment,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Scope {
    Dados,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StockLine {
    client_org_id: String,
    server_org_id: String,
    total_active_consents: u64,
}

impl StockReport {
    /// The report of the counts.
    ///
    /// # Errors
    /// `Customers` for more customers than active consents, since each has at least one; `Shape` for a date that makes no
    /// timestamp.
    pub fn of(counted: StockFacts) -> Result<Self, ReportFault> {
        let active = counted.consents.values().fold(0, |sum: u64, consents| sum.saturating_add(*consents));
        if counted.persons.saturating_add(counted.companies) > active {
            return Err(ReportFault::Customers);
        }
        let at =
            Moment::parse(&format!("{}T23:59:59-03:00", counted.date)).map_err(|_| ReportFault::Shape)?;
        let own = counted.organisation.as_str();
        let line = |(other, consents): (String, u64)| {
            let (client, server) = match counted.role {
                StockRole::Client => (own.to_owned(), other),
                StockRole::Server => (other, own.to_owned()),
            };
            StockLine { client_org_id: client, server_org_id: server, total_active_consents: consents }
        };
        let lines = counted.consents.into_iter().filter(|(_, consents)| *consents > 0).map(line).collect();
        Ok(Self {
            date: counted.date.to_string(),
            org_id: counted.organisation,
            role: counted.role,
            scope: Scope::Dados,
            persons: counted.persons,
            companies: counted.companies,
            list: lines,
            at,
        })
    }

    /// The outbox row. Its id and time (23:59:59 in Brasília) come from the day, so that counting again writes the same row.
    pub fn into_row(self) -> Result<OutboxRow, serde_json::Error> {
        let role = match self.role {
            StockRole::Client => "client",
            StockRole::Server => "server",
        };
        let id = format!("stock-{role}-{}", self.date);
        row(&self, CONSENTS_STOCK, id, self.at)
    }
}
