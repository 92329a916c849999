//! Payments, single and recurring.

use super::*;

fn create<'a>(
    consent: &'a ConsentId,
    customer: &'a Customer,
    time: PaymentTime<'a>,
) -> PaymentConsentCall<'a> {
    PaymentConsentCall::Create {
        consent: Some(consent),
        customer,
        intent: AuthorisationFlow::HybridFlow,
        mode: PaymentMode::Scheduled,
        instrument: LocalInstrument::Manu,
        time,
        status: Some("AWAITING_AUTHORISATION"),
    }
}

fn rejected() -> Reason<'static> {
    Reason { code: "REJEITADO_USUARIO", detail: Some("O usuário rejeitou") }
}

#[test]
fn m30_a_payment_consent_says_what_is_to_be_paid_and_how() {
    let consent = urn("p");
    let customer = company();
    let call = create(&consent, &customer, PaymentTime::Date(day()));
    assert_eq!(
        sent(&call.info(&good(201))),
        json!({
            "consentId": "urn:banco:p", "personType": "PJ", "authorisationFlowIntent": "HYBRID_FLOW",
            "companyProfileInfo": {"naturezaJuridica": "2062", "porteEmpresa": "03"},
            "paymentType": "SCHEDULED", "localInstrument": "MANU", "paymentDate": "2026-03-01",
            "status": "AWAITING_AUTHORISATION",
        })
    );
    let refused = sent(&call.info(&ended(422, Some("FORMA_PAGAMENTO_INVALIDA"))));
    assert_eq!(refused["errorCodes"], "FORMA_PAGAMENTO_INVALIDA");
    for absent in ["consentId", "paymentDate", "status"] {
        assert!(refused.get(absent).is_none(), "{absent}");
    }
    assert_eq!((&refused["paymentType"], &refused["personType"]), (&json!("SCHEDULED"), &json!("PJ")));
}

#[test]
fn m30_a_consent_has_a_date_or_a_plan() {
    let consent = urn("p");
    let plan = r#"{"single":{"date":"2026-03-01"}}"#;
    let planned = create(&consent, &Customer::Person, PaymentTime::Schedule(plan));
    let told = sent(&planned.info(&good(201)));
    assert_eq!(told["paymentSchedule"], plan);
    assert!(told.get("paymentDate").is_none() && told.get("companyProfileInfo").is_none());
}

#[test]
fn m30_reading_says_why_it_was_rejected_and_which_notice_caused_it() {
    let consent = urn("p");
    let call = PaymentConsentCall::Read {
        consent: &consent,
        instrument: Some(LocalInstrument::Dict),
        status: Some("REJECTED"),
        rejection: Some(rejected()),
        webhook: Some("530bfa60-e40f-4776-96c2-82b418aaa0af"),
    };
    assert_eq!(
        sent(&call.info(&good(200))),
        json!({
            "consentId": "urn:banco:p", "localInstrument": "DICT", "status": "REJECTED",
            "rejectionReasonCode": "REJEITADO_USUARIO", "rejectionReasonDetail": "O usuário rejeitou",
            "webhookInteractionId": "530bfa60-e40f-4776-96c2-82b418aaa0af",
        })
    );
    assert_eq!(sent(&call.info(&good(500))), json!({"consentId": "urn:banco:p", "errorCodes": []}));
}

fn listed<'a>(consent: &'a ConsentId, rejection: Option<Reason<'a>>) -> ListedPayment<'a> {
    let updated = Moment::parse("2026-03-01T12:00:00Z").unwrap();
    ListedPayment { payment: "p-1", consent, updated, status: "RCVD", rejection }
}

