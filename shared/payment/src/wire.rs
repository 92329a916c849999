//! Values of the wire that consents and payments have in common, as both OpenAPI files print them.

mod account;
mod api_version;
mod instrument;
mod item;
mod money;
mod parties;
mod present;
mod purpose;
mod request;
mod schedule;
mod text;

pub use account::{Account, AccountNumber, AccountType, Issuer};
pub use api_version::ApiVersion;
pub use instrument::LocalInstrument;
pub use item::{AuthorisationFlow, PaymentItem};
pub use money::{Currency, Money};
pub use parties::{
    BusinessEntity, CnpjDocument, CnpjRel, CpfDocument, CpfOrCnpj, CpfRel, Creditor, LoggedUser, PersonType,
};
pub use purpose::Purpose;
pub use request::{Details, PaymentConsentRequest, PaymentKind, Terms};
pub use schedule::{Custom, Daily, Monthly, Schedule, ScheduledDays, Single, Weekday, Weekly};
pub use text::{Proxy, QrCode, Text, TransactionIdentification};
