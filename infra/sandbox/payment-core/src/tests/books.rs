//! What T15 asks of the product, of the core itself: whatever happens to its calls, the books add up to the cent.

use std::collections::BTreeMap;

use ponte_bank::customers::CUSTOMERS;
use ponte_bank::dice::Dice;
use ponte_machine::clock;
use ponte_web::faults::{Effect, Fault, Faults};
use serde_json::{Value, json};

use super::{Scene, consent, payment, shop};
use crate::account::Account;
use crate::function::Function;
use crate::holders::holdings;
use crate::ledger::Books;
use crate::mode::{Dedupe, Flaw, Mode};
use crate::order::{Behaviour, Order};
use crate::payment::{Reason, Status};

const OPERATIONS: usize = 10_000;

/// Orders of every kind, each now and then.
fn orders() -> Vec<Order> {
    let reason = |code: &str| Reason { code: code.into(), detail: "por ordem".into() };
    vec![
        Order::always(Behaviour::Down { told: true }).one_in(23),
        Order::always(Behaviour::Down { told: false }).one_in(19),
        Order::always(Behaviour::Refuse(reason("PAGAMENTO_RECUSADO_DETENTORA"))).one_in(17),
        Order::always(Behaviour::Hold).one_in(5),
        Order::always(Behaviour::SettleLate { seconds: 90, pending: true }).one_in(5),
        Order::always(Behaviour::SettleLate { seconds: 30, pending: false }).one_in(4),
        Order::always(Behaviour::RejectLate { seconds: 45, reason: reason("PAGAMENTO_RECUSADO_SPI") })
            .one_in(4),
        Order::always(Behaviour::Lag { seconds: 90 }).one_in(3),
    ]
}

/// One call, of a payment or about one.
fn call(
    dice: &mut Dice,
    debtors: &[(Value, Account, &'static str, Option<&'static str>)],
) -> (&'static str, Value) {
    let (legacy_id, debtor, cpf, cnpj) = dice.pick(debtors).clone();
    let creditor = if dice.below(3) == 0 { dice.pick(debtors).1.clone() } else { shop() };
    let cents = 1 + dice.below(70_000);
    let amount = format!("{}.{:02}", cents / 100, cents % 100);
    let key = format!("key-{}", dice.below(3_000));
    let mut asked = payment(&key, &amount);
    asked["consent"] = consent(cpf, (legacy_id, debtor), &amount, &creditor);
    if let Some(cnpj) = cnpj {
        asked["consent"]["businessEntity"] = json!({ "document": { "identification": cnpj, "rel": "CNPJ" } });
    }
    asked["requestBody"]["data"]["creditorAccount"] = json!(creditor);
    asked["notAfter"] = "2027-03-02T15:01:00Z".into();
    let cancellation = json!({ "data": {
        "status": "CANC", "cancellation": { "cancelledBy": { "document": { "identification": cpf, "rel": "CPF" } } },
    } });
    match dice.below(10) {
        0 => ("/find", asked),
        1 => ("/payment-validation", {
            asked["requestBody"]["data"]["validationStage"] = "POST_PAYMENT".into();
            asked
        }),
        2 => {
            asked["requestBody"] = cancellation;
            ("/cancellation", asked)
        }
        _ => ("/payments", asked),
    }
}

/// Runs all of it; the books afterwards, and the number of entries of each key.
async fn run(seed: &str, flaws: bool) -> (Books, BTreeMap<String, u32>, Scene) {
    let scene = Scene::new();
    let mut dice = Dice::of(seed);
    let debtors: Vec<_> = CUSTOMERS
        .iter()
        .flat_map(|customer| {
            holdings(customer).map(move |one| (one.legacy_id, one.account, customer.cpf, customer.cnpj))
        })
        .collect();
    for order in orders() {
        scene.core.order(order);
    }
    for _ in 0..OPERATIONS {
        let (operation, asked) = call(&mut dice, &debtors);
        scene.told(operation, &asked).await;
        match dice.below(20) {
            0 => scene.core.elapse(u64::try_from(dice.below(40)).unwrap()),
            1 => drop(scene.core.release(&format!("key-{}", dice.below(3_000)), dice.below(2) == 0)),
            2 => scene.core.deposit(dice.pick(&debtors).1.clone(), 1 + dice.next() % 5_000),
            3 if flaws => {
                let dedupe = *dice.pick(&[Dedupe::ByKey, Dedupe::QueryOnly, Dedupe::None]);
                let flaws = [*dice.pick(&Flaw::ALL), *dice.pick(&Flaw::ALL)];
                // Thinking takes its time, and changes nothing for one caller.
                let flaws = flaws.into_iter().filter(|flaw| *flaw != Flaw::RacesItself).collect();
                scene.core.become_mode(Mode { dedupe, flaws, ..Mode::default() });
            }
            _ => {}
        }
    }
    let mut of_key = BTreeMap::new();
    for entry in scene.core.entries().into_iter().filter(|entry| !entry.key.is_empty()) {
        *of_key.entry(entry.key).or_default() += 1;
    }
    (scene.core.books(), of_key, scene)
}

