//! Rules of the institution on payments, as it sets them (parameter `PaymentRules`).

use ponte_values::{Amount, Invalid, Moment};
use serde::Deserialize;

use crate::wire::{LocalInstrument, Purpose};

/// What an institution allows. What it does not say is allowed, so that `{}` allows everything.
///
/// ```json
/// {"instruments": ["DICT", "QRES"], "perPayment": "5000.00", "perDay": "20000.00", "withdrawal": "3000.00",
///  "night": {"from": "20:00", "to": "06:00", "perPayment": "1000.00", "withdrawal": "1000.00"},
///  "hours": {"from": "06:00", "to": "23:00"}}
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PaymentRules {
    instruments: Option<Vec<LocalInstrument>>,
    per_payment: Option<Amount>,
    per_day: Option<Amount>,
    withdrawal: Option<Amount>,
    night: Option<Night>,
    hours: Option<Hours>,
}

/// Limits of the night, for payments that go out at once.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Night {
    from: Minute,
    to: Minute,
    per_payment: Option<Amount>,
    withdrawal: Option<Amount>,
}

/// Hours in which payments go out at once.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    from: Minute,
    to: Minute,
}

/// A time of the day in Brasília, `HH:MM`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Minute(u16);

/// What the rules are asked about.
#[derive(Clone, Copy, Debug)]
pub struct PaymentAsked {
    /// Amount of one payment.
    pub amount: Amount,
    /// What it is for; none in v4.
    pub purpose: Option<Purpose>,
    /// When it goes out; `None` for a scheduled one, whose hour is the institution's to choose.
    pub at: Option<Moment>,
    /// What the customer has paid on the day that it counts for.
    pub spent: Amount,
}

/// The rule that a payment breaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RuleBroken {
    /// Above a limit.
    Limit,
    /// Outside the hours.
    Hours,
}

impl PaymentRules {
    /// Reads the parameter; an empty text is no rule.
    ///
    /// # Errors
    /// JSON of another form, an unknown name, or a time that does not exist.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_str(text).map_err(|_| Invalid("PaymentRules"))
    }

    /// Whether a Pix may be started like this.
    #[must_use]
    pub fn allows(&self, instrument: LocalInstrument) -> bool {
        self.instruments.as_ref().is_none_or(|allowed| allowed.contains(&instrument))
    }

    /// The most that a customer may pay on a day.
    #[must_use]
    pub const fn per_day(&self) -> Option<Amount> {
        self.per_day
    }

    /// Judges a payment: limits before hours (P33).
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn judge(&self, asked: PaymentAsked) -> Result<(), RuleBroken> {
        let night = self.night.as_ref().filter(|night| within(night.from, night.to, asked.at));
        let cash = asked.purpose == Some(Purpose::Withdraw);
        let limits = [
            self.per_payment,
            self.withdrawal.filter(|_| cash),
            night.and_then(|night| night.per_payment),
            night.and_then(|night| night.withdrawal).filter(|_| cash),
        ];
        let below = |limit: Amount| asked.amount <= limit;
        let in_day = self
            .per_day
            .is_none_or(|most| asked.spent.plus(asked.amount).is_some_and(|together| together <= most));
        if !limits.into_iter().flatten().all(below) || !in_day {
            return Err(RuleBroken::Limit);
        }
        match &self.hours {
            Some(hours) if asked.at.is_some() && !within(hours.from, hours.to, asked.at) => {
                Err(RuleBroken::Hours)
            }
            _ => Ok(()),
        }
    }
}

/// Whether a moment lies in a span of the day, which may go over midnight; one that ends where it begins is the whole day.
fn within(from: Minute, to: Minute, at: Option<Moment>) -> bool {
    let Some(minute) = at.map(|at| Minute(at.minute_of_day_brasilia())) else { return false };
    if from < to { from <= minute && minute < to } else { from <= minute || minute < to }
}

