//! What the five APIs of investments do in the same way: discovery, lists, pages and windows.

use ponte_web::Answer;
use serde_json::Value;

use crate::call::{Answered, Call};
use crate::holdings::{Family, Held};
use crate::investments::position::{Move, Movement, Paper, Position};
use crate::refusal::Refusal;

/// One of the five.
pub(crate) struct Investments {
    pub(crate) family: Family,
    pub(crate) papers: &'static [Paper],
    /// What happens to a paper, in turn.
    pub(crate) moves: &'static [Move],
    /// The filters of the transactions.
    pub(crate) days: (&'static str, &'static str),
    /// What a record in the list says beside its identifier.
    pub(crate) listed: fn(&Position) -> Value,
    pub(crate) detail: fn(&Position) -> Value,
    pub(crate) balance: fn(&Position) -> Value,
    pub(crate) transaction: fn(&Position, &Movement) -> Value,
    /// Operations that the others do not have.
    pub(crate) more: fn(&'static Investments, &str, &Call<'_>) -> Answered,
}

/// Products of each holder: the first is moved every six days, the second is not to be had any more, the third is moved
/// eight times a day. The holder of many has three pages of them.
pub(crate) const USUAL: Family =
    Family { api: "", kind: "", key: "investmentId", prefix: "", few: 3, many: 55, unavailable: Some(2) };

pub(crate) const TRANSACTION_DATES: (&str, &str) = ("fromTransactionDate", "toTransactionDate");

/// How far back transactions go, days (C57: twelve months).
pub(crate) const DAYS_BACK: i64 = 366;
/// How far back the current ones go.
const CURRENT_DAYS_BACK: i64 = 6;

impl Investments {
    /// Answers an operation of this API.
    pub(crate) fn answer(&'static self, operation: &str, call: &Call<'_>) -> Answered {
        let family = &self.family;
        let one = |record: fn(&Position) -> Value| {
            family.asked(call).map(|held| call.single(&record(&self.position(held, call))))
        };
        Some(match operation {
            "discovery" => Ok(call.discovered(family.kind, family.found(call.customer))),
            "investments" => self.list(call),
            "find" => one(self.detail),
            "balances" => one(self.balance),
            "transactions" => self.transactions(call, DAYS_BACK),
            "transactions-current" => self.transactions(call, CURRENT_DAYS_BACK),
            other => return (self.more)(self, other, call),
        })
    }

    fn list(&'static self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let shared = self.family.shared(call)?;
        let record = |held| (self.listed)(&self.position(held, call));
        call.list(&shared.into_iter().map(record).collect::<Vec<_>>())
    }

    fn transactions(&'static self, call: &Call<'_>, days_back: i64) -> Result<Answer, Refusal> {
        let position = self.position(self.family.asked(call)?, call);
        let (from, to) = call.days(self.days, -days_back, 0)?;
        let moved = position.movements(self.moves, from, to);
        // Records are made for the page alone.
        call.texts(moved.len(), moved.iter().map(|movement| Written(self, &position, movement)))
    }

    /// A product of a customer today.
    pub(crate) fn position(&'static self, held: Held, call: &Call<'_>) -> Position {
        Position { held, paper: held.made_of(self.papers), today: call.today() }
    }
}

/// A transaction that is written when its turn comes.
struct Written<'a>(&'static Investments, &'a Position, &'a Movement);

impl std::fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (self.0.transaction)(self.1, self.2).fmt(f)
    }
}

/// No operations beside those that all have.
pub(crate) fn nothing_more(_: &'static Investments, _: &str, _: &Call<'_>) -> Answered {
    None
}
