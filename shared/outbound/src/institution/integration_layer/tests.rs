//! The integration layer: what is sent, and what every kind of answer means.

use std::sync::Arc;

use super::*;
use crate::http::{self, Trust};
use crate::institution::over_http::LONGEST_WAIT;
use crate::institution::way::LIMIT;
use ponte_authorization::approval::{Approvals, Approver};
use ponte_data_consent::consent::{EffectiveStatus, Resource, ResourceStatus};
use ponte_kit::breakers::BreakersInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::examples::{authorisation, created, institution, now};
use ponte_kit::stub::{Reply, Stub};
use ponte_ports::audit::Actor;
use ponte_ports::{Limit, breaker};
use ponte_values::{Cpf, InteractionId, Page, PersonName, ResourceKind};

mod account_holder;
mod connections;
mod credential;
mod hostile;

const ACCOUNT: ResourceKind = ResourceKind::Account;

/// The budget of the tests.
const SHORT: Duration = Duration::from_millis(400);
/// What a call has left that is not late.
const LONG: Duration = Duration::from_secs(12);

fn layer(stub: &Stub) -> IntegrationLayer {
    sharing(stub, Arc::default())
}

/// A breaker that nothing opened yet.
fn untouched_breaker(clock: &Arc<ManualClock>) -> Breaker {
    Breaker::new("environment".to_owned(), Arc::<BreakersInMemory>::default(), clock.clone())
}

/// A layer whose environments share these breakers.
fn sharing(stub: &Stub, shared: Arc<BreakersInMemory>) -> IntegrationLayer {
    let client = http::client(&Trust::webpki(), None).unwrap();
    let credential = SecretText::from("credential".to_owned());
    let clock = Arc::new(ManualClock::default());
    let breaker = Breaker::new("environment".to_owned(), shared, clock.clone());
    let way = Way::over_http(client, stub.url(), clock.clone());
    let mut layer = IntegrationLayer::new(way, credential, institution(), breaker, clock);
    layer.budgets = LayerTimes { identify: SHORT, discover: SHORT, check: SHORT };
    layer
}

fn organisation() -> OrganisationId {
    created().consent.organisation
}

fn correlation() -> InteractionId {
    InteractionId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap()
}

fn authorised() -> Consent {
    created().consent.authorise(authorisation(), Actor::Ponte).unwrap().consent
}

async fn records(stub: &Stub) -> Result<Records, InstitutionFault> {
    records_of(&layer(stub)).await
}

async fn records_of(layer: &IntegrationLayer) -> Result<Records, InstitutionFault> {
    let consent = authorised();
    let EffectiveStatus::Authorised(given) = consent.at(now()) else { panic!("not authorised") };
    let filters = [("fromBookingDate", "2026-01-01".to_owned())];
    let request = RecordsRequest {
        operation: "/accounts/transactions",
        correlation: correlation(),
        consent: &consent,
        resource: given.resources.first(),
        shared: &given.resources.iter().collect::<Vec<_>>(),
        ids: &[("billId", "bill-1")],
        page: Some(Page::parse(Some("2"), None, 1).unwrap()),
        filters: &filters,
        budget: SHORT,
        left: LONG,
    };
    layer.records(request).await
}

