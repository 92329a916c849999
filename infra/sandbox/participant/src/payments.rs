//! What an initiator asks for: payment consents of every instrument and schedule, the payments under them, and Pix codes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_machine::clock;
use ponte_values::{Date, Moment};
use serde_json::{Value, json};

/// Letters of the last part of an endToEndId.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// The key of the shop that the orders pay, and its account.
const KEY: &str = "cea24d72-0b41-5f88-97fc-6115dcd3db3a";
/// ISPB of the initiator.
const ISPB: &str = "99000123";
/// The initiator's company.
const INITIATOR: &str = "45997418000153";

/// Versions of the payments API.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaymentsApi {
    /// 4.0.1.
    V4,
    /// 5.0.0.
    V5,
}

/// A payment that a customer wants made.
#[derive(Clone, Debug)]
pub struct PaymentOrder {
    /// The version it is asked for in.
    pub api: PaymentsApi,
    /// `data` of POST /consents.
    pub consent: Value,
    /// txid of the payment.
    pub txid: Option<String>,
}

impl PaymentsApi {
    /// The path before every endpoint.
    #[must_use]
    pub const fn base(self) -> &'static str {
        match self {
            Self::V4 => "/open-banking/payments/v4",
            Self::V5 => "/open-banking/payments/v5",
        }
    }

    /// The path of the consents.
    #[must_use]
    pub fn consents(self) -> String {
        format!("{}/consents", self.base())
    }

    /// The path of the payments.
    #[must_use]
    pub fn payments(self) -> String {
        format!("{}/pix/payments", self.base())
    }

    /// The path that cancels the payments of a consent.
    #[must_use]
    pub fn payments_of(self, consent: &str) -> String {
        match self {
            Self::V4 => format!("{}/pix/payments/consents/{consent}", self.base()),
            Self::V5 => format!("{}/consents/{consent}/pix/payments", self.base()),
        }
    }
}

impl PaymentOrder {
    /// A payment today to the shop's account, written by hand, for a person or a company.
    #[must_use]
    pub fn manual(api: PaymentsApi, (cpf, cnpj): (&str, Option<&str>), amount: &str) -> Self {
        let mut payment = json!({
            "type": "PIX", "date": clock::now().date_brasilia().to_string(), "currency": "BRL", "amount": amount,
            "details": {
                "localInstrument": "MANU",
                "creditorAccount":
                    { "ispb": "00099901", "issuer": "0007", "number": "00012345678", "accountType": "CACC" },
            },
        });
        if api == PaymentsApi::V5 {
            payment["purpose"] = "IMMEDIATE".into();
        }
        let mut consent = json!({
            "loggedUser": { "document": { "identification": cpf, "rel": "CPF" } },
            "creditor": { "personType": "PESSOA_JURIDICA", "cpfCnpj": "45997418000153", "name": "Loja Exemplo" },
            "payment": payment,
        });
        if let Some(cnpj) = cnpj {
            consent["businessEntity"] = json!({ "document": { "identification": cnpj, "rel": "CNPJ" } });
        }
        Self { api, consent, txid: None }
    }

    /// The same by this instrument, with the shop's key.
    #[must_use]
    pub fn by(self, instrument: &str) -> Self {
        self.set("/payment/details/localInstrument", instrument.into())
            .set("/payment/details/proxy", KEY.into())
    }

    /// By a key of this person, whose payment account it is.
    #[must_use]
    pub fn to_carla(self, key: &str) -> Self {
        self.set("/payment/details/proxy", key.into())
            .set(
                "/creditor",
                json!({ "personType": "PESSOA_NATURAL", "cpfCnpj": "98765432100", "name": "Carla Exemplo" }),
            )
            .set(
                "/payment/details/creditorAccount",
                json!({ "ispb": "00099901", "number": "55500011", "accountType": "TRAN" }),
            )
    }

    /// With a static code that says key, amount and txid of this order.
    #[must_use]
    pub fn with_static_code(self, txid: Option<&str>) -> Self {
        let text = |place: &str| self.consent.pointer(place).and_then(Value::as_str).unwrap_or_default();
        let code =
            static_code(text("/payment/details/proxy"), Some(text("/payment/amount")), txid.unwrap_or("***"));
        let txid = txid.map(str::to_owned);
        Self { txid, ..self.set("/payment/details/qrCode", code.into()) }
    }

    /// With a dynamic code and its charge; `claims` are added to those of an immediate charge over this amount.
    #[must_use]
    pub fn with_charge(self, claims: &Value) -> Self {
        let txid = format!("ponte{}", clock::new_id().replace('-', "").get(..26).unwrap_or_default());
        let amount = self.consent["payment"]["amount"].clone();
        let mut charge = json!({
            "txid": txid, "status": "ATIVA", "chave": self.consent["payment"]["details"]["proxy"],
            "calendario": { "criacao": clock::now().to_string(), "expiracao": 86_400 },
            "valor": { "original": amount },
        });
        for (name, value) in claims.as_object().into_iter().flatten() {
            charge[name] = value.clone();
        }
        let code = dynamic_code(&format!("pix.exemplo.test/qr/v2/{txid}"));
        let order = self.set("/payment/details/qrCode", code.into());
        let order = match order.api {
            PaymentsApi::V4 => order,
            PaymentsApi::V5 => order.set("/payment/details/payloadJWS", jws_of(&charge).into()),
        };
        Self { txid: Some(txid), ..order }
    }

