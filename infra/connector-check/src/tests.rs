//! The payment core of the sandbox keeps the contract and has no fault; every flaw that it can be given is found.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::Signer;
use ponte_layer_check::{Received, Sent, Transport};
use ponte_payment_core::{Behaviour, Flaw, Mode, Order, Parts, PaymentCore};
use ponte_pki::RsaKey;
use ponte_values::Moment;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::{Dedupe, Outcome, Plan, Report, Scene, Sides, run};

/// Noon of 2 March 2026 in Brasília.
const NOON: i64 = 1_772_463_600;
const BANK: &str = "bancoexemplo";
const ADDRESS: &str = "https://conector.example";
const ANA: &str = "76109277673";
const BRUNO: &str = "12345678909";
/// Below the limits of the core, and more than Ana has.
const BEYOND: &str = "40000.00";
/// What the core holds for analysis.
const HELD: &str = "1.11";

/// A key by its number: making one takes a tenth of a second.
fn key(number: usize) -> &'static RsaKey {
    static KEYS: [OnceLock<RsaKey>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    KEYS[number].get_or_init(|| RsaKey::generate().unwrap())
}

const OURS: usize = 0;
const CORE: usize = 1;
const STRANGER: usize = 2;

fn signer(number: usize, kid: &str) -> Signer {
    Signer::from_pkcs8_pem(key(number).private_pem(), kid).unwrap()
}

/// The core without a network between, whose clock is that of the runtime.
struct Direct {
    core: Arc<PaymentCore>,
    /// An operation whose answers take this long besides.
    slow: Option<(&'static str, Duration)>,
}

#[async_trait]
impl Transport for Direct {
    async fn send(&self, sent: Sent) -> Result<Received, String> {
        let received = |status, content_type: &str, body: String| Received {
            takes_gzip: false,
            status,
            content_type: content_type.to_owned(),
            retry_after: None,
            body: body.into_bytes(),
        };
        if sent.content_type != "application/jwt" {
            return Ok(received(415, "application/json", String::new()));
        }
        if let Some((_, time)) = self.slow.filter(|(path, _)| *path == sent.path) {
            sleep(time).await;
        }
        let answered = self.core.called(sent.path, &String::from_utf8(sent.body).unwrap()).await;
        let kind = if answered.signed { "application/jwt" } else { "application/json" };
        Ok(received(answered.status, kind, answered.body))
    }
}

fn core(mode: Mode) -> Arc<PaymentCore> {
    let (from, own) = (Instant::now(), key(CORE));
    let parts = Parts {
        institution: BANK.to_owned(),
        institution_keys: json!({"keys": [key(OURS).signature_jwk()]}).to_string(),
        own_key: (own.private_pem().to_owned(), own.kid().to_owned()),
        seed: "a seed".to_owned(),
        clock: Arc::new(move || Moment::from_seconds(NOON).plus(from.elapsed())),
    };
    let core = PaymentCore::new(parts).unwrap();
    core.answers_at(ADDRESS);
    core.become_mode(mode);
    core.order(Order::always(Behaviour::Hold).of_amount(HELD));
    Arc::new(core)
}

fn plan(core: &Arc<PaymentCore>, dedupe: Dedupe) -> Plan {
    let from = Instant::now();
    let creditor =
        json!({"ispb": "00099901", "issuer": "0007", "number": "00012345678", "accountType": "CACC"});
    Plan {
        transport: Arc::new(Direct { core: Arc::clone(core), slow: None }),
        sides: Sides {
            brand: BANK.to_owned(),
            address: ADDRESS.to_owned(),
            signer: signer(OURS, key(OURS).kid()),
            stranger: signer(STRANGER, "stranger"),
            impostor: signer(STRANGER, key(OURS).kid()),
            keys: KeySet::parse(&core.published_keys().to_string()).unwrap(),
        },
        scene: Scene {
            customer: ANA.to_owned(),
            other: BRUNO.to_owned(),
            creditor,
            amount: "1.00".to_owned(),
            beyond: BEYOND.to_owned(),
            held: Some(HELD.to_owned()),
        },
        dedupe,
        settle: Duration::from_secs(1),
        now: Box::new(move || Moment::from_seconds(NOON).plus(from.elapsed())),
    }
}

async fn checked(mode: Mode, dedupe: Dedupe) -> Report {
    run(plan(&core(mode), dedupe), &|_| {}).await
}

fn flawed(flaw: Flaw) -> Mode {
    Mode { flaws: [flaw].into(), ..Mode::default() }
}

/// What is wrong at a check of an operation.
fn found<'a>(report: &'a Report, operation: &str, check: &str) -> Option<&'a str> {
    let mut of = report.findings.iter().filter(|one| one.operation == operation && one.check == check);
    of.find(|one| one.outcome == Outcome::Broken).map(|one| one.what.as_str())
}

