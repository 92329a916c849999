//! Bodies of requests to the connector: the members beside the claims.

use ponte_payment::connector::PaymentStage;
use ponte_payment::consent::{Debtor, PaymentConsent};
use ponte_payment::payment::Payment;
use ponte_payment::wire::{Account, BusinessEntity, Creditor, LoggedUser, PaymentItem, Terms};
use ponte_ports::LegacyId;
use ponte_values::{Cpf, Date, InstitutionId, Moment};
use serde::Serialize;

/// `requestMeta`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meta {
    correlation_id: String,
    brand_id: String,
}

impl Meta {
    pub(super) fn new(correlation: String, brand: &InstitutionId) -> Self {
        Self { correlation_id: correlation, brand_id: brand.to_string() }
    }
}

/// A request: whatever its operation asks for.
#[expect(clippy::struct_field_names, reason = "the names of the wire")]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request<'a> {
    request_meta: Meta,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<ConsentPart<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_id: Option<&'a LegacyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_body: Option<Body<'a>>,
}

#[derive(Serialize)]
struct Body<'a> {
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Validation(Validation<'a>),
    Item(&'a PaymentItem),
    Cancellation(Cancellation<'a>),
    Day(Day<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Validation<'a> {
    validation_stage: &'static str,
    #[serde(flatten)]
    item: Option<&'a PaymentItem>,
}

#[derive(Serialize)]
struct Cancellation<'a> {
    status: &'static str,
    cancellation: CancelledBy<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CancelledBy<'a> {
    cancelled_by: Person<'a>,
}

#[derive(Serialize)]
struct Person<'a> {
    document: Document<'a>,
}

#[derive(Serialize)]
struct Document<'a> {
    identification: &'a str,
    rel: &'static str,
}

#[derive(Serialize)]
struct Day<'a> {
    day: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsentPart<'a> {
    brand_id: String,
    creation_date_time: String,
    external_id: &'a str,
    api_version: &'static str,
    tpp: Tpp<'a>,
    logged_user: &'a LoggedUser,
    #[serde(skip_serializing_if = "Option::is_none")]
    business_entity: Option<&'a BusinessEntity>,
    creditor: &'a Creditor,
    payment: &'a Terms,
    #[serde(skip_serializing_if = "Option::is_none")]
    debtor_account: Option<&'a Account>,
    resources: Vec<Chosen<'a>>,
}

#[derive(Serialize)]
struct Tpp<'a> {
    name: &'a str,
}

/// The account to debit.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chosen<'a> {
    resource_legacy_id: &'a LegacyId,
    debtor_account: &'a Account,
}

impl<'a> ConsentPart<'a> {
    fn new(brand: &InstitutionId, consent: &'a PaymentConsent, debtor: Option<&'a Debtor>) -> Self {
        let request = &consent.request;
        let chosen = |debtor: &'a Debtor| Chosen {
            resource_legacy_id: &debtor.legacy_id,
            debtor_account: &debtor.account,
        };
        Self {
            brand_id: brand.to_string(),
            creation_date_time: consent.created_at.to_string(),
            external_id: consent.id.as_str(),
            api_version: consent.api.as_str(),
            tpp: Tpp { name: consent.organisation.as_str() },
            logged_user: &request.logged_user,
            business_entity: request.business_entity.as_ref(),
            creditor: &request.creditor,
            payment: &request.payment,
            debtor_account: request.debtor_account.as_ref(),
            resources: debtor.map(chosen).into_iter().collect(),
        }
    }
}

impl<'a> Request<'a> {
    fn empty(meta: Meta) -> Self {
        Self {
            request_meta: meta,
            consent: None,
            idempotency_key: None,
            payment_id: None,
            not_after: None,
            payment_type: None,
            request_body: None,
        }
    }

    /// No account is chosen yet.
    pub(super) fn discovery(brand: &InstitutionId, meta: Meta, consent: &'a PaymentConsent) -> Self {
        Self { consent: Some(ConsentPart::new(brand, consent, None)), ..Self::empty(meta) }
    }

    /// Of a consent without an item, of a payment with it.
    pub(super) fn validation(
        brand: &InstitutionId,
        meta: Meta,
        (consent, debtor): (&'a PaymentConsent, &'a Debtor),
        of: Option<(PaymentStage, &'a PaymentItem)>,
    ) -> Self {
        let validation_stage = match of {
            None => "POST_CONSENT",
            Some((PaymentStage::PostPayment, _)) => "POST_PAYMENT",
            Some((PaymentStage::Settlement, _)) => "SETTLEMENT",
        };
        let data = Data::Validation(Validation { validation_stage, item: of.map(|(_, item)| item) });
        Self {
            consent: Some(ConsentPart::new(brand, consent, Some(debtor))),
            request_body: Some(Body { data }),
            ..Self::empty(meta)
        }
    }

    pub(super) fn payment(
        brand: &InstitutionId,
        meta: Meta,
        (consent, payment): (&'a PaymentConsent, &'a Payment),
        not_after: Moment,
    ) -> Self {
        Self {
            not_after: Some(not_after.to_string()),
            payment_type: Some("PAYMENT_CONSENT"),
            request_body: Some(Body { data: Data::Item(&payment.item) }),
            payment_id: None,
            ..Self::find(brand, meta, (consent, payment))
        }
    }

    pub(super) fn find(
        brand: &InstitutionId,
        meta: Meta,
        (consent, payment): (&'a PaymentConsent, &'a Payment),
    ) -> Self {
        Self {
            consent: Some(ConsentPart::new(brand, consent, Some(&payment.debtor))),
            idempotency_key: Some(payment.id.as_str()),
            payment_id: payment.core_id.as_ref(),
            ..Self::empty(meta)
        }
    }

    pub(super) fn cancellation(
        brand: &InstitutionId,
        meta: Meta,
        of: (&'a PaymentConsent, &'a Payment),
        by: &'a Cpf,
    ) -> Self {
        let document = Document { identification: by.expose(), rel: "CPF" };
        let cancellation = CancelledBy { cancelled_by: Person { document } };
        let data = Data::Cancellation(Cancellation { status: "CANC", cancellation });
        Self { request_body: Some(Body { data }), ..Self::find(brand, meta, of) }
    }

    pub(super) fn books(meta: Meta, day: Date, cursor: Option<&'a str>) -> Self {
        Self { request_body: Some(Body { data: Data::Day(Day { day, cursor }) }), ..Self::empty(meta) }
    }
}
