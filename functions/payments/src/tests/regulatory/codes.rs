//! Every code of 422 that the files have (P30, P31, P55), reached through the router, or listed with the reason why it is not.

use std::collections::{BTreeMap, BTreeSet};

use ponte_payment::connector::PaymentRefused;
use ponte_payment::payment::RejectionCode;
use serde_json::{Value, json};

use super::requests::{
    TXID, asked, asked_by_code, asked_later, cancellation, charge, dynamic_code, item, with,
};
use super::world::{MINUTE, Reply, World, fresh_key};
use super::{BOTH, Version};

/// Codes of POST /consents in both files (P30).
const CONSENTS: [&str; 7] = [
    "FORMA_PAGAMENTO_INVALIDA",
    "DATA_PAGAMENTO_INVALIDA",
    "DETALHE_PAGAMENTO_INVALIDO",
    "PARAMETRO_NAO_INFORMADO",
    "PARAMETRO_INVALIDO",
    "ERRO_IDEMPOTENCIA",
    "NAO_INFORMADO",
];
/// What v5 adds there.
const CONSENTS_V5: [&str; 1] = ["PROPOSITO_INVALIDO"];

/// Codes of POST /pix/payments in both files (P31).
const PAYMENTS: [&str; 14] = [
    "SALDO_INSUFICIENTE",
    "VALOR_ACIMA_LIMITE",
    "VALOR_INVALIDO",
    "COBRANCA_INVALIDA",
    "CONSENTIMENTO_INVALIDO",
    "PARAMETRO_NAO_INFORMADO",
    "PARAMETRO_INVALIDO",
    "NAO_INFORMADO",
    "PAGAMENTO_DIVERGENTE_CONSENTIMENTO",
    "DETALHE_PAGAMENTO_INVALIDO",
    "PAGAMENTO_RECUSADO_DETENTORA",
    "PAGAMENTO_RECUSADO_SPI",
    "ERRO_IDEMPOTENCIA",
    "CONSENTIMENTO_PENDENTE_AUTORIZACAO",
];
/// What v5 adds there.
const PAYMENTS_V5: [&str; 2] = ["CONTA_NAO_PERMITE_PAGAMENTO", "QRCODE_INVALIDO"];

/// Codes that POST /consents never tells, and why.
const NOT_TOLD: [(&str, &str); 1] =
    [("NAO_INFORMADO", "every refusal of a request has its reason, and a fault of ours is 500")];

/// Every reason with which the core may refuse.
const REASONS: [RejectionCode; 20] = [
    RejectionCode::SaldoInsuficiente,
    RejectionCode::ValorAcimaLimite,
    RejectionCode::ValorInvalido,
    RejectionCode::CobrancaInvalida,
    RejectionCode::NaoInformado,
    RejectionCode::PagamentoDivergenteConsentimento,
    RejectionCode::DetalhePagamentoInvalido,
    RejectionCode::PagamentoRecusadoDetentora,
    RejectionCode::PagamentoRecusadoSpi,
    RejectionCode::FalhaInfraestrutura,
    RejectionCode::FalhaInfraestruturaSpi,
    RejectionCode::FalhaInfraestruturaDict,
    RejectionCode::FalhaInfraestruturaIcp,
    RejectionCode::FalhaInfraestruturaPspRecebedor,
    RejectionCode::FalhaInfraestruturaDetentora,
    RejectionCode::ContasOrigemDestinoIguais,
    RejectionCode::FalhaAgendamentoPagamentos,
    RejectionCode::ChavePixDivergenteAgendamentoLiquidacao,
    RejectionCode::ContaNaoPermitePagamento,
    RejectionCode::QrcodeInvalido,
];

fn code(reply: &Reply) -> String {
    let (status, code) = reply.refused();
    assert_eq!(status, 422, "{}", reply.body);
    let error = &reply.body["errors"][0];
    assert!(["title", "detail"].iter().all(|name| error[name].as_str().is_some_and(|text| !text.is_empty())));
    code.to_owned()
}

