//! Each stage refuses what it must, by the right code.

use serde_json::{Value, json};

use super::{ANA, Scene, ana, code, consent, payment, shop, status};
use crate::account::Account;
use crate::pix_keys::PixKey;

fn bruno() -> (Value, Account) {
    (
        json!([{ "key": "accountId", "value": "0000-00055501" }]),
        Account::new("11444777", None, "000555010", "TRAN"),
    )
}

fn dollars() -> (Value, Account) {
    (
        json!([{ "key": "accountId", "value": "0005-00050840" }]),
        Account::new("11444777", Some("0005"), "000508402", "CACC"),
    )
}

#[tokio::test]
async fn discovery_shows_what_may_be_debited_and_who_must_agree() {
    let scene = Scene::new();
    let of = async |cpf: &str, cnpj: Option<&str>| {
        let mut asked = json!({ "consent": consent(cpf, ana(), "1.00", &shop()) });
        asked["consent"]["resources"] = json!([]);
        if let Some(cnpj) = cnpj {
            asked["consent"]["businessEntity"] =
                json!({ "document": { "identification": cnpj, "rel": "CNPJ" } });
        }
        scene.told("/account-discovery", &asked).await.body["data"]["resources"].clone()
    };
    let anas = of(ANA, None).await;
    assert_eq!(anas.as_array().map(Vec::len), Some(2));
    assert_eq!(anas[0]["debtorAccount"], json!(ana().1));
    assert_eq!(anas[0]["balance"], json!({ "amount": "3500.00", "currency": "BRL" }));
    let brunos = of("12345678909", None).await;
    assert_eq!(brunos[1]["authorizers"], json!([{ "cpf": ANA, "name": "Ana Exemplo da Silva" }]));
    assert_eq!(
        of("55566677720", None).await.as_array().map(Vec::len),
        Some(1),
        "no dollars, nothing below zero"
    );
    assert_eq!(of("11122233396", Some("11222333000181")).await.as_array().map(Vec::len), Some(1));
    for (cpf, cnpj) in [("33344455508", None), ("11122233396", None), ("99999999999", None)] {
        assert_eq!(of(cpf, cnpj).await, json!([]), "{cpf}");
    }
}

#[tokio::test]
async fn p33_a_consent_is_refused_by_account_limit_and_balance() {
    let scene = Scene::new();
    let said = async |consent: Value| {
        let asked =
            json!({ "consent": consent, "requestBody": { "data": { "validationStage": "POST_CONSENT" } } });
        code(&scene.told("/payment-validation", &asked).await)
    };
    let mut scheduled = consent(ANA, ana(), "49999.00", &shop());
    scheduled["payment"]["schedule"] = json!({ "single": { "date": "2026-03-09" } });
    let mut nothing_chosen = consent(ANA, ana(), "1.00", &shop());
    nothing_chosen["resources"] = json!([]);
    let mixed_up = (bruno().0, ana().1);
    for (asked, answer) in [
        (consent(ANA, ana(), "5500.00", &shop()), (200, "")),
        (scheduled, (200, "")),
        (nothing_chosen, (422, "CONTA_NAO_PERMITE_PAGAMENTO")),
        (consent(ANA, bruno(), "1.00", &shop()), (422, "CONTA_NAO_PERMITE_PAGAMENTO")),
        (consent(ANA, mixed_up, "1.00", &shop()), (422, "CONTA_NAO_PERMITE_PAGAMENTO")),
        (consent("55566677720", dollars(), "1.00", &shop()), (422, "CONTA_NAO_PERMITE_PAGAMENTO")),
        (consent(ANA, ana(), "1.00", &ana().1), (422, "CONTAS_ORIGEM_DESTINO_IGUAIS")),
        (consent(ANA, ana(), "0.00", &shop()), (422, "VALOR_INVALIDO")),
        (consent(ANA, ana(), "50000.01", &shop()), (422, "VALOR_ACIMA_LIMITE")),
        (consent(ANA, ana(), "5500.01", &shop()), (422, "SALDO_INSUFICIENTE")),
    ] {
        assert_eq!(said(asked.clone()).await, (answer.0, answer.1.to_owned()), "{asked}");
    }
    assert_eq!(scene.core.books().entries, 0);
}