#[test]
fn m31_a_payment_always_says_its_flow_and_lists_what_was_created() {
    let consent = urn("p");
    let payments =
        PaymentList::new(vec![listed(&consent, None), listed(&consent, Some(rejected()))]).unwrap();
    let call = |step| PaymentCall {
        consent: &consent,
        flow: None,
        status: Some("RCVD"),
        instrument: Some(LocalInstrument::Qrdn),
        step,
    };
    let create = call(PaymentStep::Create { mode: PaymentMode::Immediate, payments: Some(payments) });
    assert_eq!(
        sent(&create.info(&good(201))),
        json!({
            "consentId": "urn:banco:p", "authorisationFlow": "HYBRID_FLOW", "paymentType": "IMMEDIATE",
            "status": "RCVD", "localInstrument": "QRDN",
            "paymentList": [
                {
                    "paymentId": "p-1", "consentId": "urn:banco:p", "status": "RCVD",
                    "statusUpdateDateTime": "2026-03-01T12:00:00Z",
                    "rejectionReasonCode": "", "rejectionReasonDetail": "",
                },
                {
                    "paymentId": "p-1", "consentId": "urn:banco:p", "status": "RCVD",
                    "statusUpdateDateTime": "2026-03-01T12:00:00Z",
                    "rejectionReasonCode": "REJEITADO_USUARIO", "rejectionReasonDetail": "O usuário rejeitou",
                },
            ],
        })
    );
    let refused = sent(&create.info(&good(422)));
    assert!(refused.get("paymentList").is_none() && refused.get("status").is_none());
    assert_eq!(
        (&refused["authorisationFlow"], &refused["consentId"], &refused["localInstrument"]),
        (&json!("HYBRID_FLOW"), &json!("urn:banco:p"), &json!("QRDN"))
    );
    let read = call(PaymentStep::Read { rejection: Some(rejected()), cancellation: None });
    assert_eq!(sent(&read.info(&good(200)))["rejectionReasonCode"], "REJEITADO_USUARIO");
    let unknown = json!({"consentId": "urn:banco:p", "authorisationFlow": "HYBRID_FLOW", "errorCodes": []});
    assert_eq!(sent(&read.info(&good(404))), unknown);
}

#[test]
fn m31_a_cancelled_payment_says_why_and_whence() {
    let consent = urn("p");
    let cancellation = Cancellation { reason: "CANCELADO_AGENDAMENTO", from: Side::Detentora };
    let call = PaymentCall {
        consent: &consent,
        flow: Some(AuthorisationFlow::FidoFlow),
        status: Some("CANC"),
        instrument: None,
        step: PaymentStep::Cancel { mode: PaymentMode::Recurrent, cancellation: Some(cancellation) },
    };
    assert_eq!(
        sent(&call.info(&good(200))),
        json!({
            "consentId": "urn:banco:p", "authorisationFlow": "FIDO_FLOW", "paymentType": "RECURRENT",
            "status": "CANC", "cancellationReason": "CANCELADO_AGENDAMENTO", "cancelledFrom": "DETENTORA",
        })
    );
    assert!(sent(&call.info(&good(422))).get("cancellationReason").is_none());
}

#[test]
fn m31_a_list_has_one_to_sixty_payments() {
    let consent = urn("p");
    for (length, fits) in [(0, false), (1, true), (60, true), (61, false)] {
        assert_eq!(PaymentList::new(vec![listed(&consent, None); length]).is_ok(), fits, "{length}");
    }
}

fn automatic() -> Recurring {
    Recurring::Automatic(AutomaticTerms {
        amount: AmountType::Variavel,
        interval: Interval::Mensal,
        minimum_amount: true,
        first_payment: false,
        retry_accepted: true,
        reference_start: day(),
    })
}

fn recurring<'a>(
    consent: &'a ConsentId,
    recurring: &'a Recurring,
    step: RecurringConsentStep<'a>,
) -> RecurringConsentCall<'a> {
    RecurringConsentCall {
        consent: Some(consent),
        customer: &Customer::Person,
        recurring,
        journey: None,
        status: Some("AUTHORISED"),
        step,
    }
}

#[test]
fn m33_pix_automatico_says_its_terms() {
    let (consent, terms) = (urn("r"), automatic());
    let call = recurring(&consent, &terms, RecurringConsentStep::Create(AuthorisationFlow::CibaFlow));
    assert_eq!(
        sent(&call.info(&good(201))),
        json!({
            "recurringConsentId": "urn:banco:r", "paymentType": "AUTOMATIC", "amountType": "VARIAVEL",
            "interval": "MENSAL", "hasMinimumAmount": "TRUE", "isFirstPayment": "FALSE", "isRetryAccepted": "TRUE",
            "referenceStartDate": "2026-03-01", "personType": "PF", "status": "AUTHORISED",
            "authorisationFlowIntent": "CIBA_FLOW",
        })
    );
    let refused = sent(&call.info(&good(422)));
    assert!(refused.get("recurringConsentId").is_none() && refused.get("referenceStartDate").is_none());
    assert_eq!(refused["paymentType"], "AUTOMATIC");
    let read = recurring(&consent, &terms, RecurringConsentStep::Read(None));
    assert_eq!(sent(&read.info(&good(404))), json!({"recurringConsentId": "urn:banco:r", "errorCodes": []}));
}

#[test]
fn m33_transferencias_inteligentes_have_no_terms() {
    let consent = urn("r");
    let call = recurring(&consent, &Recurring::Sweeping, RecurringConsentStep::Change(None));
    assert_eq!(
        sent(&call.info(&good(200))),
        json!({
            "recurringConsentId": "urn:banco:r", "paymentType": "SWEEPING", "personType": "PF",
            "status": "AUTHORISED",
        })
    );
}