#[tokio::test]
async fn p30_every_code_of_a_consent_is_reached() {
    for version in BOTH {
        let world = World::with_rules(r#"{"instruments": ["MANU"]}"#);
        let good = asked(version);
        let mut told = BTreeSet::new();
        for data in [
            with(&good, "/payment/currency", json!("USD")),
            with(&good, "/creditor", Value::Null),
            with(&good, "/payment/date", json!("2026-12-08")),
            with(&good, "/payment/amount", json!("0.00")),
            super::requests::asked_by_key(version),
        ] {
            told.insert(code(&world.consent(version, &data).await));
        }
        if version == Version::V5 {
            let data = with(&good, "/payment/purpose", json!("RECURRENT_SCHEDULED"));
            told.insert(code(&world.consent(version, &data).await));
        }
        world.ask_consent(version, &good, "key").await.ok(201);
        let other = with(&good, "/payment/amount", json!("11.00"));
        told.insert(code(&world.ask_consent(version, &other, "key").await));
        told.extend(NOT_TOLD.map(|(code, _)| code.to_owned()));
        let more = if version == Version::V5 { &CONSENTS_V5[..] } else { &[] };
        let file: BTreeSet<String> = CONSENTS.iter().chain(more).map(|code| (*code).to_owned()).collect();
        assert_eq!(told, file, "{version:?}");
    }
}

#[tokio::test]
async fn p31_p36_every_code_of_a_payment_is_reached() {
    for version in BOTH {
        let world = World::new();
        let good = asked(version);
        let mut told: BTreeMap<String, u32> = BTreeMap::new();
        let mut note = |reply: &Reply| *told.entry(code(reply)).or_default() += 1;
        for reason in REASONS {
            let refused = PaymentRefused { code: reason, detail: "por um motivo".to_owned() };
            *world.core.refusal.lock().unwrap() = Some(refused);
            let id = world.authorised(version, &good).await;
            let reply = world.pay_once(version, &id, &json!([item(&good, MINUTE)])).await;
            note(&reply);
            assert_eq!(reply.detail(), "por um motivo", "{reason:?}");
            assert_eq!(world.status(version, &id).await, "CONSUMED", "{reason:?}");
        }
        assert_eq!((world.payments(), world.queue.sent.lock().unwrap().len()), (0, 0), "not created (P36)");
        *world.core.refusal.lock().unwrap() = None;
        for (pointer, value) in [
            ("/0/cnpjInitiator", Value::Null),
            ("/0/cnpjInitiator", json!("1")),
            ("/0/payment/amount", json!("10.01")),
            ("/0/proxy", json!("a@b.example")),
        ] {
            let id = world.authorised(version, &good).await;
            let items = with(&json!([item(&good, MINUTE)]), pointer, value);
            note(&world.pay_once(version, &id, &items).await);
        }
        let used = world.authorised(version, &good).await;
        world.pay(version, &used, &json!([item(&good, MINUTE)]), "key").await.ok(201);
        note(&world.pay_once(version, &used, &json!([item(&good, MINUTE)])).await);
        note(&world.pay(version, &used, &json!([item(&good, MINUTE)]), "key").await);
        let waiting = world.consent(version, &good).await.ok(201);
        let waiting = waiting.data()["consentId"].as_str().unwrap().to_owned();
        world.authorise(&waiting, vec!["76109277673"]);
        note(&world.pay_once(version, &waiting, &json!([item(&good, MINUTE)])).await);
        if version == Version::V5 {
            // Its charge is over when it is paid.
            let over = json!({
                "txid": TXID, "valor": {"original": "10.00"},
                "calendario": {"criacao": "2026-12-09T14:00:00Z", "expiracao": 60},
            });
            let mut data = asked_by_code(version, "QRDN", &dynamic_code(false));
            data["payment"]["details"]["payloadJWS"] = json!(charge(&over));
            let id = world.authorised(version, &data).await;
            let mut items = json!([item(&data, MINUTE)]);
            items[0]["transactionIdentification"] = json!(TXID);
            let reply = world.pay_once(version, &id, &items).await;
            assert_eq!(code(&reply), "COBRANCA_INVALIDA");
        }
        let more = if version == Version::V5 { &PAYMENTS_V5[..] } else { &[] };
        let file: BTreeSet<String> = PAYMENTS.iter().chain(more).map(|code| (*code).to_owned()).collect();
        assert_eq!(told.into_keys().collect::<BTreeSet<_>>(), file, "{version:?}");
    }
}

#[tokio::test]
async fn p55_every_code_of_a_cancellation_is_reached() {
    let world = World::new();
    let v5 = Version::V5;
    let data = asked_later(v5, &json!({"daily": {"startDate": "2026-12-11", "quantity": 2}}));
    let (consent, payments) = world.scheduled(v5, &data).await;
    let other =
        with(&cancellation(), "/cancellation/cancelledBy/document/identification", json!("76109277673"));
    for (path, status) in [(format!("/pix/payments/{}", payments[0]), 200), (v5.cancel_all(&consent), 202)] {
        world.patch(v5, &path, &cancellation(), "key").await.ok(status);
        assert_eq!(code(&world.patch(v5, &path, &other, "key").await), "ERRO_IDEMPOTENCIA");
        let over = world.patch(v5, &path, &cancellation(), &fresh_key()).await;
        assert_eq!(code(&over), "PAGAMENTO_NAO_PERMITE_CANCELAMENTO");
    }
}

#[test]
fn p30_p31_the_page_about_payments_names_every_code() {
    let page = include_str!("../../../../../docs/payments.md");
    let codes = CONSENTS.iter().chain(&CONSENTS_V5).chain(&PAYMENTS).chain(&PAYMENTS_V5);
    for code in codes.chain(&["PAGAMENTO_NAO_PERMITE_CANCELAMENTO"]) {
        assert!(page.contains(&format!("| `{code}` |")), "{code}");
    }
    for (code, why) in NOT_TOLD {
        assert!(page.contains(why), "{code}: {why}");
    }
}