#[tokio::test]
async fn p23_a_key_must_lead_to_the_account_also_on_the_day_of_a_scheduled_payment() {
    let scene = Scene::new();
    let carla = Account::new("00099901", None, "55500011", "TRAN");
    let said = async |stage: &str, proxy: &str, creditor: &Account| {
        let mut asked = payment("k", "1.00");
        let data = &mut asked["requestBody"]["data"];
        data["proxy"] = proxy.into();
        data["creditorAccount"] = json!(creditor);
        data["validationStage"] = stage.into();
        code(&scene.told("/payment-validation", &asked).await)
    };
    let (wrong, moved) = ("DETALHE_PAGAMENTO_INVALIDO", "CHAVE_PIX_DIVERGENTE_AGENDAMENTO_LIQUIDACAO");
    for (proxy, creditor, payment, settlement) in [
        ("loja@exemplo.test", shop(), "", ""),
        ("cea24d72-0b41-5f88-97fc-6115dcd3db3a", shop(), "", ""),
        ("+5561990010001", carla.clone(), "", ""),
        ("loja@exemplo.test", carla.clone(), wrong, moved),
        ("ninguem@exemplo.test", shop(), wrong, moved),
        ("mudou@exemplo.test", carla.clone(), "", moved),
    ] {
        for (stage, expected) in [("POST_PAYMENT", payment), ("SETTLEMENT", settlement)] {
            let status = if expected.is_empty() { 200 } else { 422 };
            assert_eq!(said(stage, proxy, &creditor).await, (status, expected.to_owned()), "{stage} {proxy}");
        }
    }
    scene.core.register("loja@exemplo.test", PixKey { account: None, gone_at_settlement: false });
    assert_eq!(said("SETTLEMENT", "loja@exemplo.test", &shop()).await, (422, moved.to_owned()));
    let nowhere = Account::new("11444777", Some("0001"), "99999999", "CACC");
    let mut asked = payment("k", "1.00");
    asked["requestBody"]["data"]["creditorAccount"] = json!(nowhere);
    assert_eq!(code(&scene.told("/payments", &asked).await), (422, wrong.to_owned()));
    assert_eq!(said("NEVER", "x", &shop()).await.0, 400);
}

#[tokio::test]
async fn the_day_has_a_limit_and_the_books_of_a_day_come_in_pages() {
    let scene = Scene::new();
    scene.core.deposit(ana().1, 100_000_000);
    for number in 0..505 {
        let said = scene.told("/payments", &payment(&format!("k{number}"), "396.03")).await;
        assert_eq!(status(&said), (201, "ACSC".into()), "{number}");
    }
    let above = code(&scene.told("/payments", &payment("more", "396.03")).await);
    assert_eq!(above, (422, "VALOR_ACIMA_LIMITE".into()), "505 times 396.03 is 199,995.15");
    let page = async |day: &str, cursor: Option<&str>| {
        let asked = json!({ "requestBody": { "data": { "day": day, "cursor": cursor } } });
        scene.told("/payments-of-day", &asked).await
    };
    let first = page("2026-03-02", None).await.body["data"].clone();
    assert_eq!(first["payments"].as_array().map(Vec::len), Some(500));
    let second = page("2026-03-02", first["nextCursor"].as_str()).await.body["data"].clone();
    let rest = second["payments"].as_array().unwrap();
    assert_eq!((rest.len(), second.get("nextCursor")), (6, None));
    assert_eq!((&rest[4]["idempotencyKey"], &rest[5]["status"]), (&json!("k504"), &json!("RJCT")));
    assert_eq!(rest[4]["payment"]["amount"], "396.03");
    assert_eq!(page("2026-03-03", None).await.body["data"], json!({ "payments": [] }));
    assert_eq!(page("2026-03-02", Some("x")).await.status, 400);
    assert_eq!(page("2026-02-30", None).await.status, 400);
}
