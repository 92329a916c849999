//! The reference of the random histories: the behaviour of a consent written a second time, in numbers and names without a
//! type of the crate.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use super::event::{self, DAY, Event, HOUR, Span};

/// A consent, if there is one yet, and the time.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) now: i64,
    pub(super) consent: Option<Written>,
    /// ApproverAnswer to the last event.
    pub(super) reply: &'static str,
}

/// What is written down.
#[derive(Clone, Debug)]
pub(super) struct Written {
    created: i64,
    company: bool,
    linked: bool,
    pub(super) end: Option<i64>,
    noticed: Option<i64>,
    pub(super) state: State,
    pub(super) products: Vec<Product>,
    pub(super) renewals: u32,
    pub(super) version: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    Awaiting,
    Authorised,
    Rejected(End),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct End {
    pub(super) by: &'static str,
    pub(super) why: &'static str,
    pub(super) at: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Product {
    pub(super) status: &'static str,
    deadline: i64,
    /// Approver and answer.
    people: Vec<(usize, Option<bool>)>,
}

pub(super) const STATUSES: [&str; 4] =
    ["AVAILABLE", "UNAVAILABLE", "TEMPORARILY_UNAVAILABLE", "PENDING_AUTHORISATION"];
const SIDES: [&str; 3] = ["USER", "ASPSP", "TPP"];

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Event;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Event> {
        if state.consent.is_some() { event::event() } else { event::creation() }
    }

    fn apply(mut state: Self, event: &Event) -> Self {
        state.reply = state.happen(event);
        state
    }

    fn preconditions(state: &Self, event: &Event) -> bool {
        state.consent.is_none() == matches!(event, Event::Create { .. })
    }
}

impl Model {
    fn happen(&mut self, event: &Event) -> &'static str {
        let now = self.now;
        match (event, &mut self.consent) {
            (Event::Create { company, linked, served, ends_in }, consent) => {
                if *linked && !*served {
                    return "LinkedNotServed";
                }
                if ends_in.is_some_and(|ends_in| ends_in <= 0 || ends_in > 366 * DAY) {
                    return "ExpirationDate";
                }
                *consent = Some(Written::new(*company, *linked, ends_in.map(|ends_in| now + ends_in), now));
                "done"
            }
            (_, None) => "nothing",
            (Event::Pass(span), Some(consent)) => {
                let deadline = consent.next_due().unwrap_or(now);
                self.now = match span {
                    Span::Millis(millis) => now + millis,
                    Span::ToTheDeadline => deadline.max(now),
                    Span::JustBefore => (deadline - 1).max(now),
                };
                "done"
            }
            (event, Some(consent)) => {
                let reply = consent.happen(event, now);
                if reply == "done" {
                    consent.version += 1;
                }
                reply
            }
        }
    }
}

impl Written {
    fn new(company: bool, linked: bool, end: Option<i64>, created: i64) -> Self {
        Self {
            created,
            company,
            linked,
            end,
            noticed: None,
            state: State::Awaiting,
            products: Vec::new(),
            renewals: 0,
            version: 1,
        }
    }

    /// What it is worth, written down or not.
    pub(super) fn at(&self, now: i64) -> State {
        let hour = self.created + HOUR;
        let ended = |why, at| State::Rejected(End { by: "ASPSP", why, at });
        match (self.state, self.end) {
            (State::Awaiting, Some(end)) if end < hour && now >= end => {
                ended("CONSENT_MAX_DATE_REACHED", end)
            }
            (State::Awaiting, _) if now >= hour => ended("CONSENT_EXPIRED", hour),
            (State::Authorised, Some(end)) if now >= end => ended("CONSENT_MAX_DATE_REACHED", end),
            (state, _) => state,
        }
    }

