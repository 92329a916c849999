//! A consent as the regulatory API shows it.

use ponte_catalog::consents::{ConsentData, Reason, Rejection};
use ponte_domain::consent::{Consent, ConsentStatus, RejectedBy, Standing};
use ponte_values::Moment;

/// `data` of a consent at `now`: a deadline that passed counts even if nobody wrote it down (C03, C04, C06).
pub(crate) fn of(consent: &Consent, now: Moment) -> ConsentData<'_> {
    let standing = consent.at(now);
    let ended = match standing {
        Standing::Rejected(rejection) => Some(rejection),
        Standing::Awaiting | Standing::Authorised(_) => None,
    };
    ConsentData {
        consent_id: consent.id.as_str(),
        creation_date_time: consent.created_at,
        status: match standing.status() {
            ConsentStatus::AwaitingAuthorisation => "AWAITING_AUTHORISATION",
            ConsentStatus::Authorised => "AUTHORISED",
            ConsentStatus::Rejected => "REJECTED",
        },
        status_update_date_time: ended.map_or(consent.status_updated_at, |rejection| rejection.at),
        permissions: consent.permissions,
        expiration_date_time: consent.expires_at,
        rejection: ended.map(|rejection| Rejection {
            rejected_by: match rejection.by {
                RejectedBy::User => "USER",
                RejectedBy::Aspsp => "ASPSP",
                RejectedBy::Tpp => "TPP",
            },
            reason: Reason { code: rejection.reason.as_str() },
        }),
    }
}