#[tokio::test]
async fn ten_thousand_operations_with_every_order_leave_books_that_add_up() {
    let seed = std::env::var("SEED").unwrap_or_else(|_| clock::new_id());
    println!("SEED={seed}");
    let (books, of_key, scene) = run(&seed, false).await;
    assert_eq!((books.difference, books.wrong_accounts, books.now - books.opening), (0, 0, 0), "SEED={seed}");
    assert!(of_key.values().all(|entries| *entries == 1), "debits per key, SEED={seed}");
    let payments = scene.core.payments();
    let settled = payments.iter().filter(|payment| payment.status == Status::Acsc);
    let settled: u64 = settled.map(|payment| payment.amount).sum();
    let debited: u64 =
        scene.core.entries().iter().filter(|entry| !entry.key.is_empty()).map(|entry| entry.amount).sum();
    assert_eq!(debited, settled, "SEED={seed}");
    for status in [Status::Acsc, Status::Rjct, Status::Canc, Status::Pdng] {
        assert!(
            payments.iter().any(|payment| payment.status == status),
            "{status:?} never came, SEED={seed}"
        );
    }
    for (account, cents) in scene.core.balances() {
        let overdraft = crate::holders::holding(&account).map(|holding| holding.overdraft);
        let opening_was_lower = account.number == "12345678901234567890" || account.number == "99999999";
        assert!(opening_was_lower || cents >= -overdraft.unwrap_or_default(), "{account} SEED={seed}");
    }
    println!(
        "{} entries of {} payments, {} cents, difference {}",
        books.entries,
        payments.len(),
        books.moved,
        books.difference
    );
}

#[tokio::test]
async fn the_books_of_a_core_that_pays_twice_and_overdraws_add_up_too() {
    let seed = std::env::var("SEED").unwrap_or_else(|_| clock::new_id());
    println!("SEED={seed}");
    let (books, of_key, _) = run(&seed, true).await;
    assert_eq!((books.difference, books.wrong_accounts, books.now - books.opening), (0, 0, 0), "SEED={seed}");
    assert!(of_key.values().any(|entries| *entries > 1), "somebody was debited twice, SEED={seed}");
}

#[tokio::test]
async fn the_same_seed_is_the_same_run() {
    let (one, other) = (run("7", true).await, run("7", true).await);
    assert_eq!((one.0, one.1), (other.0, other.1));
    assert_eq!(one.2.core.payments(), other.2.core.payments());
}

#[tokio::test]
async fn answers_that_get_lost_leave_books_that_add_up() {
    let scene = Scene::new();
    let faults = Faults::default();
    let function = Function::new(std::sync::Arc::clone(&scene.core), faults.clone());
    let mut lost = 0;
    for number in 0..60 {
        let effects = [Effect::LoseReply, Effect::Close, Effect::Delay { milliseconds: 1 }];
        faults.add(Fault::always(effects[number % 3].clone()).times(1));
        let claims = scene.claims(
            "/payments",
            &payment(&format!("k{}", number / 2), "1.01"),
            u32::try_from(number).unwrap(),
        );
        let event = json!({
            "operation": "/payments", "headers": { "content-type": "application/jwt" }, "body": scene.sign(&claims),
        });
        lost += u32::from(function.invoked(event.to_string().as_bytes()).await.is_err());
    }
    let (books, entries) = (scene.core.books(), scene.core.entries());
    assert_eq!((lost, entries.len(), books.moved, books.difference), (40, 30, 3_030, 0));
}