impl TryFrom<String> for Minute {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        let fault = Invalid("HH:MM");
        let two = |text: &str| {
            let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            if digits { text.parse::<u16>().map_err(|_| fault) } else { Err(fault) }
        };
        let (hour, minute) = text.split_once(':').ok_or(fault)?;
        let (hour, minute) = (two(hour)?, two(minute)?);
        if hour < 24 && minute < 60 { Ok(Self(hour * 60 + minute)) } else { Err(fault) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(cents: u64, at: Option<&str>) -> PaymentAsked {
        let at = at.map(|at| Moment::parse(&format!("2026-12-09T{at}-03:00")).unwrap());
        PaymentAsked { amount: Amount::from_cents(cents), purpose: None, at, spent: Amount::from_cents(0) }
    }

    #[test]
    fn p33_limits_of_a_payment_of_a_day_and_of_the_night() {
        let rules = r#"{"perPayment": "50.00", "perDay": "80.00", "night": {"from": "20:00", "to": "06:00", "perPayment": "10.00"}}"#;
        let rules = PaymentRules::parse(rules).unwrap();
        let broken = Err(RuleBroken::Limit);
        for (cents, at, judged) in [
            (5_000, Some("19:59:59"), Ok(())),
            (5_001, Some("12:00:00"), broken),
            (1_000, Some("20:00:00"), Ok(())),
            (1_001, Some("20:00:00"), broken),
            (1_001, Some("23:59:59"), broken),
            (1_001, Some("00:00:00"), broken),
            (1_001, Some("05:59:59"), broken),
            (1_001, Some("06:00:00"), Ok(())),
            (5_000, None, Ok(())),
            (5_001, None, broken),
        ] {
            assert_eq!(rules.judge(asked(cents, at)), judged, "{cents} {at:?}");
        }
        for (spent, judged) in [(3_000, Ok(())), (3_001, broken), (u64::MAX, broken)] {
            let asked = PaymentAsked { spent: Amount::from_cents(spent), ..asked(5_000, Some("12:00:00")) };
            assert_eq!(rules.judge(asked), judged, "{spent}");
        }
        assert_eq!(rules.per_day(), Some(Amount::from_cents(8_000)));
    }

    #[test]
    fn z_pay_63_cash_has_limits_of_its_own() {
        let rules =
            r#"{"withdrawal": "30.00", "night": {"from": "20:00", "to": "06:00", "withdrawal": "10.00"}}"#;
        let rules = PaymentRules::parse(rules).unwrap();
        for (purpose, cents, at, judged) in [
            (Purpose::Withdraw, 3_000, "12:00:00", Ok(())),
            (Purpose::Withdraw, 3_001, "12:00:00", Err(RuleBroken::Limit)),
            (Purpose::Withdraw, 1_001, "22:00:00", Err(RuleBroken::Limit)),
            (Purpose::Immediate, 3_001, "22:00:00", Ok(())),
        ] {
            let asked = PaymentAsked { purpose: Some(purpose), ..asked(cents, Some(at)) };
            assert_eq!(rules.judge(asked), judged, "{purpose:?} {cents} {at}");
        }
    }

    #[test]
    fn p33_hours_are_of_payments_that_go_out_at_once() {
        let rules =
            PaymentRules::parse(r#"{"perPayment": "1.00", "hours": {"from": "06:00", "to": "23:00"}}"#)
                .unwrap();
        for (at, judged) in [
            (Some("05:59:59"), Err(RuleBroken::Hours)),
            (Some("06:00:00"), Ok(())),
            (Some("22:59:59"), Ok(())),
            (Some("23:00:00"), Err(RuleBroken::Hours)),
            (None, Ok(())),
        ] {
            assert_eq!(rules.judge(asked(100, at)), judged, "{at:?}");
        }
        assert_eq!(rules.judge(asked(101, Some("23:00:00"))), Err(RuleBroken::Limit), "limits come first");
    }

    #[test]
    fn p30_instruments_are_those_that_the_institution_names() {
        let rules = PaymentRules::parse(r#"{"instruments": ["DICT"]}"#).unwrap();
        assert!(rules.allows(LocalInstrument::Dict) && !rules.allows(LocalInstrument::Qrdn));
        assert!(PaymentRules::parse(" ").unwrap().allows(LocalInstrument::Qrdn));
        assert_eq!(PaymentRules::parse("{}"), Ok(PaymentRules::default()));
        for wrong in [
            r#"{"perPay": "1.00"}"#,
            r#"{"perPayment": 1}"#,
            r#"{"hours": {"from": "6:00", "to": "23:00"}}"#,
            r#"{"hours": {"from": "06:60", "to": "23:00"}}"#,
            r#"{"hours": {"from": "06:00", "to": "24:00"}}"#,
            r#"{"hours": {"from": "0600", "to": "23:00"}}"#,
            r#"{"instruments": ["TED"]}"#,
            "[",
        ] {
            assert_eq!(PaymentRules::parse(wrong), Err(Invalid("PaymentRules")), "{wrong}");
        }
    }
}
