//! Every kind of report that the institution writes, with every field that its rule allows, is accepted by the platform.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use ponte_metrics::report::additional::automatic::{
    AmountType, AutomaticTerms, ConsentEnd, Interval, Recurring, RecurringConsentCall, RecurringConsentStep,
    RecurringPaymentCall, RecurringPaymentKind, RecurringPaymentStep,
};
use ponte_metrics::report::additional::data::{DataCall, StatusSummary};
use ponte_metrics::report::additional::enrollments::{
    Authorised, EnrollmentCall, EnrollmentEnd, FidoOptions, FidoPlatform,
};
use ponte_metrics::report::additional::payments::{
    Cancellation, PaymentCall, PaymentConsentCall, PaymentMode, PaymentStep, PaymentTime,
};
use ponte_metrics::report::additional::security::{Grant, Granted, SecurityCall};
use ponte_metrics::report::additional::{
    Actor, AuthorisationFlow, CallEnd, CompanyProfile, CompanySize, Customer, ListedPayment, LocalInstrument,
    PaymentList, Reason, Side,
};
use ponte_metrics::report::open_data::{OpenDataFacts, OpenDataReport};
use ponte_metrics::report::payment_status::{PaymentEvent, PaymentReport, PaymentStatus, PaymentType};
use ponte_metrics::report::stock::{StockFacts, StockReport, StockRole};
use ponte_metrics::report::{
    AdditionalInfo, Arrival, CONSENTS_STOCK, CallOutcome, ClientFacts, ClientReport, DropReason, FunnelStep,
    ServerFacts, ServerReport,
};
use ponte_ports::outbox::OutboxRow;
use ponte_values::{
    ConsentId, Date, Device, InteractionId, Moment, OperatingSystem, OrganisationId, Platform,
    SoftwareStatementId, TokenId,
};

use super::*;

static CONSENT: LazyLock<ConsentId> = LazyLock::new(|| ConsentId::parse("urn:banco:c-1").unwrap());
static TOKEN: LazyLock<TokenId> = LazyLock::new(|| TokenId::parse("c9ng8aKzxNXm").unwrap());
static COMPANY: LazyLock<Customer> =
    LazyLock::new(|| Customer::Company(CompanyProfile::new("2062", CompanySize::Small).ok()));
const WHY: Reason<'static> = Reason { code: "REJEITADO_USUARIO", detail: Some("O usuário rejeitou") };
const CANCELLED: Cancellation<'static> =
    Cancellation { reason: "CANCELADO_PENDENCIA", from: Side::Iniciadora };

fn ended(status: u16) -> CallEnd<'static> {
    CallEnd { status, error_code: (status == 422).then_some("ERRO_IDEMPOTENCIA"), token: Some(&TOKEN) }
}

fn id(text: &str) -> OrganisationId {
    OrganisationId::parse(text).unwrap()
}

fn payments() -> PaymentList<'static> {
    let payment = |rejection| ListedPayment {
        payment: "p-1",
        consent: &CONSENT,
        updated: clock::now(),
        status: "RJCT",
        rejection,
    };
    PaymentList::new(vec![payment(None), payment(Some(WHY))]).unwrap()
}

/// A call of an endpoint: method, template, status, additional info.
type CallFacts = (&'static str, &'static str, u16, AdditionalInfo);

fn data() -> Vec<CallFacts> {
    let consents = "/open-banking/consents/v3/consents";
    let create = DataCall::CreateConsent { consent: Some(&CONSENT), customer: &COMPANY, linked: true };
    let read = DataCall::ReadConsent { consent: &CONSENT, status: Some("AUTHORISED"), linked: false };
    let summary = Some(StatusSummary::of(["AVAILABLE"].into_iter()));
    let resources = DataCall::Resources { consent: &CONSENT, summary };
    vec![
        ("POST", consents, 201, create.info(&ended(201))),
        ("POST", consents, 422, create.info(&ended(422))),
        ("GET", "/open-banking/consents/v3/consents/{consentId}", 200, read.info(&ended(200))),
        ("GET", "/open-banking/resources/v3/resources", 200, resources.info(&ended(200))),
        ("GET", "/open-banking/accounts/v2/accounts", 504, DataCall::Data(&CONSENT).info(&ended(504))),
    ]
}

