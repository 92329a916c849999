//! payloadJWS: the charge behind a dynamic code, as the creditor's institution signed it and the initiator passes it on (P57).
//!
//! Whether the signature holds is for the core to say, which knows the creditors' institutions: here it is what the initiator says about
//! the code, and it is compared with what the initiator asks for.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_values::{Amount, Date, Moment};
use serde_json::Value;

use crate::wire::Text;

/// How many days after it is due a charge can be paid where it does not say.
const DAYS_AFTER_DUE: i64 = 30;

/// A charge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Charge {
    /// What it is for.
    pub kind: ChargeKind,
    /// What may be paid.
    pub price: Price,
    /// The creditor's key.
    pub key: Option<String>,
    /// txid.
    pub txid: Option<String>,
    active: bool,
    end: Option<End>,
}

/// What a charge is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChargeKind {
    /// Paid now (COB).
    Immediate,
    /// With a due date (COBV).
    Due,
    /// Cash (Pix Saque).
    Withdrawal,
    /// A purchase and cash (Pix Troco).
    Change,
}

/// What may be paid for a charge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Price {
    /// This and nothing else.
    Exactly(Amount),
    /// More than the purchase: the payer chooses the cash.
    Above(Amount),
    /// The payer chooses.
    Open,
}

/// When a charge can be paid no more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    At(Moment),
    After(Date),
}

/// The text is no charge that can be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnreadableCharge;

impl Charge {
    /// Reads the payload of a JWS.
    ///
    /// # Errors
    /// No JSON in it, or no amount that can be paid.
    pub fn read(jws: &Text<16384>) -> Result<Self, UnreadableCharge> {
        let payload = jws.expose().split('.').nth(1).ok_or(UnreadableCharge)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| UnreadableCharge)?;
        let claims: Value = serde_json::from_slice(&payload).map_err(|_| UnreadableCharge)?;
        Self::of(&claims).ok_or(UnreadableCharge)
    }

    /// Whether the payer may pay this amount for it.
    #[must_use]
    pub fn costs(&self, amount: Amount) -> bool {
        match self.price {
            Price::Exactly(price) => amount == price,
            Price::Above(purchase) => amount > purchase,
            Price::Open => true,
        }
    }

    /// Whether it is active and not over at `now`.
    #[must_use]
    pub fn is_payable(&self, now: Moment) -> bool {
        let over = match self.end {
            None => false,
            Some(End::At(end)) => now >= end,
            Some(End::After(day)) => now.date_brasilia() > day,
        };
        self.active && !over
    }

    fn of(claims: &Value) -> Option<Self> {
        let (kind, price) = price(claims)?;
        let owned = |pointer| text(claims, pointer).map(str::to_owned);
        let active = text(claims, "/status").is_none_or(|status| status == "ATIVA");
        Some(Self { kind, price, key: owned("/chave"), txid: owned("/txid"), active, end: end(claims, kind) })
    }
}

fn text<'a>(claims: &'a Value, pointer: &str) -> Option<&'a str> {
    claims.pointer(pointer)?.as_str()
}

/// A number, which some write as a text.
fn number(claims: &Value, pointer: &str) -> Option<u32> {
    let value = claims.pointer(pointer)?;
    let written = value.as_str().and_then(|text| text.parse().ok());
    written.or_else(|| value.as_u64().and_then(|number| u32::try_from(number).ok()))
}

fn amount(claims: &Value, pointer: &str) -> Option<Amount> {
    Amount::parse(text(claims, pointer)?).ok()
}

/// The kind and the price: the payer may choose where `modalidadeAlteracao` is 1, but never the price of a purchase or of a due charge.
fn price(claims: &Value) -> Option<(ChargeKind, Price)> {
    let chosen = |pointer| number(claims, pointer) == Some(1);
    if claims.pointer("/valor/retirada/saque").is_some() {
        let price = if chosen("/valor/retirada/saque/modalidadeAlteracao") {
            Price::Open
        } else {
            Price::Exactly(amount(claims, "/valor/retirada/saque/valor")?)
        };
        return Some((ChargeKind::Withdrawal, price));
    }
    let original = amount(claims, "/valor/original")?;
    if claims.pointer("/valor/retirada/troco").is_some() {
        let price = if chosen("/valor/retirada/troco/modalidadeAlteracao") {
            Price::Above(original)
        } else {
            Price::Exactly(original.plus(amount(claims, "/valor/retirada/troco/valor")?)?)
        };
        return Some((ChargeKind::Change, price));
    }
    if claims.pointer("/calendario/dataDeVencimento").is_some() {
        let price = amount(claims, "/valor/final").unwrap_or(original);
        return Some((ChargeKind::Due, Price::Exactly(price)));
    }
    let price = if chosen("/valor/modalidadeAlteracao") { Price::Open } else { Price::Exactly(original) };
    Some((ChargeKind::Immediate, price))
}

