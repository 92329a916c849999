//! PB-E: endToEndIds, documents and codes of accounts, letter by letter.

use ponte_participant::payments::named_at;
use ponte_participant::{PaymentOrder, PaymentsApi};
use serde_json::json;

use super::virtual_time::VirtualTime;
use super::{Initiator, V5, order_of};

#[tokio::test]
async fn pb_e01_p51_the_time_of_an_end_to_end_id_is_near_in_utc() {
    let here = (module_path!(), "pb_e01_p51_the_time_of_an_end_to_end_id_is_near_in_utc");
    let Some(_clock) = VirtualTime::begin(here, "2026-12-01T01:30:00Z") else { return };
    let it = Initiator::begin().await;
    let order = order_of("10.00");
    let ids = |time: &str| format!("{}PonteCase{:02}", &named_at(time)[..21], time.len());
    // At 01:30 and a few seconds: what is 12:00 hours off by the minute is told apart by one more minute.
    for (id, codes) in [
        (ids("202612010130"), None),
        (ids("202611302230"), None),
        (ids("202611301329"), Some("PARAMETRO_INVALIDO")),
        (ids("202612011335"), Some("PARAMETRO_INVALIDO")),
        (ids("202611310130"), Some("PARAMETRO_INVALIDO")),
        (ids("202612010130").replace('E', "e"), Some("PARAMETRO_INVALIDO")),
        (ids("202612010130")[..31].to_owned(), Some("PARAMETRO_INVALIDO")),
        (format!("{}X", ids("202612010130")), Some("PARAMETRO_INVALIDO")),
    ] {
        let items = json!([order.item(&id)]);
        if let Some(code) = codes {
            it.refused(&order, &items, &[code]).await;
        } else {
            let (_, answer) = it.tried(&order, &items).await;
            assert_eq!(answer.with(201).data()[0]["endToEndId"], id.as_str(), "letter by letter");
        }
    }
}

#[tokio::test]
async fn pb_e02_a_cnpj_with_letters_is_of_v5_in_capitals() {
    let it = Initiator::begin().await;
    let with = |order: PaymentOrder, cnpj: &str| order.set("/creditor/cpfCnpj", cnpj.into());
    let order = with(order_of("10.00"), "PONTE001000160");
    let (consent, token) = it.authorised(&order).await;
    assert_eq!(it.consent(V5, &consent).await["creditor"]["cpfCnpj"], "PONTE001000160");
    let mut items = order.items();
    items[0]["cnpjInitiator"] = "PONTE001000160".into();
    let answer = it.post(V5, &token, &items).await.with(201);
    assert_eq!(answer.data()[0]["cnpjInitiator"], "PONTE001000160");
    it.create(&with(order_of("10.00"), "ponte001000160")).await.refused(&["PARAMETRO_INVALIDO"]);
    for cnpj in ["PONTE001000160", "ponte001000160"] {
        let order = PaymentOrder { api: PaymentsApi::V4, ..with(order_of("10.00"), cnpj) };
        it.create(&order.set("/payment/purpose", json!(null))).await.refused(&["PARAMETRO_INVALIDO"]);
    }
}

#[tokio::test]
async fn pb_e03_zeros_in_front_stay() {
    let it = Initiator::begin().await;
    let order = order_of("10.00").set("/loggedUser/document/identification", "01234567890".into());
    let created = it.create(&order).await.with(201);
    let read = it.consent(V5, &created.text("/consentId")).await;
    for told in [created.data(), &read] {
        assert_eq!(told["loggedUser"], order.consent["loggedUser"]);
        assert_eq!(told["payment"]["details"], order.consent["payment"]["details"]);
    }
    let shop = &order.consent["payment"]["details"]["creditorAccount"];
    let before = it.core.balance(shop).await;
    let (_, payment) = it.pays(&order_of("10.00")).await;
    assert_eq!(&payment["creditorAccount"], shop);
    assert!(it.core.balance(shop).await >= before + 1_000, "the core was told of that account");
    let bare = order_of("10.00").set("/payment/details/creditorAccount/ispb", "99901".into());
    it.create(&bare).await.refused(&["PARAMETRO_INVALIDO"]);
}