    pub(super) fn next_due(&self) -> Option<i64> {
        match self.state {
            State::Rejected(_) => None,
            State::Awaiting => Some(self.end.map_or(self.created + HOUR, |end| end.min(self.created + HOUR))),
            State::Authorised => {
                let mut times: Vec<i64> = self.products.iter().filter_map(Product::waits_until).collect();
                times.extend(self.end);
                times.extend(self.end.filter(|_| self.noticed != self.end).map(|end| end - DAY));
                times.into_iter().min()
            }
        }
    }

    fn happen(&mut self, event: &Event, now: i64) -> &'static str {
        let (awaiting, authorised) = match self.at(now) {
            State::Awaiting => (true, false),
            State::Authorised => (false, true),
            State::Rejected(_) => (false, false),
        };
        let over = !awaiting && !authorised;
        match event {
            Event::Authorise(_) | Event::Refuse if !awaiting => "NotAwaiting",
            Event::Extend { .. } | Event::ApproverAnswer(..) | Event::Settle(_) | Event::Became(..)
                if !authorised =>
            {
                "NotAuthorised"
            }
            Event::Revoke(_) | Event::Withdraw(_) if over => "AlreadyRejected",
            Event::PrimaryEnds if over || !self.linked => "nothing",
            Event::Authorise(products) => {
                self.products = products.iter().map(|people| Product::new(people, now)).collect();
                self.state = State::Authorised;
                self.skip_notice(now);
                "done"
            }
            Event::Refuse => self.end_by("USER", "CUSTOMER_MANUALLY_REJECTED", now),
            Event::PrimaryEnds if awaiting => self.end_by("TPP", "CUSTOMER_MANUALLY_REJECTED", now),
            Event::PrimaryEnds => self.end_by("TPP", "CUSTOMER_MANUALLY_REVOKED", now),
            Event::Revoke(side) if awaiting => self.end_by(SIDES[*side], "CUSTOMER_MANUALLY_REJECTED", now),
            Event::Revoke(side) => self.end_by(SIDES[*side], "CUSTOMER_MANUALLY_REVOKED", now),
            Event::Withdraw(true) => self.end_by("ASPSP", "INTERNAL_SECURITY_REASON", now),
            Event::Withdraw(false) => self.end_by("ASPSP", "CONSENT_TECHNICAL_ISSUE", now),
            Event::Extend { same_person, company, ends_in } => {
                self.extend(*same_person, *company, ends_in.map(|ends_in| now + ends_in), now)
            }
            Event::ApproverAnswer(who, product, yes) => self.answer(*who, *product, *yes, now),
            Event::Settle(yes) => self.settle(*yes, now),
            Event::Became(product, status) => self.became(*product, STATUSES[*status], now),
            Event::Sweep => self.sweep(now),
            Event::Create { .. } | Event::Pass(_) => "nothing",
        }
    }

    fn end_by(&mut self, by: &'static str, why: &'static str, at: i64) -> &'static str {
        self.state = State::Rejected(End { by, why, at });
        self.products.clear();
        "done"
    }

    fn extend(
        &mut self,
        same_person: bool,
        company: Option<bool>,
        end: Option<i64>,
        now: i64,
    ) -> &'static str {
        if self.company && company.is_none() {
            return "CompanyNotNamed";
        }
        let others = if self.company { company == Some(false) } else { company.is_some() || !same_person };
        if others {
            return "OtherCustomer";
        }
        if self.linked {
            return "Linked";
        }
        if self.products.iter().any(|product| !product.people.is_empty()) {
            return "SeveralApprovers";
        }
        let Some(current) = self.end else { return "ExpirationDate" };
        if end.is_some_and(|end| end <= now || end <= current) {
            return "ExpirationDate";
        }
        self.end = end;
        self.renewals += 1;
        self.skip_notice(now);
        "done"
    }

    fn answer(&mut self, who: usize, only: Option<usize>, yes: bool, now: i64) -> &'static str {
        if only.is_some_and(|only| only >= self.products.len()) {
            return "UnknownResource";
        }
        let products = self.products.iter_mut().enumerate();
        let pending: Vec<&mut Product> = products
            .filter(|(number, product)| {
                only.is_none_or(|only| only == *number) && product.at(now) == "PENDING_AUTHORISATION"
            })
            .map(|(_, product)| product)
            .collect();
        if pending.is_empty() {
            return "NothingPending";
        }
        let known = pending.iter().any(|product| product.people.iter().any(|(person, _)| *person == who));
        let mut done = false;
        for product in pending {
            let Some(person) = product.people.iter_mut().find(|(person, _)| *person == who) else { continue };
            if person.1.is_some() {
                continue;
            }
            person.1 = Some(yes);
            done = true;
            if !yes {
                product.status = "UNAVAILABLE";
            } else if product.people.iter().all(|(_, answer)| *answer == Some(true)) {
                product.status = "AVAILABLE";
            }
        }
        match (done, known) {
            (true, _) => "done",
            (false, true) => "AlreadyAnswered",
            (false, false) => "NotAnApprover",
        }
    }

    fn settle(&mut self, yes: bool, now: i64) -> &'static str {
        let mut reply = "NothingPending";
        for product in &mut self.products {
            if product.at(now) == "PENDING_AUTHORISATION" {
                product.status = if yes { "AVAILABLE" } else { "UNAVAILABLE" };
                reply = "done";
            }
        }
        reply
    }

    fn became(&mut self, product: usize, next: &'static str, now: i64) -> &'static str {
        let Some(product) = self.products.get_mut(product) else { return "UnknownResource" };
        let allowed: &[&str] = match product.at(now) {
            "AVAILABLE" => &["TEMPORARILY_UNAVAILABLE", "UNAVAILABLE"],
            "TEMPORARILY_UNAVAILABLE" => &["AVAILABLE", "UNAVAILABLE"],
            "PENDING_AUTHORISATION" => &["AVAILABLE", "TEMPORARILY_UNAVAILABLE", "UNAVAILABLE"],
            _ => &[],
        };
        if !allowed.contains(&next) {
            return "Status";
        }
        product.status = next;
        "done"
    }

    fn sweep(&mut self, now: i64) -> &'static str {
        if let State::Rejected(_) = self.state {
            return "nothing";
        }
        if let State::Rejected(end) = self.at(now) {
            return self.end_by(end.by, end.why, end.at);
        }
        if self.state == State::Awaiting {
            return "nothing";
        }
        let mut reply = "nothing";
        for product in &mut self.products {
            if product.waits_until().is_some_and(|deadline| deadline <= now) {
                product.status = "UNAVAILABLE";
                reply = "done";
            }
        }
        if self.end.is_some_and(|end| self.noticed != Some(end) && end - DAY <= now) {
            self.noticed = self.end;
            reply = "done";
        }
        reply
    }

    fn skip_notice(&mut self, now: i64) {
        if self.end.is_some_and(|end| end - DAY <= now) {
            self.noticed = self.end;
        }
    }
}

impl Product {
    /// Person 0 is the customer, whose own yes is the authorisation.
    fn new(people: &[usize], now: i64) -> Self {
        let mut others: Vec<usize> = people.iter().copied().filter(|person| *person != 0).collect();
        others.sort_unstable();
        others.dedup();
        let status = if others.is_empty() { "AVAILABLE" } else { "PENDING_AUTHORISATION" };
        let people = others.into_iter().map(|person| (person, None)).collect();
        Self { status, deadline: now + 5 * DAY, people }
    }

    fn waits_until(&self) -> Option<i64> {
        (self.status == "PENDING_AUTHORISATION").then_some(self.deadline)
    }

    pub(super) fn at(&self, now: i64) -> &'static str {
        match self.waits_until() {
            Some(deadline) if now >= deadline => "UNAVAILABLE",
            _ => self.status,
        }
    }
}
