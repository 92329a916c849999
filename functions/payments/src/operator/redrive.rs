//! `payments.redrive`: dead letters of the queue of payments go to the worker once more. What a message says of a payment is only its id,
//! so one too many does nothing; each has its audit row before it goes (T23).

use std::time::Duration;

use ponte_payment::ports::PaymentMessage;
use ponte_ports::audit::OperatorOrder;

use super::fault::CommandFault;
use super::payment_operator::{BUDGET, PaymentOperator};
use crate::commands::Redriven;

/// Pause after each ten, so that a core that was down is not met by all of them at once.
const PAUSE: Duration = Duration::from_secs(1);

/// `next` of an answer: whatever is left lies in the queue.
const MORE: &str = "more";

pub(super) async fn redrive(
    operator: &PaymentOperator,
    order: &OperatorOrder,
) -> Result<Redriven, CommandFault> {
    let ports = &operator.ports;
    let until = ports.clock.now().plus(BUDGET);
    let mut done = Redriven::default();
    loop {
        let letters = operator.letters.take().await?;
        if letters.is_empty() {
            return Ok(done);
        }
        for letter in letters {
            let Ok(message) = serde_json::from_str::<PaymentMessage>(&letter.body) else {
                done.left.insert(letter.id.clone(), "it names no payment".to_owned());
                continue;
            };
            // The id of the message makes it one row, however often a death lets the message be taken again.
            let about = (message.payment.to_string(), "payment.redriven", "SENT");
            operator.trails.write(&operator.trail(letter.id.clone(), order, about)).await?;
            ports.queue.send(&[message], Duration::ZERO).await?;
            operator.letters.remove(&letter).await?;
            done.sent += 1;
        }
        operator.pauses.pause(PAUSE).await;
        if ports.clock.now() >= until {
            done.next = Some(MORE.to_owned());
            return Ok(done);
        }
    }
}