#[tokio::test]
async fn a_token_becomes_a_person() {
    let stub = Stub::start(|number, _| match number {
        0 => Reply::json(200, r#"{"data":{"cpf":"12345678909","name":"Ana Exemplo"}}"#),
        1 => Reply::json(200, r#"{"data":{"cpf":"12345678909","cnpj":"11222333000181","name":"Padaria"}}"#),
        _ => Reply::json(422, r#"{"errors":[{"code":"TOKEN_INVALIDO","title":"t","detail":"d"}],"meta":{}}"#),
    })
    .await;
    let layer = layer(&stub);
    let person = layer.identify("secret-token", &organisation(), LONG).await.unwrap();
    assert_eq!((person.cpf.expose(), person.cnpj), ("12345678909", None));
    assert!(layer.identify("secret-token", &organisation(), LONG).await.unwrap().cnpj.is_some());
    assert!(matches!(
        layer.identify("secret-token", &organisation(), LONG).await,
        Err(InstitutionFault::NotFound)
    ));
    assert_eq!(stub.bodies()[0], r#"{"accessToken":"secret-token"}"#);
    let head = &stub.heads()[0];
    assert!(head.starts_with("POST /authentication/decrypt "), "{head}");
    assert!(head.contains("authorization: Bearer credential\r\n"), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
}

#[tokio::test]
async fn discovery_sends_the_consent_without_resources() {
    let answer = r#"{"data":{"resources":[{"resourceLegacyId":[{"key":"accountId","value":"1"}],
        "resourceName":[{"key":"type","value":"Conta"}],"authorizers":[{"cpf":"52998224725","name":"Bruno"}]}]},"meta":{"totalRecords":1}}"#;
    let stub = Stub::start(move |_, _| Reply::json(200, answer)).await;
    let found = layer(&stub).discover(ACCOUNT, &created().consent, correlation(), LONG).await.unwrap();
    assert_eq!(found[0].legacy_id.as_str(), r#"[{"key":"accountId","value":"1"}]"#);
    let [other] = &found[0].approvers[..] else { panic!("C60: somebody else has to agree") };
    assert_eq!(other.cpf.expose(), "52998224725");
    assert_eq!(other.name.as_ref().map(PersonName::expose), Some("Bruno"));
    let body = &stub.bodies()[0];
    assert!(stub.heads()[0].starts_with("POST /accounts/account-discovery "));
    let correlation = r#"{"requestMeta":{"correlationId":"c770aef3-6784-41f7-8e0e-ff5f97bddb3a","#;
    assert!(body.starts_with(correlation), "{body}");
    let consent = concat!(
        r#""brandId":"banco"},"consent":{"brandId":"banco","creationDateTime":"2026-03-01T12:00:00Z","#,
        r#""externalId":"urn:banco:1","tpp":{"name":"c770aef3-6784-41f7-8e0e-ff5f97bddb3a"},"#,
        r#""loggedUser":{"document":{"identification":"12345678909","rel":"CPF"}},"#,
        r#""permissions":["ACCOUNTS_READ","ACCOUNTS_BALANCES_READ","RESOURCES_READ"],"resources":[]}}"#
    );
    assert!(body.ends_with(consent), "{body}");
}

#[tokio::test]
async fn the_customer_who_chooses_is_shown_what_can_be_shown_of_a_balance() {
    let product = |more: &str| {
        format!(
            r#"{{"resourceLegacyId":[{{"key":"a","value":"1"}}],"resourceName":[],"authorizers":[]{more}}}"#
        )
    };
    let balance = |currency: &str, amount: &str| {
        format!(r#","resourceBalanceCurrency":{currency},"resourceBalanceAmount":{amount}"#)
    };
    let cases = [
        (balance("\"BRL\"", "\"1520.75\""), Some("1520.75")),
        (balance("\"USD\"", "\"-0.1234\""), Some("-0.1234")),
        (balance("\"brl\"", "\"1.00\""), None),
        (balance("\"BRL\"", "\"1,00\""), None),
        (balance("\"BRL\"", "\"1.\""), None),
        (balance("\"BRL\"", "\"--1.0\""), None),
        (balance("\"BRL\"", &format!("\"{}.0\"", "1".repeat(19))), None),
        (balance("\"BRL\"", "null"), None),
        (String::new(), None),
    ];
    for (more, expected) in cases {
        let answer = format!(r#"{{"data":{{"resources":[{}]}},"meta":{{}}}}"#, product(&more));
        let stub = Stub::start(move |_, _| Reply::json(200, &answer)).await;
        let found = layer(&stub).discover(ACCOUNT, &created().consent, correlation(), LONG).await.unwrap();
        let shown = found[0].balance.as_ref().map(|balance| balance.amount.as_str());
        assert_eq!((shown, found[0].default_selected), (expected, None), "{more}");
    }
    let answer = format!(r#"{{"data":{{"resources":[{}]}}}}"#, product(r#","defaultSelected":true"#));
    let stub = Stub::start(move |_, _| Reply::json(200, &answer)).await;
    let found = layer(&stub).discover(ACCOUNT, &created().consent, correlation(), LONG).await.unwrap();
    assert_eq!(found[0].default_selected, Some(true));
}

/// The answer to a question for loans.
async fn listed(stub: &Stub) -> Result<Vec<ListedResource>, InstitutionFault> {
    let consent = created().consent;
    let request = ResourcesRequest {
        kind: ResourceKind::Loan,
        correlation: correlation(),
        consent: &consent,
        budget: SHORT,
        left: LONG,
    };
    layer(stub).resources(request).await
}

#[tokio::test]
async fn c60_products_that_no_customer_chooses_come_with_status_and_end() {
    let answer = r#"{"data":{"resources":[{"resourceLegacyId":[{"key":"contract","value":"1"}],"status":"PENDING_AUTHORISATION",
        "validUntil":"2026-03-02T12:00:00Z","authorizers":[{"cpf":"52998224725","name":"Bruno"}],"more":1}]},"meta":{}}"#;
    let stub = Stub::start(move |_, _| Reply::json(200, answer)).await;
    let found = listed(&stub).await.unwrap();
    assert_eq!(found[0].legacy_id.as_str(), r#"[{"key":"contract","value":"1"}]"#);
    assert_eq!(found[0].status, ResourceStatus::PendingAuthorisation);
    assert_eq!(found[0].valid_until.to_string(), "2026-03-02T12:00:00Z");
    assert!(stub.heads()[0].starts_with("POST /loans/discovery "));
    assert!(stub.bodies()[0].ends_with(r#""resources":[]}}"#), "{}", stub.bodies()[0]);
}

#[tokio::test]
async fn c61_an_institution_that_is_still_collecting_is_not_ready() {
    let stub = Stub::start(|_, _| Reply::json(202, "")).await;
    assert!(matches!(listed(&stub).await, Err(InstitutionFault::NotReady(None))));
}

#[tokio::test]
async fn c60_a_discovery_that_breaks_the_contract_is_a_fault_as_a_whole() {
    let key = |text: &str| format!(r#"[{{"key":"contract","value":"{text}"}}]"#);
    let product = |key: &str, status: &str, end: &str| {
        format!(r#"{{"resourceLegacyId":{key},"status":"{status}","validUntil":"{end}"}}"#)
    };
    let (end, long) = ("2026-03-02T12:00:00Z", key(&"1".repeat(2_000)));
    let good = product(&key("1"), "AVAILABLE", end);
    for bad in [
        product("[]", "OPEN", end),
        product(&key("1"), "AVAILABLE", "tomorrow"),
        product("{}", "AVAILABLE", end),
        product(&long, "AVAILABLE", end),
        r#"{"status":"AVAILABLE"}"#.to_owned(),
    ] {
        let answer = format!(r#"{{"data":{{"resources":[{good},{bad}]}}}}"#);
        let stub = Stub::start(move |_, _| Reply::json(200, &answer)).await;
        assert!(matches!(listed(&stub).await, Err(InstitutionFault::Port(_))), "{bad}");
    }
}

#[tokio::test]
async fn c60_a_discovery_lists_ten_thousand_products_of_a_kind_at_most() {
    for (count, taken) in [(10_000, true), (10_001, false)] {
        let product = |number: u32| {
            format!(
                r#"{{"resourceLegacyId":[{{"key":"c","value":"{number}"}}],"status":"AVAILABLE","validUntil":"2026-03-02T12:00:00Z"}}"#
            )
        };
        let products: Vec<String> = (0..count).map(product).collect();
        let answer = format!(r#"{{"data":{{"resources":[{}]}}}}"#, products.join(","));
        let stub = Stub::start(move |_, _| Reply::json(200, &answer)).await;
        assert_eq!(listed(&stub).await.is_ok(), taken, "{count}");
    }
}

#[tokio::test]
async fn records_come_back_as_they_are() {
    let answer = r#"{ "data":[ {"transactionId": "1", "value": 1.50} ],"meta":{"totalRecords":51} }"#;
    let stub = Stub::start(move |_, _| Reply::json(200, answer)).await;
    assert_eq!(
        records(&stub).await.unwrap().body,
        answer.as_bytes(),
        "what is in it is judged by whoever asked"
    );
    let body = &stub.bodies()[0];
    let meta =
        r#"{"requestMeta":{"correlationId":"c770aef3-6784-41f7-8e0e-ff5f97bddb3a","brandId":"banco"},"#;
    assert!(body.starts_with(meta), "{body}");
    let rest = concat!(
        r#""resources":[{"type":"ACCOUNT","resourceLegacyId":[{"key":"accountId","value":"0001-00012345"}],"#,
        r#""hasMultipleAuthorisers":false}]},"#,
        r#""resourceLegacyId":[{"key":"accountId","value":"0001-00012345"}],"billId":"bill-1","#,
        r#""fromBookingDate":"2026-01-01","page":2,"pageSize":25}"#
    );
    assert!(body.ends_with(rest), "{body}");
}

#[tokio::test]
async fn c60_the_layer_hears_who_had_to_agree_to_a_product() {
    let person = |cpf: &str, name: Option<&str>| {
        let name = name.map(|name| PersonName::parse(name).unwrap());
        Approver::new(Cpf::parse(cpf).unwrap(), name)
    };
    let (bruno, carla) = (person("52998224725", Some("Bruno Exemplo")), person("76109277673", None));
    let mut shared = authorisation();
    let alone = shared.resources[0].clone();
    let approvals = Approvals::besides(
        &created().consent.logged_user,
        vec![bruno.clone(), carla.clone()],
        now().plus(Duration::from_hours(120)),
    );
    let resource = Resource::awaiting("resource-2".to_owned(), alone.kind, alone.legacy_id, approvals);
    shared.resources = vec![resource].into();
    let consent = created().consent.authorise(shared, Actor::Ponte).unwrap().consent;
    let at = now().plus(Duration::from_mins(2));
    let agreed = consent.in_force(at).unwrap().answer(&bruno.cpf, None, true, Actor::Ponte).unwrap();
    let agreed = agreed.consent.in_force(at).unwrap().answer(&carla.cpf, None, true, Actor::Ponte).unwrap();
    let stub = Stub::start(|_, _| Reply::json(200, r#"{"data":[],"meta":{}}"#)).await;
    let request = RecordsRequest {
        operation: "/accounts/find",
        correlation: correlation(),
        consent: &agreed.consent,
        resource: None,
        shared: &agreed.consent.resources().iter().collect::<Vec<_>>(),
        ids: &[],
        page: None,
        filters: &[],
        budget: SHORT,
        left: LONG,
    };
    layer(&stub).records(request).await.unwrap();
    let people = concat!(
        r#""hasMultipleAuthorisers":true,"authorizers":[{"cpf":"52998224725","name":"Bruno Exemplo"},"#,
        r#"{"cpf":"76109277673"}]}]}}"#
    );
    assert!(stub.bodies()[0].ends_with(people), "{}", stub.bodies()[0]);
}

#[tokio::test]
async fn every_other_status_has_its_meaning() {
    let error = r#"{"errors":[{"code":"RECURSO_DE_OUTRO_CLIENTE","title":"t","detail":"d"}]}"#;
    for status in [403, 422] {
        let stub = Stub::start(move |_, _| Reply::json(status, error)).await;
        let fault = records(&stub).await.unwrap_err();
        assert!(matches!(fault, InstitutionFault::Refused(code) if code == "RECURSO_DE_OUTRO_CLIENTE"));
    }
    let stub = Stub::start(move |_, _| Reply::json(404, error)).await;
    assert!(matches!(records(&stub).await, Err(InstitutionFault::NotFound)));
    for (status, body, timeout) in [
        (400, error, false),
        (401, error, false),
        (403, "<html>", false),
        (405, error, false),
        (422, r#"{"errors":[]}"#, false),
        (302, "", false),
        (500, error, false),
        (502, "", false),
        (504, "", true),
    ] {
        let stub = Stub::start(move |_, _| Reply::json(status, body)).await;
        match records(&stub).await {
            Err(InstitutionFault::Port(error)) => {
                assert_eq!((error.is_timeout(), error.is_overloaded()), (timeout, false), "{status}");
            }
            other => panic!("{status}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn t63_limits_and_overload_of_the_layer_keep_their_meaning_and_their_wait() {
    for (status, limit) in [(423, Limit::Operational), (429, Limit::Traffic)] {
        for (header, wait) in [("retry-after: 7\r\n", Some(7)), ("retry-after: soon\r\n", None), ("", None)] {
            let stub = Stub::start(move |_, _| answering(status, header)).await;
            let fault = records(&stub).await.unwrap_err();
            let wanted = (limit, wait.map(Duration::from_secs));
            assert!(matches!(fault, InstitutionFault::Limited(limit, wait) if (limit, wait) == wanted));
        }
    }
    for status in [503, 529] {
        let stub = Stub::start(move |_, _| answering(status, "retry-after: 86400\r\n")).await;
        let InstitutionFault::Port(error) = records(&stub).await.unwrap_err() else {
            panic!("no port error")
        };
        assert!(error.is_overloaded(), "{status}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(LONGEST_WAIT)), "within bounds");
    }
}

/// An empty answer with a status and a header.
fn answering(status: u16, header: &str) -> Reply {
    let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: 0\r\n{header}\r\n");
    Reply::Raw(head.into_bytes())
}

#[tokio::test]
async fn t63_a_silent_operation_is_left_alone_and_the_others_are_asked_as_ever() {
    let stub = Stub::start(|_, request| {
        if request.head.starts_with("POST /accounts/transactions ") {
            return Reply::Hang;
        }
        Reply::json(200, r#"{"data":{"cpf":"12345678909","name":"Ana"}}"#)
    })
    .await;
    let shared = Arc::<BreakersInMemory>::default();
    let mut layer = sharing(&stub, shared.clone());
    for _ in 0..breaker::FAILURES {
        assert!(records_of(&layer).await.is_err());
    }
    let asked = stub.heads().len();
    let Err(InstitutionFault::Port(error)) = records_of(&layer).await else { panic!("asked again") };
    assert!(error.is_timeout() && error.retry_after().is_some());
    // Another environment finds it in the store.
    let fresh = sharing(&stub, shared);
    assert!(records_of(&fresh).await.is_err());
    assert_eq!(stub.heads().len(), asked, "nobody asked the layer");
    layer.budgets.identify = Duration::from_secs(5);
    assert!(layer.identify("t", &organisation(), LONG).await.is_ok());
}

#[tokio::test]
async fn t63_a_call_that_is_late_itself_waits_for_what_it_has_left_and_blames_nobody() {
    let stub = Stub::start(|_, _| Reply::Hang).await;
    let shared = Arc::<BreakersInMemory>::default();
    let mut layer = sharing(&stub, shared.clone());
    layer.budgets = LayerTimes { identify: LONG, discover: LONG, check: LONG };
    let left = Duration::from_millis(20);
    for _ in 0..breaker::FAILURES {
        for fault in [
            layer.identify("t", &organisation(), left).await.unwrap_err(),
            layer.discover(ACCOUNT, &created().consent, correlation(), left).await.unwrap_err(),
        ] {
            assert!(matches!(fault, InstitutionFault::Port(error) if error.is_timeout()));
        }
    }
    assert_eq!(shared.writes.load(Ordering::Relaxed), 0, "nobody is held back");
    let asked = stub.heads().len();
    assert!(layer.identify("t", &organisation(), left).await.is_err());
    assert_eq!(stub.heads().len(), asked + 1, "it is asked as ever");
}

#[tokio::test]
async fn answers_that_are_none_are_faults_of_the_layer() {
    for body in ["", "{}", "[]", r#"{"data":7}"#, r#"{"data":"x","meta":{}}"#, r#"{"data":[1,}"#, "\u{7f}"] {
        let stub = Stub::start(move |_, _| Reply::json(200, body)).await;
        let found = layer(&stub).discover(ACCOUNT, &created().consent, correlation(), LONG).await;
        assert!(matches!(found, Err(InstitutionFault::Port(_))), "{body}");
    }
    let wrong = r#"{"data":{"cpf":"1234567890"}}"#;
    let stub = Stub::start(move |_, _| Reply::json(200, wrong)).await;
    let fault = layer(&stub).identify("t", &organisation(), LONG).await.unwrap_err();
    assert!(!format!("{fault:?}").contains("1234567890"));
    let wrong = r#"{"data":{"resources":[{"resourceLegacyId":"1","resourceName":[]}]}}"#;
    let stub = Stub::start(move |_, _| Reply::json(200, wrong)).await;
    assert!(layer(&stub).discover(ACCOUNT, &created().consent, correlation(), LONG).await.is_err());
}

#[tokio::test]
async fn silence_is_a_timeout_and_a_flood_is_refused() {
    let stub = Stub::start(|_, _| Reply::Hang).await;
    for fault in [
        layer(&stub).identify("t", &organisation(), LONG).await.unwrap_err(),
        layer(&stub).discover(ACCOUNT, &created().consent, correlation(), LONG).await.unwrap_err(),
        records(&stub).await.unwrap_err(),
    ] {
        assert!(matches!(fault, InstitutionFault::Port(error) if error.is_timeout()));
    }
    let stub = Stub::start(|_, _| {
        Reply::Raw(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", LIMIT + 1).into_bytes())
    })
    .await;
    assert!(matches!(records(&stub).await, Err(InstitutionFault::Port(error)) if !error.is_timeout()));
}

#[test]
fn t64_a_login_and_its_discovery_fit_into_the_time_of_a_call() {
    let client = http::client(&Trust::webpki(), None).unwrap();
    let clock = Arc::new(ManualClock::default());
    let breaker = untouched_breaker(&clock);
    let credential = SecretText::from(String::new());
    let way = Way::over_http(client, String::new(), clock.clone());
    let layer = IntegrationLayer::new(way, credential, institution(), breaker, clock);
    let budgets = layer.budgets;
    assert_eq!(budgets.discover, Duration::from_secs(6));
    assert_eq!(budgets.check, Duration::from_secs(3));
    assert!(budgets.identify + budgets.discover < Duration::from_secs(12));
}