fn end(claims: &Value, kind: ChargeKind) -> Option<End> {
    if kind == ChargeKind::Due {
        let due = Date::parse(text(claims, "/calendario/dataDeVencimento")?).ok()?;
        let days = number(claims, "/calendario/validadeAposVencimento").map_or(DAYS_AFTER_DUE, i64::from);
        return Some(End::After(due.plus_days(days)));
    }
    let created = Moment::parse(text(claims, "/calendario/criacao")?).ok()?;
    let seconds = number(claims, "/calendario/expiracao")?;
    Some(End::At(created.plus(Duration::from_secs(seconds.into()))))
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// A JWS with these claims, whose signature nobody looks at here.
    pub(crate) fn jws(claims: &Value) -> Text<16384> {
        let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
        Text::parse(&format!("eyJhbGciOiJQUzI1NiJ9.{payload}.c2lnbmF0dXJl")).unwrap()
    }

    fn cents(cents: u64) -> Amount {
        Amount::from_cents(cents)
    }

    #[test]
    fn z_pay_65_66_what_a_charge_costs_follows_from_its_kind() {
        let saque = |way| json!({"valor": {"original": "0.00", "retirada": {"saque": {"valor": "50.00", "modalidadeAlteracao": way}}}});
        let troco = |way| json!({"valor": {"original": "80.00", "retirada": {"troco": {"valor": "20.00", "modalidadeAlteracao": way}}}});
        let due = json!({"calendario": {"dataDeVencimento": "2026-12-10"}, "valor": {"original": "100.00", "final": "98.00"}});
        for (claims, kind, price) in [
            (json!({"valor": {"original": "500.00"}}), ChargeKind::Immediate, Price::Exactly(cents(50_000))),
            (
                json!({"valor": {"original": "500.00", "modalidadeAlteracao": 1}}),
                ChargeKind::Immediate,
                Price::Open,
            ),
            (due, ChargeKind::Due, Price::Exactly(cents(9_800))),
            (saque(0), ChargeKind::Withdrawal, Price::Exactly(cents(5_000))),
            (saque(1), ChargeKind::Withdrawal, Price::Open),
            (troco(0), ChargeKind::Change, Price::Exactly(cents(10_000))),
            (troco(1), ChargeKind::Change, Price::Above(cents(8_000))),
        ] {
            let charge = Charge::read(&jws(&claims)).unwrap();
            assert_eq!((charge.kind, charge.price), (kind, price), "{claims}");
        }
        let exact = Charge::read(&jws(&troco(0))).unwrap();
        assert!(exact.costs(cents(10_000)) && !exact.costs(cents(10_001)) && !exact.costs(cents(8_000)));
        let open = Charge::read(&jws(&troco(1))).unwrap();
        assert!(
            open.costs(cents(8_001)) && !open.costs(cents(8_000)),
            "the purchase itself is not for the payer to change"
        );
    }

    #[test]
    fn p31_a_charge_ends() {
        let at = |text| Moment::parse(text).unwrap();
        let now = json!({"calendario": {"criacao": "2026-12-01T10:00:00Z", "expiracao": "3600"}, "valor": {"original": "1.00"}});
        let charge = Charge::read(&jws(&now)).unwrap();
        assert!(
            charge.is_payable(at("2026-12-01T10:59:59Z")) && !charge.is_payable(at("2026-12-01T11:00:00Z"))
        );
        let due = json!({"calendario": {"dataDeVencimento": "2026-12-10", "validadeAposVencimento": 2}, "valor": {"original": "1.00"}});
        let charge = Charge::read(&jws(&due)).unwrap();
        assert!(
            charge.is_payable(at("2026-12-13T02:59:59Z")) && !charge.is_payable(at("2026-12-13T03:00:00Z"))
        );
        let paid = json!({"status": "CONCLUIDA", "valor": {"original": "1.00"}});
        assert!(!Charge::read(&jws(&paid)).unwrap().is_payable(at("2026-12-01T10:00:00Z")));
        let active = json!({"status": "ATIVA", "valor": {"original": "1.00"}});
        assert!(Charge::read(&jws(&active)).unwrap().is_payable(at("2036-12-01T10:00:00Z")));
    }

    #[test]
    fn p57_what_is_no_charge_is_said_to_be_none() {
        for wrong in [
            json!({}),
            json!([]),
            json!({"valor": {"original": 1.0}}),
            json!({"valor": {"retirada": {"saque": {}}}}),
        ] {
            assert_eq!(Charge::read(&jws(&wrong)), Err(UnreadableCharge), "{wrong}");
        }
        for wrong in ["a", "a.b.c", "a..c", "e30.e30"] {
            assert_eq!(Charge::read(&Text::parse(wrong).unwrap()), Err(UnreadableCharge), "{wrong}");
        }
    }
}
