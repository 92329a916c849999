//! What a customer has of a paper, and how it moved: the same day always has the same movements, whenever it is asked for.

use ponte_values::Date;
use serde_json::{Value, json};

use crate::calendar;
use crate::holdings::Held;
use crate::records::decimal;

/// A paper that the bank sells.
pub(crate) struct Paper {
    /// Name of the product or the fund; ticker of a share.
    pub(crate) name: &'static str,
    /// `investmentType` of fixed incomes, `anbimaCategory` of funds.
    pub(crate) kind: &'static str,
    pub(crate) isin: &'static str,
    /// CNPJ of the issuer or the fund.
    pub(crate) cnpj: &'static str,
    pub(crate) interest: Interest,
    /// Price at first, in ten-thousandths of a real.
    pub(crate) price: i64,
    /// How often interest is paid out, where it is.
    pub(crate) coupon: Option<&'static str>,
    /// Whether no income tax is kept back.
    pub(crate) exempt: bool,
}

/// What a paper pays, in millionths.
pub(crate) struct Interest {
    pub(crate) indexer: &'static str,
    /// A rate a year; with a part of an index as well the paper is a hybrid.
    pub(crate) fixed: Option<i64>,
    /// The part of the index.
    pub(crate) floating: Option<i64>,
    /// Which index, where it is `OUTROS`.
    pub(crate) more: Option<&'static str>,
}

/// Where most papers agree.
pub(crate) const USUAL: Paper = Paper {
    name: "",
    kind: "",
    isin: "",
    cnpj: "",
    interest: Interest { indexer: "CDI", fixed: None, floating: Some(1_050_000), more: None },
    price: 10_000_000,
    coupon: None,
    exempt: false,
};

/// A kind of movement.
pub(crate) struct Move {
    /// `transactionType`.
    pub(crate) kind: &'static str,
    /// Whether it is `ENTRADA` or `SAIDA`.
    pub(crate) incoming: bool,
    /// Whether something is bought or sold at a price.
    pub(crate) traded: bool,
    /// What it is, where the kind is `OUTROS`.
    pub(crate) more: Option<&'static str>,
}

impl Move {
    pub(crate) const fn trade(kind: &'static str, incoming: bool) -> Self {
        Self { kind, incoming, traded: true, more: None }
    }

    pub(crate) const fn yields(kind: &'static str, incoming: bool) -> Self {
        Self { kind, incoming, traded: false, more: None }
    }

    pub(crate) const fn other(more: &'static str) -> Self {
        Self { kind: "OUTROS", incoming: true, traded: false, more: Some(more) }
    }
}

/// A paper that a customer has.
pub(crate) struct Position {
    pub(crate) held: Held,
    pub(crate) paper: &'static Paper,
    pub(crate) today: Date,
}

/// A movement of one day.
pub(crate) struct Movement {
    pub(crate) day: Date,
    /// From 1, within the day.
    pub(crate) position: i64,
    pub(crate) made: &'static Move,
    /// Hundredths of a paper.
    pub(crate) quantity: i64,
    /// Ten-thousandths of a real.
    pub(crate) price: i64,
}

impl Position {
    /// A day so many years after today's year, so that dates stay the same for a year.
    pub(crate) fn date(&self, years: i64) -> String {
        let (year, ..) = calendar::parts(self.today);
        calendar::day(year + years, self.held.number % 12, 15).to_string()
    }

    /// Hundredths of a paper.
    pub(crate) fn quantity(&self) -> i64 {
        100_000 + self.held.number * 275
    }

    /// Price of a day, in ten-thousandths of a real.
    pub(crate) fn price(&self, day: Date) -> i64 {
        self.paper.price + self.paper.price / 1_000 * (calendar::ordinal(day) % 97)
    }

    /// What all of it is worth today, in cents.
    pub(crate) fn gross(&self) -> i64 {
        worth(self.quantity(), self.price(self.today))
    }

    /// Income tax on so many cents.
    pub(crate) fn tax(&self, gross: i64) -> i64 {
        if self.paper.exempt { 0 } else { gross * 15 / 1_000 }
    }

    /// The movements of these days, newest first; they are some of `moves`, in turn.
    pub(crate) fn movements(&self, moves: &'static [Move], from: Date, to: Date) -> Vec<Movement> {
        let (step, a_day) = self.rhythm();
        let days = (0..=to.days_since(from)).map(|back| to.plus_days(-back));
        let moving = days.filter(|day| calendar::ordinal(*day) % step == 0);
        let each = moving.flat_map(|day| (1..=a_day).rev().map(move |position| (day, position)));
        let movement = |(day, position)| {
            let turn = calendar::ordinal(day) / step * a_day + position;
            let made = &moves[usize::try_from(turn).unwrap_or(0) % moves.len()];
            Movement { day, position, made, quantity: 100 + turn % 89 * 25, price: self.price(day) }
        };
        each.map(movement).collect()
    }

    /// Every how many days the paper moves, and how often on such a day.
    fn rhythm(&self) -> (i64, i64) {
        match self.held.number {
            1 => (6, 1),
            3 => (1, 8),
            _ => (30, 1),
        }
    }

    /// The identifier of a movement, which never changes (C58).
    pub(crate) fn movement_id(&self, movement: &Movement) -> String {
        format!("{}-{}-{}", self.held.text(), movement.day, movement.position)
    }
}

impl Movement {
    /// In cents, before taxes.
    pub(crate) fn gross(&self) -> i64 {
        worth(self.quantity, self.price)
    }

    /// What begins every record: the kind, and what it is where the kind does not say it.
    pub(crate) fn record(&self) -> Value {
        let direction = if self.made.incoming { "ENTRADA" } else { "SAIDA" };
        let mut record = json!({ "type": direction, "transactionType": self.made.kind });
        if let Some(more) = self.made.more {
            record["transactionTypeAdditionalInfo"] = more.into();
        }
        record
    }
}

/// Cents of so many hundredths of a paper at a price in ten-thousandths.
fn worth(quantity: i64, price: i64) -> i64 {
    quantity * price / 10_000
}

/// Cents as the wire has them.
pub(crate) fn money(cents: i64) -> Value {
    json!({ "amount": decimal(cents, 2), "currency": "BRL" })
}

/// A price as the wire has it.
pub(crate) fn price(ten_thousandths: i64) -> Value {
    json!({ "amount": decimal(ten_thousandths, 4), "currency": "BRL" })
}
