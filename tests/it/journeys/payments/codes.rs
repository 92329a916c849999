//! PB-A: the texts of Pix codes, as others write them.

use ponte_participant::PaymentOrder;

use super::{Initiator, KEY, order_of};

/// The static code of the cases, with the checksum that it must have.
pub(super) fn code(scheme: &str, amount: &str, txid: &str) -> String {
    let (money, reference) = (amount.len(), txid.len());
    let body = format!(
        "00020126580014{scheme}0136{KEY}520400005303986{}5802BR5912LOJA EXEMPLO6008BRASILIA62{:02}05{reference:02}{txid}6304",
        format_args!("54{money:02}{amount}"),
        reference + 4,
    );
    let crc = body.bytes().fold(0xFFFF_u16, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    });
    format!("{body}{crc:04X}")
}

/// An order of this amount by this code.
fn by_code(amount: &str, code: &str) -> PaymentOrder {
    order_of(amount).by("QRES").set("/payment/details/qrCode", code.into())
}

#[tokio::test]
async fn pb_a01_a_checksum_keeps_its_zeros() {
    let it = Initiator::alone(&[]).await;
    let right = code("br.gov.bcb.pix", "10.00", "PEDIDO0185");
    assert!(right.ends_with("63040C00"), "{right}");
    let cut = &right[..right.len() - 8];
    for wrong in ["6304C00", "6303C00"] {
        it.rejected(&by_code("10.00", &format!("{cut}{wrong}")), &["QRCODE_INVALIDO"]).await;
    }
    let order = PaymentOrder { txid: Some("PEDIDO0185".to_owned()), ..by_code("10.00", &right) };
    it.pays(&order).await;
    it.core.moved(1, 1_000).await;
}

#[tokio::test]
async fn pb_a02_the_name_of_the_scheme_is_read_in_any_case() {
    let it = Initiator::alone(&[]).await;
    for (scheme, crc) in [("BR.GOV.BCB.PIX", "EB91"), ("br.gov.bcb.pix", "021F"), ("Br.Gov.Bcb.Pix", "501D")]
    {
        let code = code(scheme, "10.00", "***");
        assert!(code.ends_with(crc), "{code}");
        it.pays(&by_code("10.00", &code)).await;
    }
    it.core.moved(3, 3_000).await;
}

#[tokio::test]
async fn pb_a03_amounts_without_cents_are_whole() {
    let it = Initiator::alone(&[]).await;
    for (text, crc, amount) in [
        ("10", "0052", "10.00"),
        ("10.", "F928", "10.00"),
        ("10.0", "5E71", "10.00"),
        ("198", "E4F4", "198.00"),
    ] {
        let code = code("br.gov.bcb.pix", text, "***");
        assert!(code.ends_with(crc), "{code}");
        it.pays(&by_code(amount, &code)).await;
    }
    it.rejected(&by_code("1.98", &code("br.gov.bcb.pix", "198", "***")), &["VALOR_INVALIDO"]).await;
    it.core.moved(4, 22_800).await;
}
