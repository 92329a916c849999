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
        target: Target::consent(ConsentId::parse("urn:banco:1").unwrap()),
        linked: None,
        assurance: Assurance::Loa2,
        client: ClientId::parse("c").unwrap(),
        client_name: "Receptora".to_owned(),
        redirect_uri: "https://receptora.example/cb".to_owned(),
        request_uri: "urn:ietf:params:oauth:request_uri:1".to_owned(),
        arrival_key: "key".to_owned(),
    };
    Interaction::start(new, now())
}

pub(super) fn login(at: Moment) -> Login {
    Login { subject: "sub".to_owned(), at, assurance: Assurance::Loa2 }
}

/// What the answer to a login opens.
pub(super) fn session(secret: &str) -> ChannelSession {
    ChannelSession { secret_hash: secret.to_owned(), arrival: None }
}

/// The arrival of a browser that was given this randomness.
fn arrival(random: &str, by_app: bool) -> ArrivalId {
    let interaction = started();
    let arrivals = interaction.arrivals();
    arrivals.id(&arrivals.fresh(random), by_app)
}

/// A phone whose secret has this hash.
pub(super) fn reader(secret_hash: &str) -> CodeReader {
    CodeReader { secret_hash: secret_hash.to_owned(), signed: false }
}

fn through(arrival: &ArrivalId, secret: &str) -> ChannelSession {
    ChannelSession { arrival: arrival.reference().map(str::to_owned), ..session(secret) }
}

#[test]
fn yes_needs_a_login_and_ends_with_the_ticket_once() {
    let interaction = started();
    assert_eq!(interaction.clone().grant("h".to_owned(), now()).unwrap_err(), InteractionFault::OutOfOrder);
    let interaction =
        interaction.log_in(login(now()), session("s")).unwrap().grant("h".to_owned(), now()).unwrap();
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
    let decided = started().log_in(login(now()), session("s")).unwrap().grant("h".to_owned(), now()).unwrap();
    assert_eq!(decided.clone().deny("h".to_owned(), now()).unwrap_err(), InteractionFault::OutOfOrder);
    assert_eq!(decided.log_in(login(now()), session("s")).unwrap_err(), InteractionFault::OutOfOrder);
}

#[test]
fn c05_a_login_may_be_repeated() {
    let interaction = started().log_in(login(now()), session("s")).unwrap();
    let again = interaction.log_in(login(now().plus(Duration::from_mins(1))), session("again")).unwrap();
    assert_eq!((again.is_session("s"), again.is_session("again")), (false, true), "T59: the former is void");
}

#[test]
fn s15_a_weaker_login_than_asked_for_is_repeated_with_a_second_factor() {
    let interaction = Interaction { assurance: Assurance::Loa3, ..started() };
    assert_eq!(
        interaction.clone().log_in(login(now()), session("s")).unwrap_err(),
        InteractionFault::WeakLogin
    );
    let strong = Login { assurance: Assurance::Loa3, ..login(now()) };
    let interaction = interaction.log_in(strong, session("s")).unwrap().grant("h".to_owned(), now()).unwrap();
    let (_, outcome) = interaction.complete("h", now()).unwrap();
    assert!(matches!(outcome, Outcome::Granted { assurance: Assurance::Loa3, .. }));
}

#[test]
fn the_session_ends_after_ten_minutes() {
    let late = now().plus(SESSION_LIMIT);
    assert_eq!(started().log_in(login(late), session("s")).unwrap_err(), InteractionFault::InvalidSession);
    let interaction =
        started().log_in(login(now()), session("s")).unwrap().grant("h".to_owned(), now()).unwrap();
    assert_eq!(interaction.complete("h", late).unwrap_err(), InteractionFault::InvalidSession);
}

/// Whoever comes late hears that the session is over, not that a step is missing.
#[test]
fn every_step_after_the_session_is_told_that_it_is_over() {
    let late = now().plus(SESSION_LIMIT);
    let logged_in = || started().log_in(login(now()), session("s")).unwrap();
    let ticket = || "ticket".to_owned();
    for told in [
        logged_in().grant(ticket(), late).err(),
        started().deny(ticket(), late).err(),
        started().with_page("page").unwrap().abort(ticket(), late).err(),
        taken().with_page("page").unwrap().finish(ticket(), late).err(),
        started().complete("ticket", late).err(),
    ] {
        assert_eq!(told, Some(InteractionFault::InvalidSession));
    }
}

