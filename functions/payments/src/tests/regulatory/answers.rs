//! Answers: signed for the client, with the headers of their API, and with bodies as the official files have them.

use std::collections::BTreeSet;

use ponte_catalog::Row;
use ponte_catalog::payments::{v4, v5};
use serde_json::{Value, json};

use super::official::{Official, faults};
use super::requests::{
    TXID, asked, asked_by_code, asked_by_key, asked_later, cancellation, dynamic_code, item, static_code,
    with,
};
use super::world::{INSTITUTION, INTERACTION, MINUTE, Reply, World, at_15, fresh_key};
use super::{BOTH, Version};

/// Judges answers of a version by its file, where there is one.
struct Judge {
    version: Version,
    file: Option<Official>,
    seen: BTreeSet<(&'static str, &'static str, i64)>,
}

impl Judge {
    fn new(version: Version) -> Self {
        let name = if version == Version::V5 { "payments-5.0.0" } else { "payments-4.0.1" };
        Self { version, file: Official::open(name), seen: BTreeSet::new() }
    }

    fn judge(&mut self, row: &'static Row, reply: &Reply) {
        assert_eq!(reply.headers["x-v"], row.api.version);
        assert_eq!(reply.headers["x-fapi-interaction-id"], INTERACTION);
        let status = u16::try_from(reply.status).unwrap();
        self.seen.insert((row.template, row.method.as_str(), reply.status));
        if reply.raw.is_empty() {
            assert_eq!(status, 202, "nothing else has no body");
            return;
        }
        let media = if reply.signed { "application/jwt" } else { "application/json; charset=utf-8" };
        assert_eq!(reply.headers["content-type"], media);
        let mut body = reply.body.clone();
        if reply.signed {
            for claim in ["aud", "iss", "iat", "jti"] {
                assert!(body.as_object_mut().unwrap().remove(claim).is_some(), "S61: {claim}");
            }
        }
        let Some(file) = &self.file else { return };
        let method = row.method.as_str().to_lowercase();
        let judge = file.part((&method, row.path(), status), media, "");
        assert_eq!(faults(&judge, &body), Vec::<String>::new(), "{:?} {} {body}", self.version, row.template);
    }
}

fn rows(version: Version) -> &'static [&'static Row] {
    if version == Version::V5 { v5::ROWS } else { v4::ROWS }
}

fn row(version: Version, operation: &str) -> &'static Row {
    rows(version).iter().find(|row| row.operation == operation).unwrap()
}

const CREATE: &str = "paymentsPostConsents";
const READ: &str = "paymentsGetConsentsConsentId";
const PAY: &str = "paymentsPostPixPayments";
const READ_PAYMENT: &str = "paymentsGetPixPaymentsPaymentId";
const CANCEL: &str = "paymentsPatchPixPaymentsPaymentId";
const CANCEL_ALL: &str = "paymentsPatchPixPaymentsConsentId";
const LIST: &str = "paymentsGetConsentsConsentIdPayments";

/// Requests for consents of every kind, each with txid of its payments.
fn kinds(version: Version) -> Vec<(Value, Option<&'static str>)> {
    let static_ = static_code(Some("10.00"), "PEDIDO0185");
    let (dynamic, open) = (dynamic_code(false), static_code(None, "***"));
    let code = |instrument: &str, text: &str| asked_by_code(version, instrument, text);
    let later = |schedule: Value| asked_later(version, &schedule);
    let inic = with(&asked_by_key(version), "/payment/details/localInstrument", json!("INIC"));
    let mut kinds = vec![
        (asked(version), None),
        (asked_by_key(version), None),
        (inic, Some("PEDIDO1")),
        (code("QRES", &static_), Some("PEDIDO0185")),
        (code("QRES", &open), None),
        (code("QRDN", &dynamic), Some(TXID)),
        (later(json!({"single": {"date": "2026-12-10"}})), None),
        (later(json!({"daily": {"startDate": "2026-12-10", "quantity": 2}})), None),
        (later(json!({"weekly": {"dayOfWeek": "DOMINGO", "startDate": "2026-12-10", "quantity": 2}})), None),
        (later(json!({"monthly": {"dayOfMonth": 31, "startDate": "2026-12-10", "quantity": 3}})), None),
        (later(json!({"custom": {"dates": ["2026-12-10", "2026-12-12"]}})), None),
    ];
    if version == Version::V5 {
        kinds.push((code("APES", &static_), Some("PEDIDO0185")));
        kinds.push((code("APDN", &dynamic), Some(TXID)));
        kinds.push((with(&asked(version), "/creditor/cpfCnpj", json!("PONTE001000160")), None));
    }
    let company = json!({"document": {"identification": "11222333000181", "rel": "CNPJ"}});
    let company = with(&asked(version), "/businessEntity", company);
    kinds.push((with(&company, "/debtorAccount", super::requests::creditor_account()), None));
    kinds
}

