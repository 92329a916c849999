//! Consents 3.3.1: creation, reading, revocation and renewal of a data consent.

mod document;
mod request;
mod response;
mod rows;

pub use document::{BusinessDocument, BusinessEntity, BusinessRel, LoggedUser, PersonDocument, PersonRel};
pub use request::{CreateConsent, CreateConsentData, ExtendConsent, ExtendConsentData};
pub use response::{ConsentData, ExtensionItem, Journey, Reason, Rejection};
pub use rows::{
    API, CREATE, CREATE_FAULTS, EXTEND, EXTEND_FAULTS, EXTENSIONS, READ, REVOKE, REVOKE_FAULTS, ROWS,
};