#[test]
fn t61_a_decision_in_the_last_moment_has_its_own_way_back_and_so_has_the_ticket_of_a_page() {
    let last = now().plus(SESSION_LIMIT.saturating_sub(Duration::from_millis(1)));
    let before = |from: Moment| from.plus(WAY_BACK.saturating_sub(Duration::from_millis(1)));
    let granted = |begun: Interaction| {
        begun.log_in(login(now()), session("s")).unwrap().grant("h".to_owned(), last).unwrap()
    };
    let decided = granted(started());
    assert_eq!(
        decided.clone().complete("h", last.plus(WAY_BACK)).unwrap_err(),
        InteractionFault::InvalidSession
    );
    assert!(decided.complete("h", before(last)).is_ok());

    let fetched = before(last);
    let page = granted(taken()).with_page("page").unwrap();
    assert_eq!(page.status(fetched), PageStatus::Completed);
    let ticketed = page.finish("ticket".to_owned(), fetched).unwrap();
    let (over, _) = ticketed.complete("ticket", before(fetched)).unwrap();
    let returned = over.returned("ticket".to_owned(), "sealed".to_owned(), None, before(fetched));
    assert!(returned.expires_at() <= returned.over_at(), "nothing counts longer");
}

#[test]
fn t61_an_answer_and_a_return_are_known_again_until_their_end() {
    let yes = CustomerAnswer::yes(None);
    let hers = through(&arrival("hers", false), "s");
    let decided = started().log_in(login(now()), hers).unwrap().grant("h".to_owned(), now()).unwrap();
    assert!(!decided.has_answered(&yes, now()), "of a release that did not keep it");
    let decided = decided.answered(yes.clone());
    assert!(decided.has_answered(&yes, now()) && !decided.has_answered(&CustomerAnswer::No, now()));
    assert!(!decided.has_answered(&yes, now().plus(SESSION_LIMIT)));
    let over = decided.complete("h", now()).unwrap().0;
    let over = over.returned("h".to_owned(), "sealed".to_owned(), None, now());
    assert_eq!(over.returns_again("h", &[], now().plus(Duration::from_mins(1))), Some("sealed"));
    assert_eq!(over.returns_again("x", &[], now()), None);
    assert_eq!(over.returns_again("h", &[], now().plus(Duration::from_millis(60_001))), None);
    assert!(over.has_answered(&yes, now()), "who asked late hears it too");
    assert!(!over.has_answered(&yes, over.expires_at()), "not once all is over");
}

#[test]
fn t59_t61_the_return_with_an_app_s_ticket_is_told_again_to_its_own_browser() {
    let by_app = through(&arrival("phone", true), "s");
    let decided = started().log_in(login(now()), by_app).unwrap().grant("h".to_owned(), now()).unwrap();
    assert!(decided.awaits_ticket("h", now()) && !decided.awaits_ticket("x", now()));
    let over = decided.complete("h", now()).unwrap().0;
    assert!(!over.awaits_ticket("h", now()));
    let returned = |browser: Option<&str>| {
        over.clone().returned("h".to_owned(), "sealed".to_owned(), browser.map(str::to_owned), now())
    };
    let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    for (browser, shown, told) in [
        (Some("own"), all(&["own"]), true),
        (Some("own"), all(&["of another tab", "own"]), true),
        (Some("own"), all(&["another"]), false),
        (Some("own"), all(&[]), false),
        (None, all(&["any"]), false),
    ] {
        assert_eq!(
            returned(browser).returns_again("h", &shown, now()).is_some(),
            told,
            "{browser:?} {shown:?}"
        );
    }
}

/// Who opens the link again is told that it was used, whether the session lasts or not.
#[test]
fn t61_an_interaction_is_decided_from_the_answer_on_whoever_has_fetched_it() {
    let opened = |begun: Interaction| begun.log_in(login(now()), session("s")).unwrap();
    let granted = |begun: Interaction| opened(begun).grant("h".to_owned(), now()).unwrap();
    for open in [started(), taken(), opened(started()), opened(taken())] {
        assert!(!open.is_decided(), "{open:?}");
    }
    let given_up = started().with_page("page").unwrap().abort("h".to_owned(), now()).unwrap();
    let over = granted(started()).complete("h", now()).unwrap().0;
    for decided in
        [granted(started()), granted(taken()), started().deny("h".to_owned(), now()).unwrap(), given_up, over]
    {
        assert!(decided.is_decided(), "{decided:?}");
    }
}

#[test]
fn the_stored_form_reads_back() {
    let interaction = started().log_in(login(now()), session("s")).unwrap();
    let json = serde_json::to_string(&interaction).unwrap();
    let back: Interaction = serde_json::from_str(&json).unwrap();
    assert!(matches!(back.at(now()), Waiting::Decision(_)));
}