#[tokio::test(start_paused = true)]
async fn a_core_that_keeps_the_contract_has_no_fault_and_is_asked_everything() {
    let core = core(Mode::default());
    let report = run(plan(&core, Dedupe::ByKey), &|_| {}).await;
    assert_eq!(report.faults(), 0, "{}", report.text());
    assert_eq!(report.made(), report.findings.len(), "{}", report.text());
    assert_eq!(report.made(), 43, "{}", report.text());
    assert_eq!(report.settled_after_ms, Some(0));
    // Three were executed: the fine one, the two at once, and the one whose jti came twice; what it held was cancelled.
    assert_eq!((core.entries().len(), core.books().moved), (3, 300));
    let told = serde_json::to_value(&report).unwrap();
    assert_eq!(
        (&told["findings"][0]["operation"], &told["findings"][0]["outcome"]),
        (&json!("/account-discovery"), &json!("held"))
    );
    assert!(!told.to_string().contains(ANA) && !report.text().contains(ANA), "no document is told");
}

#[tokio::test(start_paused = true)]
async fn a_core_is_not_asked_for_what_it_says_that_it_cannot_do() {
    use ponte_payment_core::Dedupe as Core;
    for (dedupe, says, skipped) in [(Core::QueryOnly, Dedupe::QueryOnly, 4), (Core::None, Dedupe::None, 7)] {
        let report = checked(Mode { dedupe, ..Mode::default() }, says).await;
        assert_eq!(report.faults(), 0, "{says:?} {}", report.text());
        let of = report.findings.iter().filter(|one| one.outcome == Outcome::Skipped).count();
        assert_eq!(of, skipped, "{says:?} {}", report.text());
        let boasts = checked(Mode { dedupe, ..Mode::default() }, Dedupe::ByKey).await;
        assert!(found(&boasts, "/payments", "the same key twice").is_some(), "{}", boasts.text());
    }
    let boasts = checked(Mode { dedupe: Core::None, ..Mode::default() }, Dedupe::QueryOnly).await;
    assert!(found(&boasts, "/find", "what was paid").is_some(), "{}", boasts.text());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_tried_is_told_as_not_made() {
    let core = core(Mode::default());
    let mut plan = plan(&core, Dedupe::ByKey);
    (plan.scene.beyond, plan.scene.held) = ("999999999.98".to_owned(), None);
    let report = run(plan, &|_| {}).await;
    assert_eq!(report.faults(), 0, "{}", report.text());
    let skipped = report.findings.iter().filter(|one| one.outcome == Outcome::Skipped);
    let told: Vec<(&str, &str)> = skipped.map(|one| (one.operation, one.check)).collect();
    assert_eq!(
        told,
        [
            ("/payment-validation", "more than there is"),
            ("/payments", "more than there is"),
            ("/cancellation", "what is held"),
            ("/cancellation", "the same twice"),
            ("/find", "what was cancelled"),
            ("/payments", "what was cancelled, once more"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_core_that_knows_too_late_is_found_and_one_that_knows_in_time_is_measured() {
    let lagging = |seconds| {
        let core = core(Mode::default());
        core.order(Order::always(Behaviour::Lag { seconds }));
        core
    };
    let report = run(plan(&lagging(3), Dedupe::ByKey), &|_| {}).await;
    let what = found(&report, "/find", "what was paid").unwrap();
    assert!(what.starts_with("not found 10"), "{what}");
    let report = run(plan(&lagging(1), Dedupe::ByKey), &|_| {}).await;
    assert_eq!(report.faults(), 0, "{}", report.text());
    assert!((950..=1_050).contains(&report.settled_after_ms.unwrap()), "{}", report.text());
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_is_found_for_each_operation_by_its_time() {
    for (path, millis) in [
        ("/account-discovery", 5_000),
        ("/payment-validation", 3_000),
        ("/payments", 8_000),
        ("/find", 3_000),
        ("/cancellation", 3_000),
        ("/payments-of-day", 8_000),
    ] {
        for (over, expected) in [(0, false), (50, true)] {
            let core = core(Mode::default());
            let mut plan = plan(&core, Dedupe::ByKey);
            let slow = Some((path, Duration::from_millis(millis + over)));
            plan.transport = Arc::new(Direct { core, slow });
            let report = run(plan, &|_| {}).await;
            assert_eq!(found(&report, path, "time").is_some(), expected, "{path} {}", report.text());
        }
    }
    let core = core(Mode::default());
    let mut plan = plan(&core, Dedupe::ByKey);
    plan.transport = Arc::new(Direct { core, slow: Some(("/payments", Duration::from_mins(1))) });
    let report = run(plan, &|_| {}).await;
    let what = found(&report, "/payments", "a fine payment").unwrap();
    assert_eq!(what, "no answer in 20 s");
}

#[tokio::test(start_paused = true)]
async fn a_core_that_is_down_is_told_as_such() {
    let core = core(Mode::default());
    core.order(Order::always(Behaviour::Down { told: false }));
    let report = run(plan(&core, Dedupe::ByKey), &|_| {}).await;
    let what = found(&report, "/account-discovery", "accounts of a customer").unwrap();
    assert!(what.starts_with("status 503"), "{what}");
    assert_eq!(report.findings.len(), 1);
}

macro_rules! flaws_are_found {
    ($($name:ident: $flaw:ident at $operation:literal by $($check:literal),+;)*) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $name() {
                let report = checked(flawed(Flaw::$flaw), Dedupe::ByKey).await;
                $(assert!(found(&report, $operation, $check).is_some(), "{}", report.text());)+
            }
        )*

        #[test]
        fn every_flaw_has_a_test() {
            let tested = [$(Flaw::$flaw),*];
            for flaw in Flaw::ALL {
                assert!(tested.contains(&flaw), "{flaw:?}");
            }
        }
    };
}

flaws_are_found! {
    a_signature_that_anybody_made_is_found: TrustsAnySignature at "/payments" by
        "a signature of a stranger", "a stranger's signature under our kid", "alg none";
    another_audience_is_found: TakesAnyAudience at "/payments" by "for another operation";
    another_issuer_is_found: TakesAnyIssuer at "/payments" by "of another institution";
    an_old_request_is_found: TakesExpired at "/payments" by "too old";
    a_request_that_counts_twice_is_found: TakesJtiTwice at "/payments" by "the same jti twice";
    a_key_that_is_executed_twice_is_found: ExecutesTwice at "/payments" by "the same key twice", "two at once";
    a_key_that_is_executed_twice_is_in_the_books: ExecutesTwice at "/payments-of-day" by "what was paid, once";
    two_at_once_that_are_executed_twice_are_found: RacesItself at "/payments" by "two at once";
    other_data_under_a_key_are_found: TakesOtherData at "/payments" by "the same key, other data";
    a_payment_after_its_last_moment_is_found: ExecutesLate at "/payments" by "after notAfter";
    a_late_payment_in_the_books_is_found: ExecutesLate at "/payments-of-day" by "nothing that was refused";
    anothers_account_is_found: PaysFromAnyAccount at "/payments" by "another customer's account";
    anothers_account_is_found_before: PaysFromAnyAccount at "/payment-validation" by "another customer's account";
    more_than_there_is_is_found: Overdraws at "/payments" by "more than there is";
    more_than_there_is_is_found_before: Overdraws at "/payment-validation" by "more than there is";
    a_key_that_nobody_has_is_found: IgnoresPixKeys at "/payments" by "a key that nobody has";
    p23_a_key_that_is_gone_on_its_day_is_found: IgnoresPixKeys at "/payment-validation" by
        "a key that nobody has", "a key that is gone on its day";
    a_core_that_finds_nothing_is_found: ForgetsPayments at "/find" by "what was paid", "by its paymentId";
    a_core_that_does_not_know_its_own_ids_is_found: ForgetsPaymentIds at "/find" by "by its paymentId";
    an_unsigned_404_is_found: PlainNotFound at "/find" by "before it is paid";
    p55_a_cancellation_of_what_is_settled_is_found: CancelsSettled at "/cancellation" by "what is on its way";
    p55_a_cancellation_that_cancels_nothing_is_found: CancelsInWords at "/find" by "what was cancelled";
    a_cancellation_that_cancels_nothing_is_in_the_books: CancelsInWords at "/payments-of-day" by
        "what was cancelled";
    an_answer_that_nobody_signed_is_found: UnsignedAnswers at "/account-discovery" by "accounts of a customer";
    a_signature_that_does_not_hold_is_found: BadSignatures at "/account-discovery" by "accounts of a customer";
    an_answer_to_something_else_is_found: AnswersAnother at "/account-discovery" by "accounts of a customer";
    an_answer_for_somebody_else_is_found: AnswersOthers at "/account-discovery" by "accounts of a customer";
    another_amount_is_found: TellsOtherAmount at "/payments" by "a fine payment";
    books_that_lack_a_payment_are_found: LeavesOut at "/payments-of-day" by "what was paid, once";
    books_with_another_amount_are_found: BooksOtherAmount at "/payments-of-day" by "what was paid, once";
    accounts_of_everybody_are_found: DiscoversEverybody at "/account-discovery" by
        "accounts of another customer";
    a_discovery_without_an_account_is_found: DiscoversNothing at "/account-discovery" by
        "accounts of a customer";
    a_name_that_is_a_text_is_found: NamesInWords at "/account-discovery" by "accounts of a customer";
}
