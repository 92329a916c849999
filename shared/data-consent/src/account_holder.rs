//! The institution's answer about the customer of a new consent, and the drop reason it gives the report (M38).

use ponte_metrics::report::DropReason;
use serde::{Deserialize, Serialize};

/// The powers of the customer for the person or company of the consent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerAuthority {
    /// All powers for the request.
    Full,
    /// No powers for the request.
    None,
    /// None, because the person has nothing to do with the company.
    PersonMismatch,
}

/// The answer of the institution about a customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountHolderAnswer {
    /// Whether the customer has a credential here; `None` if the institution cannot tell now.
    pub is_account_holder: Option<bool>,
    /// Powers of the customer, where the institution knows.
    #[serde(default)]
    pub authority: Option<CustomerAuthority>,
}

impl AccountHolderAnswer {
    /// The drop reason. A missing answer is reported as CREDENTIAL_UNAVAILABLE, never as an absent customer.
    #[must_use]
    pub const fn drop_reason(self) -> DropReason {
        match (self.is_account_holder, self.authority) {
            (None, _) => DropReason::CredentialUnavailable,
            (Some(false), _) => DropReason::NoCredential,
            (Some(true), Some(CustomerAuthority::None)) => DropReason::NoAuthority,
            (Some(true), Some(CustomerAuthority::PersonMismatch)) => DropReason::NoAuthorityPersonMismatch,
            (Some(true), Some(CustomerAuthority::Full) | None) => DropReason::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m38_absence_is_never_presumed() {
        let answer = |text: &str| serde_json::from_str::<AccountHolderAnswer>(text).unwrap().drop_reason();
        for (text, reason) in [
            (r#"{"isAccountHolder":true}"#, DropReason::None),
            (r#"{"isAccountHolder":true,"authority":"FULL"}"#, DropReason::None),
            (r#"{"isAccountHolder":true,"authority":"NONE"}"#, DropReason::NoAuthority),
            (
                r#"{"isAccountHolder":true,"authority":"PERSON_MISMATCH"}"#,
                DropReason::NoAuthorityPersonMismatch,
            ),
            (r#"{"isAccountHolder":false}"#, DropReason::NoCredential),
            (r#"{"isAccountHolder":false,"authority":"NONE"}"#, DropReason::NoCredential),
            (r#"{"isAccountHolder":null}"#, DropReason::CredentialUnavailable),
            ("{}", DropReason::CredentialUnavailable),
        ] {
            assert_eq!(answer(text), reason, "{text}");
        }
        for bad in [r#"{"isAccountHolder":"yes"}"#, r#"{"isAccountHolder":true,"authority":"SOME"}"#] {
            assert!(serde_json::from_str::<AccountHolderAnswer>(bad).is_err(), "{bad}");
        }
    }
}