#[tokio::test]
async fn p01_p02_p10_s61_z_pay_04_05_06_every_success_is_as_its_file_has_it() {
    for version in BOTH {
        let world = World::new();
        let mut judge = Judge::new(version);
        for (data, txid) in kinds(version) {
            let created = world.consent(version, &data).await.ok(201);
            judge.judge(row(version, CREATE), &created);
            let id = created.data()["consentId"].as_str().unwrap().to_owned();
            let path = format!("/consents/{id}");
            judge.judge(row(version, READ), &world.get(version, &path).await.ok(200));
            world.authorise(&id, Vec::new());
            judge.judge(row(version, READ), &world.get(version, &path).await.ok(200));
            let schedule = world.stored(&id).request.payment.schedule;
            let minutes = schedule.map_or_else(
                || vec![MINUTE.to_owned()],
                |schedule| schedule.days().into_iter().map(at_15).collect(),
            );
            let payment = |minute: &String| {
                let mut item = item(&data, minute);
                item["remittanceInformation"] = json!("Pão & café");
                if let Some(txid) = txid {
                    item["transactionIdentification"] = json!(txid);
                }
                item
            };
            let items: Vec<Value> = minutes.iter().map(payment).collect();
            let paid = world.pay_once(version, &id, &json!(items)).await;
            judge.judge(row(version, PAY), &paid.clone().ok(201));
            judge.judge(row(version, READ), &world.get(version, &path).await.ok(200));
            for payment in paid.payments() {
                let path = format!("/pix/payments/{payment}");
                judge.judge(row(version, READ_PAYMENT), &world.get(version, &path).await.ok(200));
            }
            if version == Version::V5 {
                let list = world.get(version, &format!("/consents/{id}/pix/payments")).await.ok(200);
                judge.judge(row(version, LIST), &list);
            }
        }
        let daily = asked_later(version, &json!({"daily": {"startDate": "2026-12-11", "quantity": 3}}));
        let (consent, payments) = world.scheduled(version, &daily).await;
        let path = format!("/pix/payments/{}", payments[0]);
        let cancelled = world.patch(version, &path, &cancellation(), &fresh_key()).await.ok(200);
        judge.judge(row(version, CANCEL), &cancelled);
        judge.judge(row(version, READ_PAYMENT), &world.get(version, &path).await.ok(200));
        let all = world.patch(version, &version.cancel_all(&consent), &cancellation(), &fresh_key()).await;
        judge.judge(row(version, CANCEL_ALL), &all);
        for row in rows(version) {
            let success = (row.template, row.method.as_str(), i64::from(row.success));
            assert!(judge.seen.contains(&success), "{success:?}");
        }
    }
}

