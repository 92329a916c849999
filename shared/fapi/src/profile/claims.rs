//! Claims of the tokens of the profile. Each wire struct is read by [`crate::jose::jws::CompactJws::verify`] and turned
//! into the validated one by its `check`; the fields of the wire struct cannot be reached before.

mod access_token;
mod acr;
mod audience;
mod authentication;
mod check;
mod client_assertion;
mod fault;
mod id_token;
mod message;
mod request_object;
mod signed_call;
mod time;

#[cfg(test)]
mod tests;

pub use access_token::{AccessToken, ConfirmationClaim, TokenFault};
pub use acr::Acr;
pub use authentication::{AuthenticatedCustomer, CustomerAuthentication};
pub use client_assertion::{ClientAssertion, VerifiedAssertion};
pub use fault::ClaimFault;
pub use id_token::{ExpectedIdToken, IdToken, half_hash};
pub use message::{MessageClaims, MessageFault, SignedMessage, VerifiedMessage};
pub use request_object::{AuthorizationRequest, RequestObject};
pub use signed_call::{ReceivedCall, SignedCall, VerifiedCall};
pub use time::{NumericDate, VerificationTime};
