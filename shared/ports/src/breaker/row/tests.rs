//! Who is let through, who is held back and who may ask how it stands.

use super::*;

fn at(seconds: i64) -> Moment {
    Moment::from_seconds(1_000_000 + seconds)
}

fn open() -> BreakerRow {
    BreakerRow::new("/accounts/balances", at(0)).opened("culprit", at(0))
}

fn by(environment: &'static str, suspect: bool) -> Asker<'static> {
    Asker { environment, client: "client", suspect }
}

fn of(client: &'static str) -> Asker<'static> {
    Asker { environment: "a", client, suspect: false }
}

#[test]
fn t63_it_opens_lets_one_probe_through_and_closes() {
    let open = open();
    assert_eq!(open.version, 1);
    assert_eq!(open.admits(&by("a", false), at(0)), Admission::Open(PAUSE));
    assert_eq!(open.admits(&by("a", true), at(4)), Admission::Open(Duration::from_secs(1)));
    assert_eq!(open.admits(&by("a", false), at(5)), Admission::Probe);
    let probed = open.probed(at(5));
    assert_eq!(probed.admits(&by("b", false), at(5)), Admission::Open(PROBE), "one probe at a time");
    assert_eq!(probed.admits(&by("b", false), at(17)), Admission::Probe, "the probe died");
    let closed = probed.closed("client", at(6));
    assert_eq!((closed.admits(&by("b", true), at(6)), closed.version), (Admission::Free, 3));
    assert!(closed.is_troubled(at(65)) && !closed.is_troubled(at(66)), "its culprit has not proved itself");
    assert!(open.is_troubled(at(69)) && !open.is_troubled(at(70)), "nobody asks for it any more");
}

#[test]
fn t63_each_silent_probe_doubles_the_pause_up_to_a_minute_and_an_answer_begins_anew() {
    let mut row = open();
    let mut pauses = Vec::new();
    for _ in 0..6 {
        let until = row.open_until.unwrap();
        pauses.push(until.since(row.changed_at).as_secs());
        row = row.probed(until).opened("culprit", until);
    }
    assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
    let anew = row.closed("culprit", at(500)).opened("culprit", at(500));
    assert_eq!(anew.admits(&by("a", false), at(500)), Admission::Open(PAUSE));
    let ancient = BreakerRow { pauses: u32::MAX, ..row };
    assert_eq!(ancient.opened("culprit", at(0)).open_until, Some(at(60)), "no overflow");
}

#[test]
fn t63_lb04_a_row_from_the_future_is_old() {
    // Opened by an environment a day ahead.
    let day = BreakerRow::new("/x", at(86_400)).opened("culprit", at(86_400));
    assert_eq!(day.admits(&by("a", false), at(0)), Admission::Probe);
    // A clock that was right when the row was written, and went back by an hour.
    assert_eq!(open().admits(&by("a", false), at(-3_600)), Admission::Probe);
    // Within the difference that clocks may have it counts.
    assert!(matches!(open().admits(&by("a", false), at(-30)), Admission::Open(_)));
    let slot = BreakerRow::new("/x", at(86_400)).with_slot(&by("b", true), at(86_400)).unwrap();
    assert!(!slot.is_troubled(at(0)), "a slot of the future is free");
    assert!(slot.is_troubled(at(86_400)));
}

#[test]
fn t63_only_so_many_environments_go_on_asking_a_silent_operation() {
    let names = (0..SLOTS).map(|number| number.to_string()).collect::<Vec<_>>();
    let asker = |environment: &'static str, client| Asker { environment, client, suspect: true };
    let mut row = BreakerRow::new("/x", at(0));
    for (number, environment) in names.iter().enumerate() {
        let client = if number % 2 == 0 { "one" } else { "other" };
        row = row.with_slot(&Asker { environment, client, suspect: true }, at(0)).unwrap();
    }
    assert_eq!(row.with_slot(&by("late", true), at(0)), None, "none is free, and nothing to write");
    assert_eq!(row.admits(&by("late", true), at(1)), Admission::Full);
    assert_eq!(row.admits(&asker("0", "one"), at(1)), Admission::Free, "it has a slot");
    assert_eq!(row.admits(&by("late", false), at(1)), Admission::Free, "it got answers");
    assert_eq!(row.with_slot(&asker("0", "one"), at(1)), None, "young enough");
    let renewed = row.with_slot(&asker("0", "one"), at(6)).unwrap();
    assert_eq!(renewed.slots.len(), SLOTS);
    assert_eq!(renewed.admits(&asker("0", "one"), at(15)), Admission::Free);
    // The other nine are over by then, and their places are free.
    assert_eq!(renewed.with_slot(&by("late", true), at(11)).unwrap().slots.len(), 2);
    assert_eq!(row.admits(&by("late", true), at(10)), Admission::Free);
    let answered = row.closed("one", at(1));
    assert_eq!(answered.admits(&by("late", true), at(1)), Admission::Free, "an answer frees every place");
    assert!(!answered.is_troubled(at(1)) && row.opened("one", at(1)).slots.is_empty());
}

#[test]
fn t63_one_client_takes_half_of_the_slots_at_most() {
    let mut row = BreakerRow::new("/x", at(0));
    for environment in ["a", "b", "c", "d", "e"] {
        row = row.with_slot(&Asker { environment, client: "slow", suspect: true }, at(0)).unwrap();
    }
    let late = |client| Asker { environment: "late", client, suspect: true };
    assert_eq!(row.admits(&late("slow"), at(1)), Admission::Full);
    assert_eq!(row.with_slot(&late("slow"), at(1)), None);
    assert_eq!(row.admits(&late("other"), at(1)), Admission::Free);
    assert!(row.with_slot(&late("other"), at(1)).is_some());
}

#[test]
fn t63_a_client_is_held_back_alone_and_proves_itself_by_one_call() {
    let held = BreakerRow::new("/x", at(0)).client_held("slow", at(0));
    assert_eq!(held.admits(&of("slow"), at(1)), Admission::Open(Duration::from_secs(4)));
    assert_eq!(held.admits(&of("other"), at(1)), Admission::Free);
    assert!(
        held.is_troubled(at(1)) && held.holds_another("other", at(1)) && !held.holds_another("slow", at(1))
    );
    assert_eq!(held.admits(&of("slow"), at(5)), Admission::OwnProbe);
    let probed = held.client_probed("slow", at(5));
    assert_eq!(probed.admits(&of("slow"), at(5)), Admission::Open(PROBE));
    assert_eq!(probed.admits(&of("slow"), at(17)), Admission::OwnProbe, "the environment of it died");
    assert_eq!(probed.client_given_back("slow", at(6)).admits(&of("slow"), at(6)), Admission::OwnProbe);
    let mut row = probed.client_held("slow", at(6));
    assert_eq!(row.admits(&of("slow"), at(6)), Admission::Open(2 * PAUSE));
    for _ in 0..20 {
        row = row.client_held("slow", at(6));
    }
    assert_eq!(row.admits(&of("slow"), at(6)), Admission::Open(LONGEST_PAUSE));
    assert_eq!(row.client_answered("slow", at(6)).admits(&of("slow"), at(6)), Admission::Free);
    // LB-04: held by a clock that was a day ahead.
    let ahead = BreakerRow::new("/x", at(86_400)).client_held("slow", at(86_400));
    assert_eq!(ahead.admits(&of("slow"), at(0)), Admission::OwnProbe);
    assert!(!ahead.is_troubled(at(0)));
    // Who has not asked for long is forgotten.
    assert!(!held.holds("slow", at(65)) && held.client_held("slow", at(65)).clients[0].pauses == 1);
}

#[test]
fn t63_the_probe_is_not_for_a_client_that_is_held_back() {
    let open = open();
    assert_eq!(open.admits(&of("client"), at(5)), Admission::Probe);
    assert_eq!(open.admits(&of("culprit"), at(5)), Admission::Open(PAUSE), "another comes first");
    assert_eq!(open.admits(&of("culprit"), at(10)), Admission::Probe, "unless there is none");
    let silent = open.probed(at(5)).opened("client", at(6));
    for held in ["client", "culprit"] {
        assert_eq!(silent.admits(&of(held), at(16)), Admission::Open(2 * PAUSE), "{held}");
        assert_eq!(silent.admits(&of(held), at(26)), Admission::Probe, "{held}");
    }
    assert_eq!(silent.admits(&of("third"), at(16)), Admission::Probe);
    assert_eq!(silent.given_back(at(7)).admits(&of("third"), at(7)), Admission::Probe);
    assert_eq!(silent.given_back(at(7)).admits(&of("culprit"), at(7)), Admission::Open(2 * PAUSE));
    // The bank answers again: those that were held back begin with one call.
    let closed = silent.closed("culprit", at(16));
    assert_eq!(closed.admits(&of("third"), at(16)), Admission::Free);
    assert_eq!(closed.admits(&of("client"), at(16)), Admission::OwnProbe);
}

#[test]
fn t63_two_clients_in_turns_do_not_keep_the_probe_for_themselves() {
    let takes = |row: &BreakerRow, client, then| matches!(row.admits(&of(client), then), Admission::Probe);
    let mut row = open();
    for turn in 0..20 {
        let due = row.open_until.unwrap();
        assert!(takes(&row, "third", due), "turn {turn}");
        let early = ["culprit", "accomplice"].into_iter().filter(|client| takes(&row, client, due));
        let unknown = usize::from(turn == 0);
        assert_eq!(early.count(), unknown, "turn {turn}: only one that nothing is known of comes as early");
        // The third has no question just now. The two ask as soon as they may, and get no answer.
        let seconds = (0..120).map(|second| due.plus(Duration::from_secs(second)));
        let asked =
            |then| Some((["accomplice", "culprit"].into_iter().find(|one| takes(&row, one, then))?, then));
        let (client, then) = seconds.into_iter().find_map(asked).unwrap();
        row = row.probed(then).opened(client, then.plus(Duration::from_secs(4)));
    }
    let due = row.open_until.unwrap();
    assert_eq!(row.closed("third", due).admits(&of("fourth"), due), Admission::Free);
}

#[test]
fn t63_lb04_a_due_time_of_the_future_keeps_nobody_behind() {
    let row = BreakerRow { open_until: Some(at(175)), ..open() };
    assert_eq!(row.admits(&of("culprit"), at(11)), Admission::Probe);
    let ahead = BreakerRow { changed_at: at(100), ..open() };
    assert_eq!(ahead.admits(&of("culprit"), at(0)), Admission::Probe);
}

#[test]
fn t63_a_row_has_room_for_so_many_clients() {
    let mut row = BreakerRow::new("/x", at(0));
    for number in 0..=i64::try_from(CLIENTS).unwrap() {
        row = row.client_held(&number.to_string(), at(number % 4));
    }
    assert_eq!(row.clients.len(), CLIENTS);
    assert!(!row.holds("0", at(4)) && row.holds("3", at(4)) && row.holds("32", at(4)));
}

#[test]
fn t63_lb04_a_row_counts_as_far_ahead_as_clocks_may_be_and_no_further() {
    let ahead = BreakerRow::new("/x", at(60)).opened("culprit", at(60));
    assert_eq!(ahead.admits(&of("other"), at(0)), Admission::Open(Duration::from_secs(65)));
    assert_eq!(ahead.admits(&of("other"), at(-1)), Admission::Probe, "written a second further ahead");
    let until = |seconds| BreakerRow { open_until: Some(at(seconds)), ..open() };
    assert_eq!(until(120).admits(&of("other"), at(0)), Admission::Open(Duration::from_mins(2)));
    assert_eq!(until(121).admits(&of("other"), at(0)), Admission::Probe, "no pause is that long");
    let alone = BreakerRow { clients: Vec::new(), ..open() };
    assert!(alone.is_troubled(at(64)) && !alone.is_troubled(at(65)), "of a release that held no client");
    let slot = BreakerRow::new("/x", at(60)).with_slot(&by("b", true), at(60)).unwrap();
    assert!(slot.is_troubled(at(0)) && !slot.is_troubled(at(-1)));
    let held = |seconds| {
        let held = HeldClient { client: "slow".to_owned(), until: at(seconds), pauses: 1 };
        BreakerRow { clients: vec![held], ..BreakerRow::new("/x", at(0)) }
    };
    assert_eq!(held(180).admits(&of("slow"), at(0)), Admission::Open(Duration::from_mins(3)));
    assert_eq!(held(181).admits(&of("slow"), at(0)), Admission::OwnProbe);
    assert!(held(180).holds("slow", at(0)) && !held(181).holds("slow", at(0)));
}

#[test]
fn t63_a_slot_is_renewed_when_half_of_its_time_is_over() {
    let row = BreakerRow::new("/x", at(0)).with_slot(&by("a", true), at(0)).unwrap();
    let row = row.with_slot(&by("b", true), at(4)).unwrap();
    assert_eq!(row.with_slot(&by("a", true), at(4)), None, "the time of another renews nothing");
    let renewed = row.with_slot(&by("a", true), at(5)).unwrap();
    let slots = [("a", at(15)), ("b", at(14))].map(|(environment, until)| Slot {
        environment: environment.to_owned(),
        until,
        client: Some("client".to_owned()),
    });
    assert_eq!((renewed.slots, renewed.version, renewed.changed_at), (slots.to_vec(), 3, at(5)));
}

#[test]
fn t63_whoever_opened_it_stays_behind_the_probe_of_another_and_goes_on_with_its_own_pauses() {
    let open = open();
    // By a clock that is as far ahead as clocks may be, too.
    for changed_at in [at(5), at(65)] {
        let probed = BreakerRow { changed_at, ..open.probed(at(5)) };
        assert_eq!(probed.admits(&of("culprit"), at(5)), Admission::Open(PROBE + PAUSE));
    }
    let closed = open.opened("culprit", at(5)).opened("newcomer", at(5)).closed("third", at(6));
    for (client, pause) in [("culprit", 4 * PAUSE), ("newcomer", 2 * PAUSE)] {
        let held = closed.client_held(client, at(6));
        assert_eq!(held.admits(&of(client), at(6)), Admission::Open(pause), "{client}");
    }
}
