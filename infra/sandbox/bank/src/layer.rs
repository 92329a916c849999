//! The integration layer of the bank: the operations of `docs/integration-layer.md`, a family of them for each API.

use ponte_values::Moment;
use ponte_web::Answer;

use crate::accounts::Accounts;
use crate::call::{Answered, Call};
use crate::cards::Cards;
use crate::contract::DataRequest;
use crate::refusal::{Refusal, not_found};
use crate::registration;
use crate::statuses::Statuses;

/// The families and what they keep.
#[derive(Default)]
pub(crate) struct Layer {
    accounts: Accounts,
    cards: Cards,
    pub(crate) statuses: Statuses,
}

impl Layer {
    /// Answers `path`, an operation below the name of its API.
    pub(crate) fn answer(&self, path: &str, request: &DataRequest, now: Moment) -> Result<Answer, Refusal> {
        let call = Call::new(request, &self.statuses, now)?;
        let (api, operation) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
        let answered = self.family(api, operation, &call);
        answered.unwrap_or_else(|| Err(not_found("operação desconhecida")))
    }

    fn family(&self, api: &str, operation: &str, call: &Call<'_>) -> Answered {
        match api {
            "accounts" => self.accounts.answer(operation, call),
            "credit-cards-accounts" => self.cards.answer(operation, call),
            "customers" => registration::answer(operation, call),
            _ => None,
        }
    }
}
