//! `additionalInfo`: the fields that a client adds to the report of a call, by family of APIs (M30 to M37). Values are
//! texts (M39), except those that their rule makes an object or a list. Fields that no rule asks for are not sent.
//!
//! | module | calls |
//! |---|---|
//! | [`data`] | consents, resources and data of customers (M34) |
//! | [`payments`] | payment consents and payments (M30, M31) |
//! | [`enrollments`] | enrolments and authorisation by them (M32) |
//! | [`automatic`] | recurring consents and recurring payments (M33) |
//! | [`security`] | the authorization server and registration (M35) |

pub mod automatic;
mod call_end;
mod customer;
pub mod data;
pub mod enrollments;
mod info;
mod payment_list;
pub mod payments;
pub mod security;
mod terms;

pub use call_end::{CallEnd, error_code};
pub use customer::{CompanyProfile, CompanySize, Customer};
pub use info::AdditionalInfo;
pub use payment_list::{ListedPayment, PaymentList};
pub use terms::{Actor, AuthorisationFlow, LocalInstrument, Reason, Side};

#[cfg(test)]
mod tests;
