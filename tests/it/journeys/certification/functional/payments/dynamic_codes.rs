//! Dynamic codes.

use ponte_participant::payments::static_code;
use serde_json::json;

use super::*;
use crate::journeys::payments::{Initiator, tomorrow};

#[tokio::test]
async fn z_pay_58_z_pay_59_a_dynamic_code_is_there_and_is_one() {
    let it = Initiator::begin().await;
    let order = || order().by("QRDN").with_charge(&json!({}));
    it.pays(&order()).await;
    it.create(&order().set("/payment/details/qrCode", Value::Null)).await.refused(MISSING);
    let due = json!({
        "calendario": { "criacao": "2026-01-01T00:00:00Z", "dataDeVencimento": tomorrow().to_string() },
    });
    let due = super::order().by("QRDN").with_charge(&due);
    it.create(&due).await.refused(MISSING);
    let (_, paid) = it.pays(&due.set("/payment/ibgeTownCode", "5300108".into())).await;
    assert_eq!(paid["localInstrument"], "QRDN");
    let code = static_code("cea24d72-0b41-5f88-97fc-6115dcd3db3a", Some("10.00"), "***");
    it.rejected(&order().set("/payment/details/qrCode", code.into()), &["QRCODE_INVALIDO"]).await;
}
