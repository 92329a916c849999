//! Requests that are good, to be made wrong in one place.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_payment::wire::Account;
use serde_json::{Value, json};

use super::Version;
use super::world::{TODAY, end_to_end_id};

pub(super) fn creditor_account() -> Value {
    json!({"ispb": "00099901", "issuer": "0007", "number": "00012345678", "accountType": "CACC"})
}

pub(super) fn account(json: &Value) -> Account {
    serde_json::from_value(json.clone()).unwrap()
}

/// The request for a consent to ten reais now, written by hand.
pub(super) fn asked(version: Version) -> Value {
    let mut data = json!({
        "loggedUser": {"document": {"identification": "12345678909", "rel": "CPF"}},
        "creditor": {"personType": "PESSOA_JURIDICA", "cpfCnpj": "11222333000181", "name": "Padaria Exemplo"},
        "payment": {
            "type": "PIX", "date": TODAY, "currency": "BRL", "amount": "10.00",
            "details": {"localInstrument": "MANU", "creditorAccount": creditor_account()},
        },
    });
    if version == Version::V5 {
        data["payment"]["purpose"] = json!("IMMEDIATE");
    }
    data
}

/// The same with a schedule in place of the date.
pub(super) fn asked_later(version: Version, schedule: &Value) -> Value {
    let mut data = asked(version);
    let mut schedule = schedule.clone();
    let single = schedule.get("single").is_some();
    data["payment"].as_object_mut().unwrap().remove("date");
    match version {
        Version::V5 => {
            schedule["additionalInformation"] = json!("todo mês");
            let purpose = if single { "SINGLE_SCHEDULED" } else { "RECURRENT_SCHEDULED" };
            data["payment"]["purpose"] = json!(purpose);
        }
        Version::V4 => {
            if let Some(custom) = schedule.get_mut("custom") {
                custom["additionalInformation"] = json!("quando der");
            }
        }
    }
    data["payment"]["schedule"] = schedule;
    data
}

/// The same for a key of the directory.
pub(super) fn asked_by_key(version: Version) -> Value {
    let mut data = asked(version);
    data["payment"]["details"]["localInstrument"] = json!("DICT");
    data["payment"]["details"]["proxy"] = json!(KEY);
    data
}

/// The key of the creditor.
pub(super) const KEY: &str = "cea24d72-0b41-5f88-97fc-6115dcd3db3a";

/// The payment that fits a request for a consent, at this minute.
pub(super) fn item(consent: &Value, minute: &str) -> Value {
    let terms = &consent["payment"];
    let mut item = json!({
        "endToEndId": end_to_end_id(minute), "localInstrument": terms["details"]["localInstrument"],
        "payment": {"amount": terms["amount"], "currency": terms["currency"]},
        "creditorAccount": terms["details"]["creditorAccount"], "cnpjInitiator": "50685362000135",
    });
    for member in ["proxy", "qrCode"] {
        if let Some(value) = terms["details"].get(member) {
            item[member] = value.clone();
        }
    }
    item
}

/// `value` with a member at a JSON pointer set, or taken out with `null`.
pub(super) fn with(value: &Value, pointer: &str, member: Value) -> Value {
    let mut changed = value.clone();
    let (place, name) = pointer.rsplit_once('/').unwrap();
    let parent = changed.pointer_mut(place).unwrap();
    match (member, parent) {
        (Value::Null, Value::Object(members)) => drop(members.remove(name)),
        (member, parent) => parent[name] = member,
    }
    changed
}

/// A Pix code of these objects (EMV), with its checksum.
fn code(account: &str, amount: Option<&str>, txid: &str) -> String {
    let tlv = |id: &str, value: &str| format!("{id}{:02}{value}", value.len());
    let amount = amount.map(|amount| tlv("54", amount)).unwrap_or_default();
    let scheme = tlv("00", "br.gov.bcb.pix");
    let template = tlv("26", &format!("{scheme}{account}"));
    let reference = tlv("62", &tlv("05", txid));
    let body =
        format!("000201{template}520400005303986{amount}5802BR5912LOJA EXEMPLO6008BRASILIA{reference}6304");
    let crc = body.bytes().fold(0xFFFF_u16, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    });
    format!("{body}{crc:04X}")
}

/// A static code of the creditor's key.
pub(super) fn static_code(amount: Option<&str>, txid: &str) -> String {
    code(&format!("0136{KEY}"), amount, txid)
}

/// A dynamic code; of a charge with a due date, if `due`.
pub(super) fn dynamic_code(due: bool) -> String {
    let url =
        format!("pix.example.com/qr/v2/{}9d36b84fc70b478fb95c12729b90ca25", if due { "cobv/" } else { "" });
    code(&format!("25{:02}{url}", url.len()), None, "***")
}

/// A charge as its institution signed it.
pub(super) fn charge(claims: &Value) -> String {
    format!("eyJhbGciOiJQUzI1NiJ9.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// txid of a dynamic code.
pub(super) const TXID: &str = "fc9a4366ff3d4964b5dbc6c91a8722d3";

/// The request for a consent by an instrument with a code; `code` is that of a static one.
pub(super) fn asked_by_code(version: Version, instrument: &str, code: &str) -> Value {
    let mut data = asked_by_key(version);
    data["payment"]["details"]["localInstrument"] = json!(instrument);
    data["payment"]["details"]["qrCode"] = json!(code);
    if version == Version::V5 && matches!(instrument, "QRDN" | "APDN") {
        let claims = json!({"txid": TXID, "chave": KEY, "valor": {"original": "10.00"}});
        data["payment"]["details"]["payloadJWS"] = json!(charge(&claims));
    }
    data
}

/// The request that a customer asks for to cancel.
pub(super) fn cancellation() -> Value {
    json!({
        "status": "CANC",
        "cancellation": {"cancelledBy": {"document": {"identification": "12345678909", "rel": "CPF"}}},
    })
}
