//! A consent as the regulatory API shows it.

use ponte_catalog::consents::{ConsentData, Journey, Reason, Rejection};
use ponte_data_consent::consent::{Consent, EffectiveStatus};
use ponte_values::{ConsentId, Moment};

/// `data` of a consent just created or renewed.
pub(crate) fn summary(consent: &Consent, now: Moment) -> ConsentData<'_> {
    ConsentData {
        consent_id: consent.id.as_str(),
        creation_date_time: consent.created_at,
        status: consent.at(now).status().as_str(),
        status_update_date_time: consent.status_updated_at,
        permissions: consent.permissions,
        expiration_date_time: consent.expires_at,
        rejection: None,
        journey: None,
    }
}

/// `data` of a consent that is read at `now`: a deadline that passed counts even if nobody wrote it down, and an end has
/// its reason (C03, C04, C06).
pub(crate) fn full(consent: &Consent, now: Moment) -> ConsentData<'_> {
    let link_id = consent.link_id.as_ref().map(ConsentId::as_str);
    let journey = consent.linked.then_some(Journey { is_linked: true, link_id });
    let data = ConsentData { journey, ..summary(consent, now) };
    let EffectiveStatus::Rejected(end) = consent.at(now) else { return data };
    let note = consent.note().map(ponte_data_consent::consent::Note::as_str);
    let reason = Reason { code: end.reason.as_str(), additional_information: note };
    let rejection = Some(Rejection { rejected_by: end.by.as_str(), reason });
    ConsentData { status_update_date_time: end.at, rejection, ..data }
}