fn security() -> Vec<CallFacts> {
    let token = |grant| SecurityCall::Token(grant);
    let code = token(Grant::AuthorizationCode(Granted::Consent(&CONSENT)));
    let refresh = token(Grant::RefreshToken(Granted::Enrollment(&CONSENT)));
    vec![
        ("POST", "/token", 200, code.info(&ended(200))),
        ("POST", "/token", 200, refresh.info(&ended(200))),
        ("POST", "/token", 400, token(Grant::ClientCredentials).info(&ended(400))),
        ("POST", "/register", 201, SecurityCall::Register { webhooks: true }.info(&ended(201))),
        ("GET", "/register/{clientId}", 200, SecurityCall::Other.info(&ended(200))),
    ]
}

fn single_payments() -> Vec<CallFacts> {
    let (consents, pix) = ("/open-banking/payments/v5/consents", "/open-banking/payments/v5/pix/payments");
    let one = "/open-banking/payments/v5/pix/payments/{paymentId}";
    let create = |time| PaymentConsentCall::Create {
        consent: Some(&CONSENT),
        customer: &COMPANY,
        intent: AuthorisationFlow::FidoFlow,
        mode: PaymentMode::Recurrent,
        instrument: LocalInstrument::Manu,
        time,
        status: Some("AWAITING_AUTHORISATION"),
    };
    let read = PaymentConsentCall::Read {
        consent: &CONSENT,
        instrument: Some(LocalInstrument::Qres),
        status: Some("REJECTED"),
        rejection: Some(WHY),
        webhook: Some("530bfa60-e40f-4776-96c2-82b418aaa0af"),
    };
    let payment = |step| PaymentCall {
        consent: &CONSENT,
        flow: None,
        status: Some("CANC"),
        instrument: Some(LocalInstrument::Dict),
        step,
    };
    let date = PaymentTime::Date(Date::parse("2026-03-01").unwrap());
    let plan = PaymentTime::Schedule(r#"{"single":{"date":"2026-03-01"}}"#);
    let created = payment(PaymentStep::Create { mode: PaymentMode::Immediate, payments: Some(payments()) });
    let seen = payment(PaymentStep::Read { rejection: Some(WHY), cancellation: Some(CANCELLED) });
    let ended_by = payment(PaymentStep::Cancel { mode: PaymentMode::Change, cancellation: Some(CANCELLED) });
    vec![
        ("POST", consents, 201, create(date).info(&ended(201))),
        ("POST", consents, 201, create(plan.clone()).info(&ended(201))),
        ("POST", consents, 422, create(plan).info(&ended(422))),
        ("GET", "/open-banking/payments/v5/consents/{consentId}", 200, read.info(&ended(200))),
        ("POST", pix, 201, created.info(&ended(201))),
        ("POST", pix, 500, created.info(&ended(500))),
        ("GET", one, 200, seen.info(&ended(200))),
        ("PATCH", one, 200, ended_by.info(&ended(200))),
    ]
}

fn recurring_payments() -> Vec<CallFacts> {
    let (consents, pix) = (
        "/open-banking/automatic-payments/v2/recurring-consents",
        "/open-banking/automatic-payments/v2/pix/recurring-payments",
    );
    let terms = Recurring::Automatic(AutomaticTerms {
        amount: AmountType::Fixo,
        interval: Interval::Anual,
        minimum_amount: true,
        first_payment: true,
        retry_accepted: false,
        reference_start: Date::parse("2026-03-01").unwrap(),
    });
    let consent = |step| RecurringConsentCall {
        consent: Some(&CONSENT),
        customer: &COMPANY,
        recurring: &terms,
        journey: Some(&CONSENT),
        status: Some("REJECTED"),
        step,
    };
    let payment = |step| RecurringPaymentCall {
        consent: &CONSENT,
        kind: RecurringPaymentKind::Automatic { reference: Some("R/2025-09-23/P1M"), original: Some("TXpR") },
        flow: Some(AuthorisationFlow::CibaFlow),
        instrument: Some(LocalInstrument::Auto),
        payment: Some("TXpRMU9"),
        status: Some("PDNG"),
        step,
    };
    let rejected = ConsentEnd::Rejected { reason: WHY, by: Actor::Usuario, from: Side::Detentora };
    let created = consent(RecurringConsentStep::Create(AuthorisationFlow::HybridFlow));
    let read = consent(RecurringConsentStep::Read(Some(rejected)));
    let revoked = consent(RecurringConsentStep::Change(Some(ConsentEnd::Revoked(WHY))));
    let one = "/open-banking/automatic-payments/v2/recurring-consents/{recurringConsentId}";
    let due = Date::parse("2026-03-01").unwrap();
    vec![
        ("POST", consents, 201, created.info(&ended(201))),
        ("POST", consents, 422, created.info(&ended(422))),
        ("GET", one, 200, read.info(&ended(200))),
        ("PATCH", one, 200, revoked.info(&ended(200))),
        ("POST", pix, 201, payment(RecurringPaymentStep::Create(due)).info(&ended(201))),
        ("GET", pix, 200, payment(RecurringPaymentStep::List(Some(payments()))).info(&ended(200))),
    ]
}

fn enrollments() -> Vec<CallFacts> {
    let all = "/open-banking/enrollments/v2/enrollments";
    let one = "/open-banking/enrollments/v2/enrollments/{enrollmentId}";
    let options =
        FidoOptions { enrollment: &CONSENT, platform: FidoPlatform::CrossPlatform, rp: "pay.example" };
    let create = EnrollmentCall::Create {
        enrollment: Some(&CONSENT),
        customer: &COMPANY,
        journey: Some(&CONSENT),
        status: Some("AWAITING_RISK_SIGNALS"),
    };
    let ends = EnrollmentEnd::Revoked { reason: "REVOGADO_USUARIO", from: Some(Side::Iniciadora) };
    let read = EnrollmentCall::One {
        enrollment: &CONSENT,
        customer: &Customer::Person,
        journey: None,
        status: Some("REVOKED"),
        end: Some(ends),
    };
    let fido = |call: EnrollmentCall<'_>| call.info(&ended(201));
    let single = Authorised::Consent { id: &CONSENT, nfc: true };
    let authorise = EnrollmentCall::Authorise { enrollment: &CONSENT, authorised: single };
    let registration = EnrollmentCall::Registration { enrollment: &CONSENT, attachment: None };
    vec![
        ("POST", all, 201, create.info(&ended(201))),
        ("GET", one, 200, read.info(&ended(200))),
        (
            "POST",
            "/open-banking/enrollments/v2/enrollments/{enrollmentId}/fido-registration",
            204,
            fido(registration),
        ),
        (
            "POST",
            "/open-banking/enrollments/v2/enrollments/{enrollmentId}/fido-sign-options",
            201,
            fido(EnrollmentCall::SignOptions(options, Authorised::Recurring(&CONSENT))),
        ),
        (
            "POST",
            "/open-banking/enrollments/v2/consents/{consentId}/authorise",
            204,
            authorise.info(&ended(204)),
        ),
    ]
}

/// The report of a call that the client of the bench made.
fn made(bench: &Bench, (method, endpoint, status, info): CallFacts) -> OutboxRow {
    let url = format!("https://api.banco.example{endpoint}");
    let call = ClientFacts {
        interaction: InteractionId::parse(&clock::new_id()).ok(),
        endpoint,
        method,
        outcome: if status == 504 { CallOutcome::GaveUp } else { CallOutcome::Answered(status) },
        url: &url,
        sent: clock::now(),
        span: Duration::from_millis(3),
        client: id(&bench.client.id),
        statement: SoftwareStatementId::parse(&bench.client.software_statement_id).unwrap(),
        server: id(&bench.server.id),
        correlation: Some("viagem 1"),
        info,
    };
    ClientReport::of(call).unwrap().into_row("1".to_owned(), clock::now()).unwrap()
}

/// Answer of the platform to a row: accepted, or the reason why not.
async fn judged(bench: &Bench, reporter: &Member, row: &OutboxRow) -> (u16, Value) {
    let item: Value = serde_json::from_str(&row.body).unwrap();
    // A stock goes alone, everything else in a list.
    let body = if row.path == CONSENTS_STOCK { item } else { json!([item]) };
    bench.send(reporter, row.path, &body).await
}

#[tokio::test]
async fn m11_m30_to_m39_every_call_that_is_made_is_told_as_the_platform_wants_it() {
    let bench = Bench::new();
    for calls in [data(), security(), single_payments(), recurring_payments(), enrollments()] {
        for call in calls {
            let row = made(&bench, call);
            let (status, verdicts) = judged(&bench, &bench.client, &row).await;
            assert_eq!(
                (status, &verdicts[0]["status"]),
                (200, &json!("ACCEPTED")),
                "{verdicts} {}",
                row.body
            );
        }
    }
}

#[tokio::test]
async fn m10_m38_every_call_that_is_served_is_told_as_the_platform_wants_it() {
    let bench = Bench::new();
    let call = || ServerFacts {
        interaction: InteractionId::parse(&clock::new_id()).unwrap(),
        endpoint: "/open-banking/consents/v3/consents",
        method: "POST",
        status: 201,
        arrived: clock::now(),
        answered: clock::now(),
        client: id(&bench.client.id),
        server: id(&bench.server.id),
    };
    let mut reports = vec![ServerReport::of(call()), ServerReport::of(ServerFacts { status: 422, ..call() })];
    for reason in [
        DropReason::None,
        DropReason::NoCredential,
        DropReason::CredentialUnavailable,
        DropReason::NoAuthority,
        DropReason::NoAuthorityPersonMismatch,
    ] {
        reports.push(ServerReport::of(call()).dropped(reason).unwrap());
    }
    for report in reports {
        let row = report.into_row("1".to_owned(), clock::now()).unwrap();
        let (status, verdicts) = judged(&bench, &bench.server, &row).await;
        assert_eq!(status, 200, "{verdicts} {}", row.body);
    }
}

#[tokio::test]
async fn m40_m50_to_m52_steps_stocks_payments_and_open_data_are_told_as_the_platform_wants_them() {
    let bench = Bench::new();
    let device = Device { platform: Platform::App, os: OperatingSystem::Ios, os_version: "18.1".to_owned() };
    let url = Some("https://auth.banco.example/authorize?a=b");
    let steps = [
        FunnelStep::RedirectToServer { authorization_endpoint: url },
        FunnelStep::RedirectTarget { arrival: Arrival::AwaitingHandoff, authorization_endpoint: url },
        FunnelStep::Authenticated,
        FunnelStep::RedirectToClient { callback: "https://r.example/cb", authorised: false },
        FunnelStep::RedirectTargetWithErrors { error: "access_denied" },
        FunnelStep::RedirectTargetWithoutErrors,
    ];
    let now = clock::now();
    let mut rows: Vec<OutboxRow> = steps
        .into_iter()
        .map(|step| step.into_row("1".to_owned(), &CONSENT, &device, now).unwrap())
        .collect();
    let stock = StockFacts {
        date: now.date_brasilia().plus_days(-1),
        organisation: id(&bench.server.id),
        role: StockRole::Server,
        persons: 2,
        companies: 1,
        consents: BTreeMap::from([(bench.client.id.clone(), 3)]),
    };
    rows.push(StockReport::of(stock).unwrap().into_row().unwrap());
    for status in [PaymentStatus::Settled, PaymentStatus::Rejected("SALDO_INSUFICIENTE")] {
        let (client, kind) = (id(&bench.client.id), PaymentType::Scheduled);
        let event = PaymentEvent { at: now, consent: &CONSENT, payment: "p-1", status, kind, client };
        rows.push(PaymentReport::of(event).unwrap().into_row("1".to_owned()).unwrap());
    }
    let open = OpenDataFacts {
        endpoint: "/open-banking/channels/v2/branches",
        method: "GET",
        status: 200,
        arrived: now,
        answered: now,
        client_ip: "2001:db8::1".parse().ok(),
    };
    rows.push(OpenDataReport::of(&open).unwrap().into_row("1".to_owned(), Moment::from_millis(0)).unwrap());
    for row in rows {
        let (status, verdicts) = judged(&bench, &bench.server, &row).await;
        assert_eq!(status, 200, "{} {verdicts} {}", row.path, row.body);
    }
}
