//! The stages of an interaction, one after the other.

use std::time::Duration;

use ponte_values::{ClientId, ConsentId, Moment};

use super::*;
use crate::target::Target;

pub(super) fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

pub(super) fn started() -> Interaction {
    let new = NewInteraction {
        id: "i".to_owned(),
        target: Target::consent(ConsentId::parse("urn:banco:1").unwrap()),
        linked: None,
        assurance: Assurance::Loa2,
        client: ClientId::parse("c").unwrap(),
        client_name: "Receptora".to_owned(),
        redirect_uri: "https://receptora.example/cb".to_owned(),
        request_uri: "urn:ietf:params:oauth:request_uri:1".to_owned(),
    };
    Interaction::start(new, now())
}

pub(super) fn login(at: Moment) -> Login {
    Login { subject: "sub".to_owned(), at, assurance: Assurance::Loa2 }
}

#[test]
fn yes_needs_a_login_and_ends_with_the_ticket_once() {
    let interaction = started();
    assert_eq!(interaction.clone().grant("h".to_owned(), now()).unwrap_err(), InteractionFault::OutOfOrder);
    let interaction = interaction.log_in(login(now())).unwrap().grant("h".to_owned(), now()).unwrap();
    assert_eq!(interaction.clone().complete("x", now()).unwrap_err(), InteractionFault::WrongTicket);
    let (interaction, outcome) = interaction.complete("h", now()).unwrap();
    assert!(matches!(outcome, Outcome::Granted { .. }));
    assert_eq!(interaction.version, 4);
    assert_eq!(interaction.complete("h", now()).unwrap_err(), InteractionFault::OutOfOrder);
}

#[test]
fn no_is_possible_at_any_time_before_the_decision() {
    let (_, outcome) = started().deny("h".to_owned(), now()).unwrap().complete("h", now()).unwrap();
    assert_eq!(outcome, Outcome::Denied);
    let decided = started().log_in(login(now())).unwrap().grant("h".to_owned(), now()).unwrap();
    assert_eq!(decided.clone().deny("h".to_owned(), now()).unwrap_err(), InteractionFault::OutOfOrder);
    assert_eq!(decided.log_in(login(now())).unwrap_err(), InteractionFault::OutOfOrder);
}

#[test]
fn c05_a_login_may_be_repeated() {
    let interaction = started().log_in(login(now())).unwrap();
    assert!(interaction.log_in(login(now().plus(Duration::from_mins(1)))).is_ok());
}

#[test]
fn s15_a_weaker_login_than_asked_for_is_repeated_with_a_second_factor() {
    let interaction = Interaction { assurance: Assurance::Loa3, ..started() };
    assert_eq!(interaction.clone().log_in(login(now())).unwrap_err(), InteractionFault::WeakLogin);
    let strong = Login { assurance: Assurance::Loa3, ..login(now()) };
    let interaction = interaction.log_in(strong).unwrap().grant("h".to_owned(), now()).unwrap();
    let (_, outcome) = interaction.complete("h", now()).unwrap();
    assert!(matches!(outcome, Outcome::Granted { assurance: Assurance::Loa3, .. }));
}

#[test]
fn the_session_ends_after_ten_minutes() {
    let late = now().plus(SESSION_LIMIT);
    assert_eq!(started().log_in(login(late)).unwrap_err(), InteractionFault::InvalidSession);
    let interaction = started().log_in(login(now())).unwrap().grant("h".to_owned(), now()).unwrap();
    assert_eq!(interaction.complete("h", late).unwrap_err(), InteractionFault::InvalidSession);
}

#[test]
fn the_stored_form_reads_back() {
    let interaction = started().log_in(login(now())).unwrap();
    let json = serde_json::to_string(&interaction).unwrap();
    let back: Interaction = serde_json::from_str(&json).unwrap();
    assert!(matches!(back.at(now()), Waiting::Decision(_)));
}

/// An interaction whose page has the secret behind `page`.
fn shown() -> Interaction {
    started().hand_off("page".to_owned(), now()).unwrap()
}

#[test]
fn an_interaction_that_is_handed_off_gives_its_ticket_to_the_page_alone_and_once() {
    let interaction = match shown().take_over(now()) {
        Takeover::First(interaction) => interaction,
        Takeover::Unchanged(_) => panic!("the code was not read before"),
    };
    let interaction = interaction.log_in(login(now())).unwrap().grant("phone".to_owned(), now()).unwrap();
    assert!(matches!(interaction.at(now()), Waiting::Page(Outcome::Granted { .. })));
    assert_eq!(interaction.clone().complete("phone", now()).unwrap_err(), InteractionFault::InvalidSession);
    assert_eq!(interaction.clone().with_page("other").unwrap_err(), InteractionFault::InvalidSession);
    let interaction = interaction.with_page("page").unwrap().finish("ticket".to_owned(), now()).unwrap();
    let again = interaction.clone().with_page("page").unwrap().finish("second".to_owned(), now());
    assert_eq!(again.unwrap_err(), InteractionFault::OutOfOrder);
    let (_, outcome) = interaction.complete("ticket", now()).unwrap();
    assert!(matches!(outcome, Outcome::Granted { .. }));
}

#[test]
fn c06_giving_up_at_the_page_is_a_no_unless_the_phone_was_faster() {
    let given_up = shown().with_page("page").unwrap().abort("ticket".to_owned(), now()).unwrap();
    assert!(given_up.was_aborted());
    assert_eq!(given_up.clone().log_in(login(now())).unwrap_err(), InteractionFault::OutOfOrder);
    assert_eq!(given_up.complete("ticket", now()).unwrap().1, Outcome::Denied);
    let decided = shown().deny("phone".to_owned(), now()).unwrap();
    let late = decided.with_page("page").unwrap().abort("ticket".to_owned(), now());
    assert_eq!(late.unwrap_err(), InteractionFault::OutOfOrder);
}

#[test]
fn a_page_opens_once_and_not_after_a_login() {
    assert_eq!(shown().hand_off("other".to_owned(), now()).unwrap_err(), InteractionFault::OutOfOrder);
    let begun = started().log_in(login(now())).unwrap();
    assert_eq!(begun.hand_off("page".to_owned(), now()).unwrap_err(), InteractionFault::OutOfOrder);
    let late = started().hand_off("page".to_owned(), now().plus(SESSION_LIMIT));
    assert_eq!(late.unwrap_err(), InteractionFault::InvalidSession);
    assert!(started().with_page("").is_err());
}

#[test]
fn the_page_counts_down_to_the_end_of_the_session() {
    let page = shown().with_page("page").unwrap();
    assert_eq!(page.remaining(now().plus(Duration::from_mins(4))), Duration::from_mins(6));
    assert_eq!(page.remaining(now().plus(Duration::from_mins(11))), Duration::ZERO);
    assert_eq!(page.status(now().plus(SESSION_LIMIT)), PageStatus::TimedOut);
}

#[test]
fn interactions_stored_before_there_were_pages_read_back() {
    let json = serde_json::to_value(started()).unwrap();
    assert!(json.get("handoff").is_none());
    let back: Interaction = serde_json::from_value(json).unwrap();
    assert!(!back.is_handed_off());
    let json = serde_json::to_string(&shown()).unwrap();
    let back: Interaction = serde_json::from_str(&json).unwrap();
    assert!(back.with_page("page").is_ok());
}
