//! Consents and payments as both versions of the API show them: what the client wrote comes back letter by letter.

use ponte_payment::consent::{Debtor, EffectiveStatus, PaymentConsent};
use ponte_payment::payment::{CancellationReason, CancelledFrom, Payment};
use ponte_payment::wire::{
    Account, ApiVersion, AuthorisationFlow, BusinessEntity, CpfDocument, CpfRel, Creditor, LocalInstrument,
    LoggedUser, Money, Proxy, QrCode, Terms, Text, TransactionIdentification,
};
use ponte_values::{Cnpj, EndToEndId, Moment, PaymentId};
use serde::{Serialize, Serializer};

/// `data` of a payment consent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConsentView<'a> {
    consent_id: &'a str,
    #[serde(serialize_with = "seconds")]
    creation_date_time: Moment,
    #[serde(serialize_with = "seconds")]
    expiration_date_time: Moment,
    #[serde(serialize_with = "seconds")]
    status_update_date_time: Moment,
    status: &'static str,
    logged_user: &'a LoggedUser,
    #[serde(skip_serializing_if = "Option::is_none")]
    business_entity: Option<&'a BusinessEntity>,
    creditor: &'a Creditor,
    payment: &'a Terms,
    #[serde(skip_serializing_if = "Option::is_none")]
    debtor_account: Option<&'a Account>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection_reason: Option<ReasonView<'a>>,
}

/// `rejectionReason` of both.
#[derive(Serialize)]
pub(crate) struct ReasonView<'a> {
    code: &'static str,
    detail: std::borrow::Cow<'a, str>,
}

/// `data` of a payment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentView<'a> {
    payment_id: &'a PaymentId,
    end_to_end_id: &'a EndToEndId,
    consent_id: &'a str,
    #[serde(serialize_with = "seconds")]
    creation_date_time: Moment,
    #[serde(serialize_with = "seconds")]
    status_update_date_time: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<&'a Proxy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ibge_town_code: Option<&'a Text<7>>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection_reason: Option<ReasonView<'a>>,
    local_instrument: LocalInstrument,
    cnpj_initiator: &'a Cnpj,
    payment: &'a Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_identification: Option<&'a TransactionIdentification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_code: Option<&'a QrCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remittance_information: Option<&'a Text<140>>,
    creditor_account: &'a Account,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellation: Option<CancellationView>,
    debtor_account: &'a Account,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorisation_flow: Option<AuthorisationFlow>,
}

/// `cancellation` of a payment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CancellationView {
    reason: CancellationReason,
    cancelled_from: CancelledFrom,
    #[serde(serialize_with = "seconds")]
    cancelled_at: Moment,
    cancelled_by: CancelledBy,
}

#[derive(Serialize)]
struct CancelledBy {
    document: CpfDocument,
}

/// A payment among those that were cancelled at once (v4).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CancelledView<'a> {
    payment_id: &'a PaymentId,
    #[serde(serialize_with = "seconds")]
    status_update_date_time: Moment,
}

/// A consent at `now`: a deadline that passed counts even if nobody wrote it down. The account that was chosen shows from AUTHORISED on,
/// that of the client before (P10).
pub(crate) fn consent(consent: &PaymentConsent, now: Moment) -> ConsentView<'_> {
    let status = consent.at(now);
    let (updated_at, rejection_reason) = match &status {
        EffectiveStatus::Rejected(end) => {
            let detail = end.detail.clone().unwrap_or_else(|| end.code.in_words().to_owned());
            (end.at, Some(ReasonView { code: end.code.as_str(), detail: detail.into() }))
        }
        _ => (consent.status_updated_at, None),
    };
    let chosen = consent.authorisation().map(|authorisation| &authorisation.debtor);
    let chosen = chosen.map(|Debtor { account, .. }| account);
    ConsentView {
        consent_id: consent.id.as_str(),
        creation_date_time: consent.created_at,
        expiration_date_time: consent.expires_at,
        status_update_date_time: updated_at,
        status: status.status().as_str(),
        logged_user: &consent.request.logged_user,
        business_entity: consent.request.business_entity.as_ref(),
        creditor: &consent.request.creditor,
        payment: &consent.request.payment,
        debtor_account: chosen.or(consent.request.debtor_account.as_ref()),
        rejection_reason,
    }
}

/// A payment as it is now.
pub(crate) fn payment(payment: &Payment) -> PaymentView<'_> {
    let item = &payment.item;
    let rejection = payment.rejection();
    PaymentView {
        payment_id: &payment.id,
        end_to_end_id: &item.end_to_end_id,
        consent_id: payment.consent.as_str(),
        creation_date_time: payment.created_at,
        status_update_date_time: payment.status_updated_at,
        proxy: item.proxy.as_ref(),
        ibge_town_code: item.ibge_town_code.as_ref(),
        status: payment.status().as_str(),
        rejection_reason: rejection.map(|end| ReasonView {
            code: end.code.told_in(payment.api).as_str(),
            detail: end.detail.as_str().into(),
        }),
        local_instrument: item.local_instrument,
        cnpj_initiator: &item.cnpj_initiator,
        payment: &item.payment,
        transaction_identification: item.transaction_identification.as_ref(),
        qr_code: None,
        remittance_information: item.remittance_information.as_ref(),
        creditor_account: &item.creditor_account,
        cancellation: payment.cancellation().map(|end| CancellationView {
            reason: end.reason,
            cancelled_from: end.cancelled_from,
            cancelled_at: end.cancelled_at,
            cancelled_by: CancelledBy {
                document: CpfDocument { identification: end.cancelled_by.clone(), rel: CpfRel::Cpf },
            },
        }),
        debtor_account: &payment.debtor.account,
        authorisation_flow: item.authorisation_flow,
    }
}

/// A payment as the answer to its request shows it: that of v5 has its code.
pub(crate) fn created(created: &Payment) -> PaymentView<'_> {
    let qr_code = created.item.qr_code.as_ref().filter(|_| created.api == ApiVersion::V5);
    PaymentView { qr_code, ..payment(created) }
}

/// A payment that was cancelled with others.
pub(crate) const fn cancelled(payment: &Payment) -> CancelledView<'_> {
    CancelledView { payment_id: &payment.id, status_update_date_time: payment.status_updated_at }
}

/// `YYYY-MM-DDThh:mm:ssZ` (C56).
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn seconds<S: Serializer>(moment: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(moment)
}
