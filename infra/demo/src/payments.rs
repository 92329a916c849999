//! Chapter 11: a Pix by key, one whose core dies in the middle, one by QR code meanwhile, and two on other days. The sandbox bank really debits, and its
//! books add up.

use ponte_machine::clock;
use ponte_participant::PaymentOrder;

use crate::core_books::{CoreBooks, Debits};
use crate::expect::status;
use crate::initiator::{API, Initiator, Request};
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};
use crate::scheduled;

/// Reais by key, while the core dies, by code, and of each scheduled payment.
const AMOUNTS: [&str; 4] = ["1.90", "4.10", "2.30", "1.70"];
/// Cents of all that is debited.
const DEBITED: u64 = 190 + 410 + 230 + 170;
/// Payments that are debited.
const PAID: usize = 4;

/// Makes them, and adds the books up.
pub(crate) async fn make(runner: &mut Runner<'_>, participants: &Participants) -> Result<(), Aborted> {
    // A stack that was started with `Payments=disabled` has no such function.
    if runner.endpoints.pointer("/functions/payments").is_none() {
        return Ok(());
    }
    runner.chapter("Pix by key, while the core dies, by QR code, on another day: each once");
    let core = CoreBooks::of(runner.endpoints).map_err(|_| Aborted)?;
    let initiator = Initiator::begin(runner, participants).await?;
    let [by_key, lost, by_code, later] = AMOUNTS.map(|amount| order(participants, amount));

    let order = (by_key.by("DICT"), "signed both ways, PS256; the customer has five minutes (P05)");
    let first = paid(runner, &initiator, "It asks for a Pix to a shop's key", order).await?;
    let once = lose(runner, &initiator, &core, lost.by("DICT")).await?;
    // Ponte asks the core after two seconds; until then others pay.
    let order = (by_code.by("QRES").with_static_code(Some("PONTE11")), "the code's CRC, value and txid hold");
    let scanned = paid(runner, &initiator, "Meanwhile it asks for a Pix by a QR code", order).await?;
    let day = scheduled::pay(runner, &initiator, &core, later.by("DICT")).await?;
    let title = "Ponte has asked the core by the payment's key: paid";
    initiator.until(runner, (title, &once), "ACSC").await?;
    debited_once(runner, &core, &once).await?;

    let all = [&*first, &*scanned, &*once, &*day.paid, &*day.cancelled];
    let chapter = Debits { calls: PAID as u64, entries: PAID, cents: DEBITED };
    core.added_up(runner, &all, chapter).await
}

fn order(participants: &Participants, amount: &str) -> PaymentOrder {
    PaymentOrder::manual(API, (&participants.cpf, None), amount)
}

/// From the consent to the settled payment; its id.
async fn paid(
    runner: &mut Runner<'_>,
    initiator: &Initiator<'_>,
    title: &str,
    order: (PaymentOrder, &str),
) -> Result<String, Aborted> {
    let agreed = initiator.agreed(runner, title, order).await?;
    let (items, key) = (agreed.order.items(), clock::new_id());
    let request = Request { title: "It pays", items: &items, key: &key, known: None };
    let id = only(initiator.pay(runner, &agreed, request).await?)?;
    initiator.until(runner, ("It sees that the money has arrived", &id), "ACSC").await?;
    Ok(id)
}

/// The core debits and dies before it answers: nobody knows, and nobody who asks again has it debited again. The payment's id.
async fn lose(
    runner: &mut Runner<'_>,
    initiator: &Initiator<'_>,
    core: &CoreBooks,
    order: PaymentOrder,
) -> Result<String, Aborted> {
    let order = (order, "the same again");
    let agreed = initiator.agreed(runner, "It asks for another Pix to the shop", order).await?;
    let step = Step {
        title: "The core will debit the next payment and die unheard",
        from: "demo",
        to: "core",
        call: "POST sandbox/faults",
    };
    runner.answer(&step, core.dies().await, |reply| {
        status(reply, 200).map(|()| "the next answer of /payments is lost".into())
    })?;
    let (items, key) = (agreed.order.items(), clock::new_id());
    let request = |title, known| Request { title, items: &items, key: &key, known };
    let first = request("It pays; the core debits, and dies", None);
    let id = only(initiator.pay(runner, &agreed, first).await?)?;
    let again = request("It pays again with the same key: the same payment", Some(id.as_str()));
    initiator.pay(runner, &agreed, again).await?;
    initiator.pay_twice(runner, &agreed).await?;
    let step = Step {
        title: "The sweep passes: what nobody knows is not sent again",
        from: "demo",
        to: "ponte",
        call: "POST /tick/payments",
    };
    runner.answer(&step, core.sweep().await, |reply| status(reply, 200).map(|()| String::new()))?;
    Ok(id)
}

async fn debited_once(runner: &mut Runner<'_>, core: &CoreBooks, id: &str) -> Result<(), Aborted> {
    let step = Step {
        title: "The customer was debited once",
        from: "demo",
        to: "core",
        call: "GET sandbox/payments, entries",
    };
    let debits = core.debits(&[id]).await.map_err(|got| ("the core's books".to_owned(), got));
    let once = debits.and_then(|debits| {
        let told = debits.in_words();
        if debits.calls == 1 && debits.entries == 1 {
            Ok(((), told))
        } else {
            Err(("1 call, 1 debit".into(), told))
        }
    });
    runner.fact(&step, once)
}

/// The id of a request for one payment.
fn only(ids: Vec<String>) -> Result<String, Aborted> {
    ids.into_iter().next().ok_or(Aborted)
}