#[tokio::test]
async fn p10_p20_p33_rejected_resources_are_as_their_file_has_them() {
    use ponte_payment::consent::ConsentRejectionCode;
    use ponte_payment::payment::RejectionCode;
    use ponte_ports::audit::Actor;
    for version in BOTH {
        let world = World::new();
        let mut judge = Judge::new(version);
        let created = world.consent(version, &asked(version)).await.ok(201);
        let id = created.data()["consentId"].as_str().unwrap().to_owned();
        let code = ConsentRejectionCode::RejeitadoUsuario;
        let rejected = world.stored(&id).reject(code, None, Actor::Ponte, world.now()).unwrap();
        world.put(rejected.consent);
        let read = world.get(version, &format!("/consents/{id}")).await.ok(200);
        assert_eq!(read.data()["rejectionReason"]["code"], "REJEITADO_USUARIO");
        judge.judge(row(version, READ), &read);
        for code in [
            RejectionCode::SaldoInsuficiente,
            RejectionCode::FalhaInfraestruturaDetentora,
            RejectionCode::FalhaAgendamentoPagamentos,
        ] {
            let (_, payment) = world.paid(version).await;
            let rejected =
                world.payment(&payment).reject(code, "por um motivo", Actor::Ponte, world.now()).unwrap();
            world.put_payment(rejected.payment);
            let read = world.get(version, &format!("/pix/payments/{payment}")).await.ok(200);
            assert_eq!(read.data()["status"], "RJCT");
            assert_eq!(
                read.data()["rejectionReason"],
                json!({"code": code.as_str(), "detail": "por um motivo"})
            );
            judge.judge(row(version, READ_PAYMENT), &read);
        }
    }
}

#[tokio::test]
async fn p37_z_pay_21_23_refusals_are_as_the_file_has_them_and_signed_if_they_are_422() {
    for version in BOTH {
        let world = World::new();
        let mut judge = Judge::new(version);
        let data = asked(version);
        let (consent, payment) = world.paid(version).await;
        let wrong = with(&data, "/payment/currency", json!("USD"));
        judge.judge(row(version, CREATE), &world.consent(version, &wrong).await);
        let second = world.pay_once(version, &consent, &json!([item(&data, MINUTE)])).await;
        judge.judge(row(version, PAY), &second);
        let running = format!("/pix/payments/{payment}");
        let refused = world.patch(version, &running, &cancellation(), &fresh_key()).await;
        judge.judge(row(version, CANCEL), &refused);
        let path = version.cancel_all(&consent);
        let refused = world.patch(version, &path, &cancellation(), &fresh_key()).await;
        judge.judge(row(version, CANCEL_ALL), &refused);
        assert_eq!(refused.body["iss"], INSTITUTION);
        judge.judge(row(version, READ), &world.get(version, "/consents/urn:banco:payment:9").await);
        judge.judge(row(version, READ_PAYMENT), &world.get(version, "/pix/payments/9").await);
        let mut forged = world.write("POST", version, "/consents", &data, &fresh_key());
        forged.body = Some("a.b.c".to_owned());
        let bad = world.send(forged.clone()).await;
        assert_eq!(bad.refused(), (400, "BAD_SIGNATURE"));
        judge.judge(row(version, CREATE), &bad);
        forged.headers["authorization"] = json!("Bearer spoiled");
        let bad = world.send(forged.clone()).await;
        assert_eq!(bad.refused().0, 401);
        judge.judge(row(version, CREATE), &bad);
        let mut anonymous = world.write("POST", version, "/consents", &data, &fresh_key());
        anonymous.headers.as_object_mut().unwrap().remove("x-fapi-interaction-id");
        let bad = world.send(anonymous).await;
        assert_eq!(bad.refused(), (400, "PARAMETRO_INVALIDO"), "Z-PAY-23");
        assert!(bad.headers["x-fapi-interaction-id"].is_string());
    }
}

#[tokio::test]
async fn z_pay_22_a_client_that_accepts_json_gets_the_signed_answer() {
    for version in BOTH {
        let world = World::new();
        let (consent, _) = world.paid(version).await;
        for (accept, status) in [("application/json", 200), ("application/jwt", 200), ("text/html", 406)] {
            let path = format!("{}/consents/{consent}", version.base());
            let mut call = world.signed("GET", &path, &json!({}), "key", None);
            (call.body, call.headers["accept"]) = (None, json!(accept));
            let reply = world.send(call).await;
            assert_eq!((reply.status, reply.signed), (status, status == 200), "{accept}");
        }
    }
}
