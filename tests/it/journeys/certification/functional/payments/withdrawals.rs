//! Saque and troco: cash, by a code.

use ponte_participant::payments::static_code;
use serde_json::json;

use super::*;
use crate::journeys::payments::{BRUNO, BRUNO_JOINT, Initiator};

fn withdrawal(amount: &str) -> PaymentOrder {
    let order = order().set("/payment/amount", amount.into()).set("/payment/purpose", "WITHDRAW".into());
    order.by("QRES").with_static_code(None)
}

#[tokio::test]
async fn p57_z_pay_62_z_pay_65_cash_by_a_static_code() {
    let it = Initiator::begin().await;
    it.pays(&withdrawal("50.00")).await;
    let code = static_code("cea24d72-0b41-5f88-97fc-6115dcd3db3a", Some("50.00"), "***");
    let more = withdrawal("50.01").set("/payment/details/qrCode", code.into());
    it.rejected(&more, &["VALOR_INVALIDO"]).await;
}

#[tokio::test]
async fn z_pay_63_cash_has_a_limit() {
    let it = Initiator::alone(&[r#"PaymentRules={"withdrawal":"500.00"}"#]).await;
    it.pays(&withdrawal("500.00")).await;
    it.rejected(&withdrawal("500.01"), &["VALOR_ACIMA_LIMITE"]).await;
    // The limit is that of cash alone.
    it.pays(&order().set("/payment/amount", "500.01".into())).await;
}

#[tokio::test]
async fn p57_z_pay_64_cash_takes_full_powers() {
    let it = Initiator::begin().await;
    let order = withdrawal("10.00").set("/loggedUser/document/identification", CUSTOMERS[BRUNO].cpf.into());
    it.rejected_from(&order, (BRUNO, BRUNO_JOINT), &["PERMISSAO_INSUFICIENTE"]).await;
}

#[tokio::test]
async fn p57_z_pay_66_a_purchase_with_change() {
    let it = Initiator::begin().await;
    let change = |amount: &str| {
        let troco = json!({ "valor": "5.00", "modalidadeAlteracao": 0 });
        let order = order().set("/payment/amount", amount.into()).set("/payment/purpose", "CHANGE".into());
        order
            .by("QRDN")
            .with_charge(&json!({ "valor": { "original": "10.00", "retirada": { "troco": troco } } }))
    };
    it.pays(&change("15.00")).await;
    it.rejected(&change("15.01"), &["VALOR_INVALIDO"]).await;
}
