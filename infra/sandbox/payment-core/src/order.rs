//! Orders: what the core does to some payments or all, until it is taken back. What happens to calls as such (a lost answer, a
//! connection that hangs) is ordered from `ponte_web::faults`, before any server of the world.

use ponte_bank::dice::Dice;
use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use crate::payment::Reason;

/// What the core does.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Behaviour {
    /// 422 with this reason, of any operation; nothing happens.
    Refuse(Reason),
    /// 503: nothing happens. `told` says so with a signature (NAO_EXECUTADO), so that Ponte may rely on it.
    Down {
        /// Whether the answer is signed.
        #[serde(default)]
        told: bool,
    },
    /// PDNG until it is released.
    Hold,
    /// ACPD, and ACSC later; with `pending` PDNG for the first half of that time.
    SettleLate {
        /// How much later.
        seconds: u64,
        /// Whether it is held first.
        #[serde(default)]
        pending: bool,
    },
    /// ACPD, and RJCT later.
    RejectLate {
        /// How much later.
        seconds: u64,
        /// Why.
        #[serde(flatten)]
        reason: Reason,
    },
    /// Questions do not find it until then.
    Lag {
        /// How long.
        seconds: u64,
    },
}

/// A behaviour and when it applies.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The behaviour.
    #[serde(flatten)]
    pub behaviour: Behaviour,
    /// Only this operation, such as `/payments`; of `refuse` and `down` every operation without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Only the payment with this key of Ponte's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Only payments of this amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// So many times; until taken back without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// One in so many times, as the dice fall; every time without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_in: Option<u32>,
    /// For so long from the order on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_seconds: Option<u64>,
}

impl Order {
    /// Every time, until taken back.
    #[must_use]
    pub fn always(behaviour: Behaviour) -> Self {
        let (operation, key, amount) = (None, None, None);
        Self { behaviour, operation, key, amount, times: None, one_in: None, for_seconds: None }
    }

    /// The next `times` times.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only of this operation.
    #[must_use]
    pub fn at(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// Only of payments of this amount.
    #[must_use]
    pub fn of_amount(mut self, amount: &str) -> Self {
        self.amount = Some(amount.to_owned());
        self
    }

    /// One in so many times.
    #[must_use]
    pub fn one_in(mut self, times: u32) -> Self {
        self.one_in = Some(times);
        self
    }

    /// For so many seconds.
    #[must_use]
    pub fn for_seconds(mut self, seconds: u64) -> Self {
        self.for_seconds = Some(seconds);
        self
    }
}

/// Which part of a call an order is about; of each part the first order that fits applies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Whether there is an answer.
    Reach,
    /// Whether it is yes.
    Judgement,
    /// What becomes of the payment.
    Course,
    /// When it is found.
    Sight,
}

/// A call, as far as orders look at it.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) operation: &'a str,
    pub(crate) key: Option<&'a str>,
    pub(crate) amount: Option<&'a str>,
}

/// The orders in force.
#[derive(Default)]
pub(crate) struct Orders(Vec<(Order, Moment)>);

impl Orders {
    pub(crate) fn add(&mut self, order: Order, now: Moment) {
        self.0.push((order, now));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> Vec<&Order> {
        self.0.iter().map(|(order, _)| order).collect()
    }

    /// The behaviour for this part of a call, counted down.
    pub(crate) fn strike(
        &mut self,
        part: Part,
        call: Call<'_>,
        dice: &mut Dice,
        now: Moment,
    ) -> Option<Behaviour> {
        self.0.retain(|(order, since)| {
            order.for_seconds.is_none_or(|seconds| now < since.plus(std::time::Duration::from_secs(seconds)))
        });
        let fits = |order: &Order| {
            part_of(&order.behaviour) == part
                && order.operation.as_deref().is_none_or(|wanted| wanted == call.operation)
                && order.key.as_deref().is_none_or(|wanted| Some(wanted) == call.key)
                && order.amount.as_deref().is_none_or(|wanted| Some(wanted) == call.amount)
        };
        let position = self.0.iter().position(|(order, _)| {
            fits(order)
                && order.one_in.is_none_or(|times| dice.next().is_multiple_of(u64::from(times.max(1))))
        })?;
        let behaviour = self.0[position].0.behaviour.clone();
        if let Some(times) = &mut self.0[position].0.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.0.remove(position);
            }
        }
        Some(behaviour)
    }
}

const fn part_of(behaviour: &Behaviour) -> Part {
    match behaviour {
        Behaviour::Down { .. } => Part::Reach,
        Behaviour::Refuse(_) => Part::Judgement,
        Behaviour::Hold | Behaviour::SettleLate { .. } | Behaviour::RejectLate { .. } => Part::Course,
        Behaviour::Lag { .. } => Part::Sight,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_counts_down_ends_with_its_time_and_has_a_stable_form() {
        let (mut orders, mut dice) = (Orders::default(), Dice::of("1"));
        let at = Moment::from_seconds;
        orders.add(Order::always(Behaviour::Hold).times(1), at(0));
        orders.add(Order::always(Behaviour::Down { told: false }).for_seconds(60).at("/find"), at(0));
        orders.add(Order::always(Behaviour::Hold).of_amount("1.11").times(1), at(0));
        let mut strike = |part, operation, now| {
            let call = Call { operation, key: None, amount: Some("1.00") };
            orders.strike(part, call, &mut dice, at(now))
        };
        assert_eq!(strike(Part::Course, "/payments", 1), Some(Behaviour::Hold));
        assert_eq!(strike(Part::Course, "/payments", 1), None);
        assert_eq!(strike(Part::Reach, "/payments", 1), None);
        assert!(strike(Part::Reach, "/find", 59).is_some());
        assert_eq!(strike(Part::Reach, "/find", 60), None);
        for text in [
            r#"{"kind":"refuse","code":"SALDO_INSUFICIENTE","detail":"x","times":2}"#,
            r#"{"kind":"down","told":true,"operation":"/payments"}"#,
            r#"{"kind":"hold","key":"k"}"#,
            r#"{"kind":"hold","amount":"1.11"}"#,
            r#"{"kind":"settle_late","seconds":90,"pending":true,"one_in":3}"#,
            r#"{"kind":"reject_late","seconds":5,"code":"PAGAMENTO_RECUSADO_SPI","detail":"x","for_seconds":60}"#,
            r#"{"kind":"lag","seconds":90}"#,
        ] {
            let order: Order = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&order).unwrap(), text);
        }
        assert!(serde_json::from_str::<Order>(r#"{"kind":"explode"}"#).is_err());
    }
}
