//! Random interactions, handed off and not, against a model: the same answers, one ticket at most, and only for the
//! browser it belongs to.

use std::time::Duration;

use ponte_values::Moment;
use proptest::prelude::*;

use super::tests::{login, now, reader, session, started};
use super::*;

/// What happens to an interaction. Secrets and tickets are numbers: whoever says the right one has it.
#[derive(Clone, Copy, Debug)]
enum Event {
    OpenPage,
    ReadCode(u8),
    LogIn,
    Grant(u8),
    Deny(u8),
    Finish(u8, u8),
    Abort(u8, u8),
    Complete(u8),
    Wait(u8),
}

fn event() -> impl Strategy<Value = Event> {
    let page = 0..2_u8;
    let ticket = 0..4_u8;
    prop_oneof![
        Just(Event::OpenPage),
        page.clone().prop_map(Event::ReadCode),
        Just(Event::LogIn),
        ticket.clone().prop_map(Event::Grant),
        ticket.clone().prop_map(Event::Deny),
        (page.clone(), ticket.clone()).prop_map(|(page, ticket)| Event::Finish(page, ticket)),
        (page, ticket.clone()).prop_map(|(page, ticket)| Event::Abort(page, ticket)),
        ticket.prop_map(Event::Complete),
        (1..4_u8).prop_map(Event::Wait),
    ]
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum At {
    Login,
    Decision,
    Decided { yes: bool },
    Ticketed { yes: bool, ticket: u8 },
    Over,
}

/// The interaction as somebody would describe it who never saw the code.
struct Model {
    minutes: u64,
    /// When it was decided, or the page fetched its ticket.
    decided: Option<u64>,
    /// The page whose code was read, or that gave up.
    page: Option<u8>,
    /// When its code was read for the first time.
    read: Option<u64>,
    /// How often its code was read again.
    repeats: u8,
    shown: u8,
    aborted: bool,
    at: At,
    tickets: u32,
}

const SESSION: InteractionFault = InteractionFault::InvalidSession;
const ORDER: InteractionFault = InteractionFault::OutOfOrder;

impl Model {
    const fn new() -> Self {
        Self {
            minutes: 0,
            decided: None,
            page: None,
            read: None,
            repeats: 0,
            shown: 0,
            aborted: false,
            at: At::Login,
            tickets: 0,
        }
    }

    fn late(&self) -> bool {
        let end = self.decided.map_or(10, |decided| (decided + 2).max(10));
        self.minutes >= end && self.at != At::Over
    }

    fn undecided(&self) -> bool {
        matches!(self.at, At::Login | At::Decision)
    }

    fn decide(&mut self, yes: bool, ticket: u8) {
        self.decided = Some(self.minutes);
        if self.page.is_some() {
            self.at = At::Decided { yes };
        } else {
            self.tickets += 1;
            self.at = At::Ticketed { yes, ticket };
        }
    }

    /// What the interaction must answer: whether it changed, or why not.
    fn tell(&mut self, event: Event) -> Result<bool, InteractionFault> {
        match event {
            Event::Wait(minutes) => {
                self.minutes += u64::from(minutes);
                return Ok(false);
            }
            Event::Finish(page, _) | Event::Abort(page, _) if self.page.is_some_and(|read| read != page) => {
                return Err(SESSION);
            }
            Event::ReadCode(page) => {
                let open = self.at == At::Login && !self.late();
                if open && self.page.is_none() {
                    (self.page, self.read) = (Some(page), Some(self.minutes));
                    return Ok(true);
                }
                let timely = self.read.is_some_and(|read| self.minutes <= read + 1);
                let again = open && timely && self.repeats < 3 && self.page == Some(page);
                self.repeats += u8::from(again);
                return Ok(again);
            }
            _ if self.late() => return Err(SESSION),
            Event::OpenPage if self.at == At::Login && self.page.is_none() => {
                let more = self.shown < 5;
                self.shown += u8::from(more);
                return Ok(more);
            }
            Event::LogIn if self.undecided() => self.at = At::Decision,
            Event::Grant(ticket) if self.at == At::Decision => self.decide(true, ticket),
            Event::Deny(ticket) if self.undecided() => self.decide(false, ticket),
            Event::Abort(page, ticket) if self.undecided() => {
                self.aborted = true;
                self.decided = Some(self.minutes);
                self.page = Some(page);
                self.tickets += 1;
                self.at = At::Ticketed { yes: false, ticket };
            }
            Event::Finish(_, ticket) => {
                let At::Decided { yes } = self.at else { return Err(ORDER) };
                self.decided = Some(self.minutes);
                self.tickets += 1;
                self.at = At::Ticketed { yes, ticket };
            }
            Event::Complete(ticket) => match self.at {
                At::Ticketed { ticket: issued, .. } if issued == ticket => self.at = At::Over,
                At::Ticketed { .. } => return Err(InteractionFault::WrongTicket),
                At::Over => return Err(ORDER),
                _ => return Err(SESSION),
            },
            _ => return Err(ORDER),
        }
        Ok(true)
    }

    fn status(&self) -> PageStatus {
        match self.at {
            _ if self.aborted => PageStatus::Aborted,
            _ if self.late() => PageStatus::TimedOut,
            At::Login if self.page.is_none() => PageStatus::Ready,
            At::Login | At::Decision => PageStatus::Read,
            At::Decided { .. } => PageStatus::Completed,
            At::Ticketed { .. } | At::Over => PageStatus::Finished,
        }
    }

    fn time(&self) -> Moment {
        now().plus(Duration::from_secs(60 * self.minutes))
    }
}

fn text(number: u8) -> String {
    number.to_string()
}

/// What the interaction makes of an event.
fn apply(interaction: Interaction, event: Event, now: Moment) -> Result<Interaction, InteractionFault> {
    match event {
        Event::OpenPage => Ok(interaction.clone().hand_off(now)?.unwrap_or(interaction)),
        Event::ReadCode(page) => Ok(match interaction.take_over(&text(page), reader("phone"), now) {
            Takeover::First(changed) | Takeover::Again(changed) | Takeover::Unchanged(changed) => changed,
        }),
        Event::LogIn => interaction.log_in(login(now), session("s")),
        Event::Grant(ticket) => interaction.grant(text(ticket), now),
        Event::Deny(ticket) => interaction.deny(text(ticket), now),
        Event::Finish(page, ticket) => interaction.with_page(&text(page))?.finish(text(ticket), now),
        Event::Abort(page, ticket) => interaction.with_page(&text(page))?.abort(text(ticket), now),
        Event::Complete(ticket) => {
            interaction.complete(&text(ticket), now).map(|(interaction, _)| interaction)
        }
        Event::Wait(_) => Ok(interaction),
    }
}

fn agrees(interaction: &Interaction, model: &Model) {
    let seen = match interaction.at(model.time()) {
        Waiting::Login => At::Login,
        Waiting::Decision(_) => At::Decision,
        Waiting::Page(outcome) => At::Decided { yes: *outcome != Outcome::Denied },
        Waiting::Browser(decision) => At::Ticketed {
            yes: decision.outcome != Outcome::Denied,
            ticket: decision.ticket_hash.parse().unwrap(),
        },
        Waiting::Nothing => At::Over,
        Waiting::Expired => {
            assert!(model.late());
            return;
        }
    };
    assert_eq!((seen, model.late()), (model.at, false));
    assert!(model.tickets <= 1, "one way back at most");
    assert_eq!(
        (interaction.is_handed_off(), interaction.was_aborted()),
        (model.page.is_some(), model.aborted)
    );
    for page in 0..2 {
        let held = interaction.clone().with_page(&text(page));
        assert_eq!(held.map(|held| held.status(model.time())).ok(), model.page_shows(page));
    }
}

impl Model {
    fn page_shows(&self, page: u8) -> Option<PageStatus> {
        self.page.is_none_or(|read| read == page).then(|| self.status())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_interactions_answer_as_the_model(events in prop::collection::vec(event(), 1..16)) {
        let (mut interaction, mut model) = (started(), Model::new());
        for event in events {
            let expected = model.tell(event);
            let before = interaction.version;
            match (apply(interaction.clone(), event, model.time()), expected) {
                (Ok(changed), Ok(changes)) => {
                    prop_assert_eq!(changed.version, before + u64::from(changes), "{:?}", event);
                    interaction = changed;
                }
                (told, expected) => prop_assert_eq!(told.map(|_| ()).err(), expected.err(), "{:?}", event),
            }
            agrees(&interaction, &model);
        }
    }
}
