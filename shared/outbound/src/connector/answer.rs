//! Bodies of answers of the connector. One that is not about what was asked is none.

use ponte_authorization::approval::Approver;
use ponte_payment::connector::{BookEntry, BookPage, DebtorAccount};
use ponte_payment::consent::Debtor;
use ponte_payment::payment::{CoreReport, CoreStatus, Payment, Rejection, RejectionCode};
use ponte_payment::wire::{Account, CpfDocument, Money};
use ponte_ports::{LegacyId, PortError};
use ponte_values::EndToEndId;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;
use serde_json::value::RawValue;

use crate::failure;
use crate::institution::Authorizer;

/// Name of the connector in errors.
pub(super) const WHAT: &str = "payment connector";

/// Most accounts of a discovery.
const MOST_ACCOUNTS: usize = 100;
/// Most payments of a page of books.
const MOST_ENTRIES: usize = 500;
/// Longest key of the core that is kept, and longest cursor, in bytes.
const LONGEST_KEY: usize = 1_024;
/// Longest text of a refusal that is kept, in characters.
const LONGEST_DETAIL: usize = 255;

#[derive(Deserialize)]
struct Discovery {
    resources: Vec<Resource>,
}

#[expect(clippy::struct_field_names, reason = "the names of the wire")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    resource_legacy_id: Box<RawValue>,
    resource_name: Box<RawValue>,
    debtor_account: Account,
    /// Shown alone; one that cannot be shown is left out.
    balance: Option<Box<RawValue>>,
    default_selected: Option<Box<RawValue>>,
    #[serde(default)]
    authorizers: Vec<Authorizer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Books {
    payments: Vec<Entry>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    idempotency_key: String,
    payment_id: Option<Box<RawValue>>,
    end_to_end_id: EndToEndId,
    payment: Money,
    status: Status,
    rejection_reason: Option<Reason>,
    cancellation: Option<Cancellation>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Rcvd,
    Pdng,
    Accp,
    Acpd,
    Acsc,
    Canc,
    Rjct,
}

#[derive(Deserialize)]
struct Reason {
    code: String,
    detail: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cancellation {
    cancelled_by: Person,
}

#[derive(Deserialize)]
struct Person {
    document: CpfDocument,
}

/// The accounts of a discovery.
pub(super) fn accounts(data: &RawValue) -> Result<Vec<DebtorAccount>, PortError> {
    let Discovery { resources } = read(data)?;
    if resources.len() > MOST_ACCOUNTS {
        return Err(wrong("more accounts than a discovery may list"));
    }
    let account = |resource: Resource| {
        let name: Vec<Pair> = read(&resource.resource_name)?;
        if name.is_empty() {
            return Err(wrong("a name without a pair"));
        }
        Ok(DebtorAccount {
            debtor: Debtor {
                account: resource.debtor_account,
                legacy_id: legacy_id(&resource.resource_legacy_id)?,
            },
            name: resource.resource_name,
            balance: resource
                .balance
                .and_then(|balance| serde_json::from_str::<Money>(balance.get()).ok())
                .filter(|balance| balance.currency.is_brl())
                .map(|balance| balance.amount),
            default_selected: resource.default_selected.and_then(|raw| serde_json::from_str(raw.get()).ok()),
            approvers: resource.authorizers.into_iter().map(Approver::from).collect(),
        })
    };
    resources.into_iter().map(account).collect()
}

/// What the core says of `payment`: an answer about another one, or about another amount, is none.
pub(super) fn report(data: &RawValue, payment: &Payment) -> Result<CoreReport, PortError> {
    let entry = read::<Entry>(data)?;
    if entry.idempotency_key != payment.id.as_str() {
        return Err(wrong("an answer about another key"));
    }
    if entry.end_to_end_id != payment.item.end_to_end_id {
        return Err(wrong("an answer about another endToEndId"));
    }
    if entry.payment != payment.item.payment {
        return Err(wrong("an answer about another amount"));
    }
    entry.report()
}

/// A page of the books.
pub(super) fn books(data: &RawValue) -> Result<BookPage, PortError> {
    let Books { payments, next_cursor } = read(data)?;
    let too_long = |cursor: &String| cursor.is_empty() || cursor.len() > LONGEST_KEY;
    if payments.len() > MOST_ENTRIES || next_cursor.as_ref().is_some_and(too_long) {
        return Err(wrong("a page that is larger than it may be"));
    }
    let entry = |entry: Entry| {
        Ok(BookEntry {
            key: entry.idempotency_key.clone(),
            end_to_end_id: entry.end_to_end_id.clone(),
            amount: entry.payment.amount,
            report: entry.report()?,
        })
    };
    let entries = payments.into_iter().map(entry).collect::<Result<_, PortError>>()?;
    Ok(BookPage { entries, next: next_cursor })
}

/// The text of a refusal as it may be kept.
pub(super) fn detail(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_DETAIL).collect()
}

impl Entry {
    fn report(self) -> Result<CoreReport, PortError> {
        let core_id = self.payment_id.as_deref().map(legacy_id).transpose()?;
        let status = match self.status {
            Status::Rcvd => CoreStatus::Received,
            Status::Pdng => CoreStatus::Held,
            Status::Accp => CoreStatus::Accepted,
            Status::Acpd => CoreStatus::Settling,
            Status::Acsc => CoreStatus::Settled,
            Status::Canc => {
                let cancellation = self.cancellation.ok_or_else(|| wrong("CANC without cancelledBy"))?;
                CoreStatus::Cancelled(cancellation.cancelled_by.document.identification)
            }
            Status::Rjct => CoreStatus::Rejected(rejection(self.rejection_reason)),
        };
        Ok(CoreReport { status, core_id })
    }
}

fn rejection(reason: Option<Reason>) -> Rejection {
    let Some(Reason { code, detail: words }) = reason else {
        return Rejection { code: RejectionCode::NaoInformado, detail: String::new() };
    };
    let text: serde::de::value::StrDeserializer<'_, ValueError> = code.as_str().into_deserializer();
    let code = RejectionCode::deserialize(text).unwrap_or(RejectionCode::NaoInformado);
    Rejection { code, detail: words.map(|words| detail(&words)).unwrap_or_default() }
}

/// `{key, value}`, to be shown.
#[derive(Deserialize)]
#[expect(dead_code, reason = "that they are there is what is asked")]
struct Pair {
    key: String,
    value: String,
}

fn legacy_id(raw: &RawValue) -> Result<LegacyId, PortError> {
    let id = LegacyId::parse(raw).map_err(|error| failure::json(WHAT, &error))?;
    if id.as_str().len() > LONGEST_KEY { Err(wrong("a key that is too long")) } else { Ok(id) }
}

fn read<T: for<'de> Deserialize<'de>>(data: &RawValue) -> Result<T, PortError> {
    serde_json::from_str(data.get()).map_err(|error| failure::json(WHAT, &error))
}

fn wrong(text: &'static str) -> PortError {
    PortError::unusable(WHAT, text)
}