    /// On later days: `schedule` as the API has it, without the words about it.
    #[must_use]
    pub fn scheduled(mut self, schedule: Value) -> Self {
        if let Some(payment) = self.consent["payment"].as_object_mut() {
            payment.remove("date");
        }
        let single = schedule.get("single").is_some();
        let order = self.set("/payment/schedule", schedule);
        let words = "pagamentos de exemplo";
        match order.api {
            PaymentsApi::V4 if order.consent.pointer("/payment/schedule/custom").is_none() => order,
            PaymentsApi::V4 => order.set("/payment/schedule/custom/additionalInformation", words.into()),
            PaymentsApi::V5 => order.set("/payment/schedule/additionalInformation", words.into()).set(
                "/payment/purpose",
                if single { "SINGLE_SCHEDULED" } else { "RECURRENT_SCHEDULED" }.into(),
            ),
        }
    }

    /// The same with another value at a place of `data` of the consent; null takes it away.
    #[must_use]
    pub fn set(mut self, place: &str, value: Value) -> Self {
        let (parent, name) = place.rsplit_once('/').unwrap_or_default();
        if let Some(members) = self.consent.pointer_mut(parent).and_then(Value::as_object_mut) {
            match value {
                Value::Null => drop(members.remove(name)),
                value => drop(members.insert(name.to_owned(), value)),
            }
        }
        self
    }

    /// One payment of POST /pix/payments, as the consent has it.
    #[must_use]
    pub fn item(&self, end_to_end_id: &str) -> Value {
        let payment = &self.consent["payment"];
        let details = &payment["details"];
        let mut item = json!({
            "endToEndId": end_to_end_id, "localInstrument": details["localInstrument"],
            "payment": { "amount": payment["amount"], "currency": payment["currency"] },
            "creditorAccount": details["creditorAccount"], "cnpjInitiator": INITIATOR,
        });
        for name in ["proxy", "qrCode"] {
            if let Some(value) = details.get(name) {
                item[name] = value.clone();
            }
        }
        if let Some(txid) = &self.txid {
            item["transactionIdentification"] = txid.as_str().into();
        }
        item
    }

    /// `data` of POST /pix/payments for a payment now.
    #[must_use]
    pub fn items(&self) -> Value {
        json!([self.item(&end_to_end_id(clock::now()))])
    }

    /// `data` of POST /pix/payments for these days.
    #[must_use]
    pub fn items_on(&self, days: &[Date]) -> Value {
        days.iter().map(|day| self.item(&scheduled_id(*day))).collect()
    }
}

/// A new endToEndId at this moment (P51).
#[must_use]
pub fn end_to_end_id(at: Moment) -> String {
    let text = at.to_string();
    let digits: String = text.chars().filter(char::is_ascii_digit).take(12).collect();
    named_at(&digits)
}

/// A new endToEndId of a payment on a later day: at 15:00 UTC (P51).
#[must_use]
pub fn scheduled_id(day: Date) -> String {
    named_at(&format!("{}1500", day.to_string().replace('-', "")))
}

/// `YYYYMMDDhhmm` in an endToEndId.
#[must_use]
pub fn named_at(time: &str) -> String {
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
    let name: String = clock::random::<11>().iter().map(letter).collect();
    format!("E{ISPB}{time}{name}")
}

/// A static Pix code.
#[must_use]
pub fn static_code(key: &str, amount: Option<&str>, txid: &str) -> String {
    let amount = amount.map(|amount| object("54", amount)).unwrap_or_default();
    code(&object("01", key), &amount, "BRASILIA", txid)
}

/// A static Pix code of a shop in this city.
#[must_use]
pub fn static_code_in(city: &str, key: &str, amount: &str, txid: &str) -> String {
    code(&object("01", key), &object("54", amount), city, txid)
}

/// A dynamic Pix code, whose charge is at this address.
#[must_use]
pub fn dynamic_code(address: &str) -> String {
    code(&object("25", address), "", "BRASILIA", "***")
}

/// A charge as its creditor's institution would sign it; whose signature that is nobody here asks.
#[must_use]
pub fn jws_of(charge: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(&json!({ "alg": "PS256" })), part(charge), URL_SAFE_NO_PAD.encode("signature"))
}

fn object(id: &str, value: &str) -> String {
    format!("{id}{:02}{value}", value.chars().count())
}

fn code(target: &str, amount: &str, city: &str, txid: &str) -> String {
    let template = object("26", &format!("{}{target}", object("00", "br.gov.bcb.pix")));
    let (city, reference) = (object("60", city), object("62", &object("05", txid)));
    let body = format!("000201{template}520400005303986{amount}5802BR5912LOJA EXEMPLO{city}{reference}6304");
    format!("{body}{:04X}", checksum(body.as_bytes()))
}

/// CRC-16 of polynomial 1021 from FFFF.
fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pb_a01_a_code_ends_with_the_checksum_that_the_pix_manual_gives() {
        let code = static_code(KEY, Some("10.00"), "PEDIDO0185");
        assert!(code.ends_with("62140510PEDIDO018563040C00"), "{code}");
    }

    #[test]
    fn p51_an_end_to_end_id_has_32_characters() {
        let now = Moment::from_seconds(1_796_088_600);
        let id = end_to_end_id(now);
        assert_eq!((id.len(), &id[..9]), (32, "E99000123"));
        assert_eq!(&scheduled_id(now.date_brasilia())[17..21], "1500");
    }
}