/// An interaction whose page was shown, and its code read.
fn taken() -> Interaction {
    let shown = started().hand_off(now()).unwrap().unwrap();
    match shown.take_over("page", reader("phone"), now()) {
        Takeover::First(interaction) => interaction,
        _ => panic!("the code was not read before"),
    }
}

/// The same code once more.
fn taken_again(interaction: &Interaction, reader: CodeReader, at: Moment) -> Option<Interaction> {
    match interaction.clone().take_over("page", reader, at) {
        Takeover::First(_) => panic!("it was read before"),
        Takeover::Again(interaction) => Some(interaction),
        Takeover::Unchanged(_) => None,
    }
}

#[test]
fn t59_t61_a_code_may_be_read_again_for_a_minute_and_never_after_the_login() {
    let first = taken();
    assert!(first.is_taken() && first.is_phone("phone") && !first.is_phone("other"));
    let minute = now().plus(Duration::from_mins(1));
    let again = taken_again(&first, reader("other"), minute).unwrap();
    assert!(again.is_phone("other") && !again.is_phone("phone"), "the secret of the lost answer is void");
    let late = minute.plus(Duration::from_millis(1));
    assert!(taken_again(&again, reader("third"), late).is_none(), "a minute from the first time");
    let signed = CodeReader { signed: true, ..reader("third") };
    assert!(taken_again(&again, signed.clone(), late).unwrap().is_phone("third"));
    let logged_in = again.log_in(login(now()), session("s")).unwrap();
    assert!(taken_again(&logged_in, signed, now()).is_none());
    assert!(logged_in.is_phone("other"), "it may log in again: the answer may have been lost");
    let given_up = taken().with_page("page").unwrap().abort("ticket".to_owned(), now()).unwrap();
    assert!(given_up.is_phone("phone") && taken_again(&given_up, reader("other"), now()).is_none());
}

/// Whoever knows the code changes the interaction so often and no more; the back end of the institution has a few tries left.
#[test]
fn t62_a_code_is_read_again_three_times_and_signed_ten_times_in_all() {
    let signed = |name: &str| CodeReader { signed: true, ..reader(name) };
    let mut interaction = taken();
    for number in 0..10 {
        if number == 3 {
            assert!(taken_again(&interaction, reader("a stranger"), now()).is_none());
        }
        let by = if number < 3 { reader("phone") } else { signed("phone") };
        interaction = taken_again(&interaction, by, now()).unwrap();
    }
    assert!(
        taken_again(&interaction, signed("an eleventh"), now()).is_none() && interaction.is_phone("phone")
    );
    let row = serde_json::to_value(taken()).unwrap();
    assert!(row["handoff"]["phone"].get("repeats").is_none(), "as the release before stored it");
}

/// A phone of the release before was told no secret: it goes on by the id as it did.
#[test]
fn d8_a_phone_that_read_its_code_before_phones_had_secrets_goes_on() {
    let mut row = serde_json::to_value(taken()).unwrap();
    assert!(row["handoff"].as_object_mut().unwrap().remove("phone").is_some());
    let older: Interaction = serde_json::from_value(row).unwrap();
    assert!(older.is_handed_off() && !older.is_taken());
    assert!(taken_again(&older, reader("other"), now()).is_none());
}

#[test]
fn an_interaction_that_is_handed_off_gives_its_ticket_to_the_page_alone_and_once() {
    let interaction = taken().log_in(login(now()), session("s")).unwrap();
    let interaction = interaction.grant("phone".to_owned(), now()).unwrap();
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
    for open in [started(), taken()] {
        let given_up = open.with_page("page").unwrap().abort("ticket".to_owned(), now()).unwrap();
        assert!(given_up.was_aborted());
        let late = given_up.clone().log_in(login(now()), session("s"));
        assert_eq!(late.unwrap_err(), InteractionFault::OutOfOrder);
        assert_eq!(given_up.complete("ticket", now()).unwrap().1, Outcome::Denied);
    }
    let decided = taken().deny("phone".to_owned(), now()).unwrap();
    let late = decided.with_page("page").unwrap().abort("ticket".to_owned(), now());
    assert_eq!(late.unwrap_err(), InteractionFault::OutOfOrder);
}

