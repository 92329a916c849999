//! NFC: APDN is a dynamic code, APES a static one.

use serde_json::json;

use super::*;
use crate::journeys::payments::Initiator;

#[tokio::test]
async fn z_pay_51_z_pay_52_z_pay_53_a_dynamic_code_by_nfc() {
    let it = Initiator::begin().await;
    let order = || order().by("APDN").with_charge(&json!({}));
    it.pays(&order()).await;
    let one = order();
    it.refused(&one, &items_with(&one, "/localInstrument", "QRDN".into()), DIFFERS).await;
    for (place, value) in [
        ("/qrCode", Value::Null),
        ("/proxy", Value::Null),
        ("/transactionIdentification", "a2345678901234567890123".into()),
    ] {
        let one = order();
        it.refused(&one, &items_with(&one, place, value), DETAIL).await;
    }
}

#[tokio::test]
async fn z_pay_54_z_pay_55_z_pay_56_z_pay_57_a_static_code_by_nfc() {
    let it = Initiator::begin().await;
    let with = order().by("APES").with_static_code(Some("PEDIDO54"));
    let without = order().by("APES").with_static_code(None);
    it.pays(&with).await;
    it.pays(&without).await;
    it.refused(&with, &items_with(&with, "/localInstrument", "QRES".into()), DIFFERS).await;
    let txid = "/transactionIdentification";
    for (order, place, value) in [
        (&with, "/qrCode", Value::Null),
        (&with, "/proxy", Value::Null),
        (&with, txid, "a2345678901234567890123456".into()),
        (&with, txid, Value::Null),
        (&without, txid, "PEDIDO54".into()),
    ] {
        it.refused(order, &items_with(order, place, value), DETAIL).await;
    }
}