#[test]
fn m33_an_ended_consent_says_by_whom_whence_and_why() {
    let (consent, terms) = (urn("r"), automatic());
    let end = ConsentEnd::Rejected { reason: rejected(), by: Actor::Usuario, from: Side::Iniciadora };
    let told = sent(&recurring(&consent, &terms, RecurringConsentStep::Read(Some(end))).info(&good(200)));
    assert_eq!(
        (&told["rejectedBy"], &told["rejectedFrom"], &told["rejectionReasonCode"]),
        (&json!("USUARIO"), &json!("INICIADORA"), &json!("REJEITADO_USUARIO"))
    );
    let failed = json!({"recurringConsentId": "urn:banco:r", "errorCodes": []});
    for step in [RecurringConsentStep::Read(Some(end)), RecurringConsentStep::Change(Some(end))] {
        assert_eq!(sent(&recurring(&consent, &terms, step).info(&good(404))), failed);
    }
    let revoked = ConsentEnd::Revoked(Reason { code: "REVOGADO_USUARIO", detail: None });
    let told =
        sent(&recurring(&consent, &terms, RecurringConsentStep::Change(Some(revoked))).info(&good(200)));
    assert_eq!(told["revocationReasonCode"], "REVOGADO_USUARIO");
    assert!(told.get("revocationReasonDetail").is_none() && told.get("rejectedBy").is_none());
}

#[test]
fn m33_a_recurring_payment_says_its_reference_and_what_it_repeats() {
    let consent = urn("r");
    let call = |kind, step| RecurringPaymentCall {
        consent: &consent,
        kind,
        flow: None,
        instrument: Some(LocalInstrument::Auto),
        payment: Some("TXpRMU9UQTRO"),
        status: Some("PDNG"),
        step,
    };
    let kind =
        RecurringPaymentKind::Automatic { reference: Some("R/2025-09-23/P1M"), original: Some("TXpRMU9") };
    assert_eq!(
        sent(&call(kind, RecurringPaymentStep::Create(day())).info(&good(201))),
        json!({
            "recurringConsentId": "urn:banco:r", "authorisationFlow": "HYBRID_FLOW", "paymentType": "AUTOMATIC",
            "paymentReference": "R/2025-09-23/P1M", "originalRecurringPaymentId": "TXpRMU9",
            "recurringPaymentId": "TXpRMU9UQTRO", "recurringPaymentDate": "2026-03-01", "status": "PDNG",
            "localInstrument": "AUTO",
        })
    );
    let refused = sent(&call(kind, RecurringPaymentStep::Retry).info(&good(422)));
    for refused in [&refused, &sent(&call(kind, RecurringPaymentStep::Create(day())).info(&good(422)))] {
        for absent in ["recurringPaymentId", "status", "recurringPaymentDate"] {
            assert!(refused.get(absent).is_none(), "{absent}");
        }
        assert_eq!(refused["originalRecurringPaymentId"], "TXpRMU9");
    }
    let sweeping = RecurringPaymentKind::Sweeping;
    let cancellation = Cancellation { reason: "CANCELADO_PENDENCIA", from: Side::Iniciadora };
    let cancelled = sent(&call(sweeping, RecurringPaymentStep::Cancel(Some(cancellation))).info(&good(200)));
    assert_eq!(
        (&cancelled["paymentType"], &cancelled["cancellationReason"]),
        (&json!("SWEEPING"), &json!("CANCELADO_PENDENCIA"))
    );
    let payments = PaymentList::new(vec![listed(&consent, None)]).ok();
    let list = call(sweeping, RecurringPaymentStep::List(payments));
    assert_eq!(sent(&list.info(&good(200)))["paymentList"][0]["consentId"], "urn:banco:r");
    let read = RecurringPaymentStep::Read { rejection: Some(rejected()), cancellation: Some(cancellation) };
    let read = call(sweeping, read);
    let told = sent(&read.info(&good(200)));
    assert_eq!(
        (&told["rejectionReasonCode"], &told["cancelledFrom"]),
        (&json!("REJEITADO_USUARIO"), &json!("INICIADORA"))
    );
    let unknown =
        json!({"recurringConsentId": "urn:banco:r", "authorisationFlow": "HYBRID_FLOW", "errorCodes": []});
    for failed in [list, read, call(sweeping, RecurringPaymentStep::Cancel(Some(cancellation)))] {
        assert_eq!(sent(&failed.info(&good(404))), unknown);
    }
}