#[test]
fn the_page_whose_code_was_read_is_the_page_and_a_login_ends_the_showing_of_codes() {
    assert!(matches!(taken().take_over("other", reader("other"), now()), Takeover::Unchanged(_)));
    assert_eq!(taken().with_page("other").unwrap_err(), InteractionFault::InvalidSession);
    assert_eq!(taken().hand_off(now()).unwrap_err(), InteractionFault::OutOfOrder);
    let begun = started().log_in(login(now()), session("s")).unwrap();
    assert!(matches!(begun.clone().take_over("page", reader("phone"), now()), Takeover::Unchanged(_)));
    let older = Interaction { arrival_key: None, ..started() };
    let unseen = older.take_over("page", reader("phone"), now());
    assert!(matches!(unseen, Takeover::Unchanged(_)), "whose ids tell of no page that was shown");
    assert_eq!(begun.hand_off(now()).unwrap_err(), InteractionFault::OutOfOrder);
    let late = started().hand_off(now().plus(SESSION_LIMIT));
    assert_eq!(late.unwrap_err(), InteractionFault::InvalidSession);
}

#[test]
fn t62_five_pages_show_a_code_however_many_browsers_arrive() {
    let mut interaction = started();
    let mut shown = 0;
    while let Some(next) = interaction.clone().hand_off(now()).unwrap() {
        (interaction, shown) = (next, shown + 1);
    }
    assert_eq!((shown, interaction.version), (5, 6));
    assert!(interaction.with_page("sixth").is_ok(), "a page all the same");
}

#[test]
fn the_page_counts_down_to_the_end_of_the_session() {
    let page = started().with_page("page").unwrap();
    assert_eq!(page.remaining(now().plus(Duration::from_mins(4))), Duration::from_mins(6));
    assert_eq!(page.remaining(now().plus(Duration::from_mins(11))), Duration::ZERO);
    assert_eq!(page.status(now().plus(SESSION_LIMIT)), PageStatus::TimedOut);
}

#[test]
fn t59_a_login_names_the_browser_that_it_came_through() {
    let (hers, other) = (arrival("hers", false), arrival("other", false));
    assert!(!started().is_through_another(&hers) && !started().is_through_another(&other));
    let logged_in = started().log_in(login(now()), through(&hers, "s")).unwrap();
    assert!(!logged_in.is_through_another(&hers) && logged_in.is_through_another(&other));
    assert_eq!(logged_in.returning_browser(), hers.reference());
    let moved = logged_in.log_in(login(now()), through(&other, "again")).unwrap();
    assert!(moved.is_through_another(&hers) && !moved.is_through_another(&other));
    let Takeover::First(taken) = started().hand_off(now()).unwrap().unwrap().take_over(
        hers.reference().unwrap(),
        reader("phone"),
        now(),
    ) else {
        panic!("nobody read the code before")
    };
    assert!(!taken.is_through_another(&hers) && taken.is_through_another(&other));
    let on_the_phone = taken.clone().log_in(login(now()), through(&hers, "s")).unwrap();
    let elsewhere = taken.log_in(login(now()), through(&other, "s")).unwrap();
    assert_eq!((on_the_phone.is_handed_off(), elsewhere.is_handed_off()), (true, false));
    let by_app = started().log_in(login(now()), through(&arrival("phone", true), "s")).unwrap();
    assert_eq!(by_app.returning_browser(), None, "an app goes on in a browser that never arrived");
    let given_up = started().arrived_by(&hers);
    assert_eq!((given_up.has_session(), given_up.returning_browser()), (false, hers.reference()));
}

#[test]
fn t62_a_customer_who_comes_again_after_the_session_begins_it_again_and_arrives_once() {
    let late = now().plus(SESSION_LIMIT);
    assert!(started().begin_again("fresh", now()).is_none(), "the session lasts");
    let again = started().begin_again("fresh", late).unwrap();
    assert_eq!((again.version, again.arrival_reported(), again.started_at), (2, false, late));
    assert_eq!(again.arrival_key, started().arrival_key, "the browser that comes again is known");
    let older = Interaction { arrival_key: None, ..started() };
    assert_eq!(older.begin_again("fresh", late).unwrap().arrival_key.as_deref(), Some("fresh"), "T59");
    let logged_in = started().log_in(login(now()), through(&arrival("hers", false), "s")).unwrap();
    let again = logged_in.begin_again("fresh", late).unwrap();
    assert!(again.arrival_reported() && !again.has_session() && again.returning_browser().is_none());
    assert!(matches!(again.at(late), Waiting::Login));
    let decided = started().deny("h".to_owned(), now()).unwrap().complete("h", now()).unwrap().0;
    assert!(decided.begin_again("fresh", late).is_none(), "what is over stays over");
}

