//! PB-D, P54: amounts to the cent, and texts that are none.

use http::Method;
use ponte_machine::clock;
use serde_json::{Value, json};

use super::{Initiator, V5, order_of};

#[tokio::test]
async fn pb_d01_p54_amounts_are_debited_to_the_cent() {
    let it = Initiator::alone(&[]).await;
    for amount in ["19.99", "8.29", "4.56", "1.15", "0.07", "543.93"] {
        let (consent, payment) = it.pays(&order_of(amount)).await;
        let debit = it.core.payment(payment["paymentId"].as_str().unwrap_or_default()).await;
        for told in
            [&consent["payment"]["amount"], &payment["payment"]["amount"], &debit["payment"]["amount"]]
        {
            assert_eq!(told, amount);
        }
    }
    // 577.99, with what the first customer was given at the beginning.
    it.core.moved(6, 57_799).await;
}

#[tokio::test]
async fn pb_d02_p54_amounts_are_digits_a_point_and_two_digits() {
    let it = Initiator::begin().await;
    let texts = [
        "1e2",
        "10",
        "10.0",
        "10.000",
        "1,00",
        "1.000,00",
        "+1.00",
        "-1.00",
        " 1.00",
        "1.00\n",
        ".64",
        "NaN",
        "",
        "12345678901234567.00",
    ];
    let amounts: Vec<Value> = texts.iter().map(|text| json!(text)).chain([json!(10.00)]).collect();
    let order = order_of("10.00");
    for amount in amounts {
        let bad = order.clone().set("/payment/amount", amount.clone());
        it.create(&bad).await.refused(&["PARAMETRO_INVALIDO", "PARAMETRO_NAO_INFORMADO"]);
        let (_, token) = it.authorised(&order).await;
        let mut items = order.items();
        items[0]["payment"]["amount"] = amount;
        let refused = it.post(V5, &token, &items).await;
        refused.refused(&["PARAMETRO_INVALIDO", "PARAMETRO_NAO_INFORMADO"]);
        let id = items[0]["endToEndId"].as_str().unwrap_or_default();
        let executed = it.core.payments().await.into_iter().any(|one| one["endToEndId"] == id);
        assert!(!executed, "no call to the core");
    }
    let path = V5.consents();
    let key = clock::new_id();
    let none = it.signed((Method::POST, &path), &it.own, &key, &Value::Null).await;
    none.refused(&["PARAMETRO_NAO_INFORMADO", "PARAMETRO_INVALIDO"]);
}

#[tokio::test]
async fn pb_d03_nothing_is_not_paid() {
    let it = Initiator::begin().await;
    let zero = it.create(&order_of("0.00")).await;
    zero.refused(&["DETALHE_PAGAMENTO_INVALIDO", "PARAMETRO_INVALIDO"]);
    // A code over nothing leaves the amount open: what the consent says is debited.
    let code = super::codes::code("br.gov.bcb.pix", "0.00", "***");
    assert!(code.ends_with("79CD"), "{code}");
    let order = order_of("10.00").by("QRES").set("/payment/details/qrCode", code.into());
    let (_, payment) = it.pays(&order).await;
    let debit = it.core.payment(payment["paymentId"].as_str().unwrap_or_default()).await;
    assert_eq!(debit["payment"]["amount"], "10.00");
}
