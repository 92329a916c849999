//! The end of chapter 11: two payments on other days, of which one is cancelled, and the day of the other comes.

use ponte_machine::clock;
use ponte_participant::PaymentOrder;
use ponte_payment::ports::{Payments as _, PaymentsCommit};
use ponte_ports::Trail;
use ponte_ports::audit::{Actor, AuditEntry};
use ponte_store::{Dynamo, PaymentTable, PaymentTables, TrailTables};
use ponte_values::{Date, InstitutionId, PaymentId};
use serde_json::{Value, json};

use crate::core_books::CoreBooks;
use crate::expect::{list, require, status, text};
use crate::initiator::{API, Agreed, Initiator, Look, Request};
use crate::runner::{Aborted, Runner, Step};
use crate::scenarios::database;

/// The two payments.
pub(crate) struct Scheduled {
    pub(crate) paid: String,
    pub(crate) cancelled: String,
}

/// Schedules them for tomorrow and the day after, cancels the second, and lets the day of the first come.
pub(crate) async fn pay(
    runner: &mut Runner<'_>,
    initiator: &Initiator<'_>,
    core: &CoreBooks,
    order: PaymentOrder,
) -> Result<Scheduled, Aborted> {
    let today = clock::now().date_brasilia();
    let days = [today.plus_days(1), today.plus_days(2)];
    let daily = json!({ "daily": { "startDate": days[0].to_string(), "quantity": days.len() } });
    let note = format!("{} and {}, the same to the shop's key", days[0], days[1]);
    let order = (order.scheduled(daily), note.as_str());
    let agreed = initiator.agreed(runner, "It asks for two Pix on other days", order).await?;
    let (items, key) = (agreed.order.items_on(&days), clock::new_id());
    let request = Request { title: "It hands both in now", items: &items, key: &key, known: None };
    let ids = initiator.pay(runner, &agreed, request).await?;
    let [paid, cancelled] = <[String; 2]>::try_from(ids).map_err(|_| Aborted)?;
    agenda(runner, initiator, &agreed, days.len()).await?;
    initiator.cancel(runner, &cancelled).await?;

    sweep(runner, core, "The sweep of today leaves tomorrow's alone").await?;
    initiator.until(runner, ("It waits for its day", &paid), "SCHD").await?;
    let step = Step {
        title: "The day comes: tomorrow's payment is today's",
        from: "demo",
        to: "table",
        call: "PaymentsTable, day",
    };
    let moved = moved_to(runner.endpoints, &paid, today).await;
    runner.fact(&step, moved.map_err(|got| ("a payment that waits for its day".to_owned(), got)))?;
    sweep(runner, core, "The sweep finds it").await?;
    initiator.until(runner, ("It was judged once more (P23), and paid", &paid), "ACSC").await?;
    Ok(Scheduled { paid, cancelled })
}

/// Both are scheduled, or none (P22).
async fn agenda(
    runner: &mut Runner<'_>,
    initiator: &Initiator<'_>,
    agreed: &Agreed,
    wanted: usize,
) -> Result<(), Aborted> {
    let look = Look {
        title: "Both are on the agenda, all or nothing (P22)",
        call: "GET consents/{id}/pix/payments",
        path: API.payments_of(&agreed.consent),
    };
    initiator
        .look(runner, look, |data| {
            let payments = list(data, "")?;
            let scheduled = payments.iter().filter(|one| one["status"] == "SCHD").count();
            require((payments.len(), scheduled) == (wanted, wanted), || format!("{wanted} payments SCHD"))?;
            Ok("SCHD, SCHD".to_owned())
        })
        .await
}

async fn sweep(runner: &mut Runner<'_>, core: &CoreBooks, title: &str) -> Result<(), Aborted> {
    let step = Step { title, from: "demo", to: "ponte", call: "POST /tick/payments" };
    runner.answer(&step, core.sweep().await, |reply| status(reply, 200).map(|()| String::new())).map(drop)
}

/// No clock is moved, since tokens and certificates go by it: the payment's day is, as a change with its audit row, so that what is proved of the
/// history still holds.
async fn moved_to(endpoints: &Value, id: &str, today: Date) -> Result<((), String), String> {
    let problem = |problem: &dyn std::fmt::Display| problem.to_string();
    let environment =
        |name: &str| text(endpoints, &format!("/functions/payments/env/{name}")).map(str::to_owned);
    let institution = InstitutionId::parse(&environment("INSTITUTION")?).map_err(|fault| problem(&fault))?;
    let tables = PaymentTables {
        payments: environment("PAYMENTS_TABLE")?,
        consents: environment("PAYMENT_CONSENTS_TABLE")?,
        trail: TrailTables { outbox: environment("OUTBOX_TABLE")?, audit: environment("AUDIT_TABLE")? },
    };
    let table = PaymentTable::new(&Dynamo::new(database(endpoints)?, &institution), tables);
    let id = PaymentId::parse(id).map_err(|fault| problem(&fault))?;
    let found = table.find(&id).await.map_err(|fault| problem(&fault))?;
    let mut payment = found.ok_or("no such payment")?;
    let (before, state) = (payment.day, payment.status().as_str());
    payment.day = Some(today);
    payment.version += 1;
    let audit = AuditEntry {
        at: clock::now(),
        actor: Actor::Operator,
        subject: id.to_string(),
        action: "payment.day_moved",
        before: Some(state),
        after: state,
        reason: Some("the day comes in a demonstration".into()),
        interaction: None,
        operator: None,
    };
    let trail = Trail::new(clock::new_id()).audited([audit]);
    let commit = PaymentsCommit {
        payments: vec![payment],
        idempotency: None,
        spending: None,
        given_back: Vec::new(),
        trail,
    };
    table.change(commit).await.map_err(|fault| format!("{fault:?}"))?;
    let before = before.map_or_else(String::new, |day| format!("{day} → "));
    Ok(((), format!("{before}{today}; the clock stays, the change has its audit row")))
}