/// Nothing of the former session is left: neither its page nor its ticket opens the new one.
#[test]
fn t59_t62_a_session_that_began_again_is_like_a_first_one() {
    let late = now().plus(SESSION_LIMIT);
    let shown = started().hand_off(now()).unwrap().unwrap();
    let Takeover::First(taken) = shown.take_over("page", reader("phone"), now()) else {
        panic!("nobody read the code before")
    };
    let through_page = ChannelSession { arrival: Some("page".to_owned()), ..session("s") };
    let decided = taken.log_in(login(now()), through_page).unwrap().grant("phone".to_owned(), now()).unwrap();
    let answered = decided.answered(CustomerAnswer::yes(None));
    let ended = answered.returned("ticket".to_owned(), "sealed".to_owned(), None, now());
    let again = ended.begin_again("fresh", late).unwrap();
    let first =
        Interaction { version: ended.version + 1, started_at: late, arrival_reported: true, ..started() };
    assert_eq!(serde_json::to_value(again).unwrap(), serde_json::to_value(first).unwrap());
}

/// What a release before stored goes on: a code that was shown by an interaction without a key, and one bound to its page.
#[test]
fn d8_a_code_that_an_older_release_showed_is_read_once() {
    let shown = Interaction { arrival_key: None, ..started() }.hand_off(now()).unwrap().unwrap();
    let Takeover::First(taken) = shown.take_over("page", reader("phone"), now()) else {
        panic!("a page shows it")
    };
    assert!(taken.is_phone("phone"));

    let mut row = serde_json::to_value(started()).unwrap();
    row["handoff"] = serde_json::json!({"pageHash": "page", "progress": "SHOWN"});
    let bound: Interaction = serde_json::from_value(row).unwrap();
    // What the phone knows is the id of the interaction alone.
    let Takeover::First(taken) = bound.take_over("any", reader("phone"), now()) else {
        panic!("nobody read the code before")
    };
    assert!(taken.is_phone("phone"));
    assert!(matches!(taken.clone().take_over("any", reader("other"), now()), Takeover::Unchanged(_)));
    assert_eq!(taken.with_page("page").unwrap().status(now()), PageStatus::Read);
}

#[test]
fn t61_a_page_may_ask_again_for_the_ticket_that_it_fetched() {
    let decided = taken().log_in(login(now()), session("s")).unwrap().grant("h".to_owned(), now()).unwrap();
    let page = decided.with_page("page").unwrap();
    assert!(!page.has_ticket("ticket", now()), "none was fetched");
    let fetched = page.finish("ticket".to_owned(), now()).unwrap();
    let page = fetched.clone().with_page("page").unwrap();
    assert!(page.has_ticket("ticket", now()) && !page.has_ticket("other", now()));
    let over = fetched.complete("ticket", now()).unwrap().0.with_page("page").unwrap();
    assert!(!over.has_ticket("ticket", now()), "the browser brought it back");
    let given_up = started().with_page("page").unwrap().abort("ticket".to_owned(), now()).unwrap();
    assert!(
        !given_up.with_page("page").unwrap().has_ticket("ticket", now()),
        "C06: no decision is fetched where the customer gave up"
    );
}

/// What was counted counts on for whoever reads the row next.
#[test]
fn t62_pages_and_reported_arrivals_are_stored() {
    let shown = started().hand_off(now()).unwrap().unwrap();
    assert_eq!(serde_json::to_value(shown).unwrap()["pages"], 1);
    let logged_in = started().log_in(login(now()), session("s")).unwrap();
    let again = logged_in.begin_again("fresh", now().plus(SESSION_LIMIT)).unwrap();
    let back: Interaction = serde_json::from_str(&serde_json::to_string(&again).unwrap()).unwrap();
    assert!(back.arrival_reported());
}

#[test]
fn interactions_stored_before_there_were_pages_and_arrivals_read_back() {
    let json = serde_json::to_value(started()).unwrap();
    let members: Vec<&String> = json.as_object().unwrap().keys().collect();
    for later in
        ["handoff", "pages", "arrival", "sessionHash", "arrivalReported", "answer", "decidedAt", "returned"]
    {
        assert!(!members.iter().any(|name| *name == later), "{later}");
    }
    let mut json = json;
    assert!(json.as_object_mut().unwrap().remove("arrivalKey").is_some());
    let back: Interaction = serde_json::from_value(json).unwrap();
    assert!(!back.is_handed_off() && !back.has_session());
    let json = serde_json::to_string(&taken()).unwrap();
    let back: Interaction = serde_json::from_str(&json).unwrap();
    assert!(back.with_page("page").is_ok());
}
