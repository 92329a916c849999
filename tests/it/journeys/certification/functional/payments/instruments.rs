//! Rules of each localInstrument, and static codes.

use ponte_participant::payments::{static_code, static_code_in};

use super::*;
use crate::journeys::payments::Initiator;

const KEY: &str = "cea24d72-0b41-5f88-97fc-6115dcd3db3a";
const CODE: &str = "/payment/details/qrCode";

#[tokio::test]
async fn z_pay_08_z_pay_09_a_static_code_with_a_key_of_a_person_pays() {
    let it = Initiator::begin().await;
    for key in ["carla@exemplo.test", "+5561990010001"] {
        it.pays(&order().by("QRES").to_carla(key).with_static_code(Some("PEDIDO08"))).await;
    }
}

#[tokio::test]
async fn p50_z_pay_26_z_pay_27_z_pay_28_what_belongs_to_an_instrument() {
    let it = Initiator::begin().await;
    let code = static_code(KEY, Some("10.00"), "***");
    it.create(&order().by("DICT").set(CODE, code.as_str().into())).await.refused(DETAIL);
    it.create(&order().set(CODE, code.into())).await.refused(DETAIL);
    it.create(&order().set("/payment/details/proxy", KEY.into())).await.refused(DETAIL);
    it.create(&order().by("QRES")).await.refused(MISSING);
}

#[tokio::test]
async fn p33_z_pay_29_z_pay_30_a_static_code_says_what_its_consent_says() {
    let it = Initiator::begin().await;
    let other_key = static_code("loja@exemplo.test", Some("10.00"), "***");
    it.rejected(&order().by("QRES").set(CODE, other_key.into()), &["QRCODE_INVALIDO"]).await;
    let other_amount = static_code(KEY, Some("10.01"), "***");
    it.rejected(&order().by("QRES").set(CODE, other_amount.into()), &["VALOR_INVALIDO"]).await;
}

#[tokio::test]
async fn z_pay_31_the_code_of_a_payment_is_that_of_its_consent() {
    let it = Initiator::begin().await;
    let order = order().by("QRES").with_static_code(Some("PEDIDO31"));
    let elsewhere = static_code_in("SAO PAULO", KEY, "10.00", "PEDIDO31");
    it.refused(&order, &items_with(&order, "/qrCode", elsewhere.into()), DIFFERS).await;
}
