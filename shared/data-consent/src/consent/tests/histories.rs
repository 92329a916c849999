//! Random histories of a consent, legal and illegal events mixed, against a model that knows nothing of the code:
//! the same answers, the same state, and no way out of REJECTED.
//!
//! `PROPTEST_CASES` sets how many histories are tried.

mod event;
mod reference_consent;
mod subject;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use proptest::test_runner::Config;
use proptest_state_machine::prop_state_machine;
use subject::Subject;

/// Histories of a normal run.
const HISTORIES: u32 = 2_000;

/// How often each kind of event got each answer, over all histories.
static SEEN: Mutex<BTreeMap<String, u32>> = Mutex::new(BTreeMap::new());

fn saw(event: &str, reply: &str) {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    *seen.entry(format!("{event}: {reply}")).or_default() += 1;
}

fn config() -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config { cases: asked.unwrap_or(HISTORIES), failure_persistence: None, ..Config::default() }
}

prop_state_machine! {
    #![proptest_config(config())]
    fn histories(sequential 1..30 => Subject);
}

#[test]
fn c02_two_thousand_histories_answer_like_the_model_and_never_leave_a_final_state() {
    histories();
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    // A test that never gets somewhere proves nothing about it.
    let wanted = [
        "create: done",
        "create: ExpirationDate",
        "create: LinkedNotServed",
        "authorise: done",
        "authorise: NotAwaiting",
        "refuse: done",
        "refuse: NotAwaiting",
        "revoke: done",
        "revoke: AlreadyRejected",
        "withdraw: done",
        "withdraw: AlreadyRejected",
        "primary: done",
        "primary: nothing",
        "extend: done",
        "extend: NotAuthorised",
        "extend: OtherCustomer",
        "extend: CompanyNotNamed",
        "extend: Linked",
        "extend: SeveralApprovers",
        "extend: ExpirationDate",
        "answer: done",
        "answer: NotAuthorised",
        "answer: UnknownResource",
        "answer: NothingPending",
        "answer: NotAnApprover",
        "answer: AlreadyAnswered",
        "settle: done",
        "settle: NotAuthorised",
        "settle: NothingPending",
        "became: done",
        "became: NotAuthorised",
        "became: UnknownResource",
        "became: Status",
        "sweep: done",
        "sweep: nothing",
    ];
    let missing: Vec<&str> = wanted.into_iter().filter(|name| !seen.contains_key(*name)).collect();
    assert!(missing.is_empty(), "never happened: {missing:?} of {seen:?}");
}
