//! First pages a month (L06): what a call counts among, and who is known to be used up.

use std::collections::HashSet;

use ponte_catalog::{Limits, Row};
use ponte_ports::limits::{CallCount, LimitReached, Reached};
use ponte_values::{ConsentId, Moment};

use crate::call::Call;
use crate::caller::Client;

/// How many that are used up an environment remembers: of the others it asks the store, after the answer is there.
const REMEMBERED: usize = 1_024;

/// A call that counts among those of a month.
#[derive(Clone, Debug)]
pub(crate) struct MonthCall {
    pub(super) count: CallCount,
    pub(super) limit: u32,
    now: Moment,
}

/// Whose call it is.
pub(crate) struct Whose<'a> {
    pub(crate) client: &'a Client,
    /// Pseudonym of the customer.
    pub(crate) customer: &'a str,
    pub(crate) target: &'a ConsentId,
}

/// The call as one of the month's, unless it goes on with a list that was counted: a call with a good `pagination-key`, or a
/// later page of a row that has none (C53).
pub(crate) fn monthly(row: &Row, call: &Call, whose: &Whose<'_>, limit: u32) -> Option<MonthCall> {
    let goes_on = match (&call.pagination, row.smallest_page) {
        (Some(key), _) => key.is_given,
        (None, Some(_)) => call.page().is_ok_and(|page| page.number() > 1),
        (None, None) => false,
    };
    let counts = matches!(row.limits, Limits::Operational { .. }) && !goes_on;
    counts.then(|| MonthCall {
        count: CallCount { of: name(row, call, whose), ends: call.now.end_of_month_brasilia() },
        limit,
        now: call.now,
    })
}

/// Row, receiver, customer and object: the product that the path names, with what the path names of it, else the consent. Every
/// text is preceded by its length, so that texts cannot run together.
fn name(row: &Row, call: &Call, whose: &Whose<'_>) -> String {
    let ids: Vec<&str> = row.path_parameters().map(|name| call.request.id(name)).collect();
    let object = if ids.is_empty() { vec![whose.target.as_str()] } else { ids };
    let texts = [row.template, whose.client.id.as_str(), whose.customer].into_iter().chain(object);
    let texts: Vec<String> = texts.map(|text| format!("{}:{text}", text.len())).collect();
    texts.concat()
}

impl MonthCall {
    pub(super) const fn reached(&self) -> LimitReached {
        LimitReached::Month(Reached { limit: self.limit, resets_at: self.count.ends, now: self.now })
    }
}

/// The counts that are known to be used up, each with the limit that it was used up to.
#[derive(Default)]
pub(super) struct UsedUp(HashSet<CallCount>);

impl UsedUp {
    pub(super) fn holds(&self, call: &MonthCall) -> bool {
        self.0.contains(&call.count)
    }

    /// Notes one for the rest of its month. What is of another month goes first, and all when there are too many.
    pub(super) fn note(&mut self, call: &MonthCall) {
        self.0.retain(|count| count.ends == call.count.ends);
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        self.0.insert(call.count.clone());
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
