//! `payments.run-day`: payments of today that are due go to the worker, as the schedule of every minute does it. Never of another day:
//! what was missed is not paid later (T19).

use std::time::Duration;

use ponte_payment::payment::Step;
use ponte_payment::ports::PaymentMessage;
use ponte_ports::audit::OperatorOrder;
use ponte_ports::outbox::SHARDS;
use ponte_values::Date;

use super::fault::CommandFault;
use super::payment_operator::{BUDGET, PaymentOperator};
use crate::commands::DayRun;

/// Payments that are read at a time.
const AT_A_TIME: u16 = 60;

pub(super) async fn run_day(
    operator: &PaymentOperator,
    day: Date,
    after: Option<&str>,
    order: &OperatorOrder,
) -> Result<DayRun, CommandFault> {
    let ports = &operator.ports;
    if day != ports.clock.now().date_brasilia() {
        return Err(CommandFault::Day);
    }
    let until = ports.clock.now().plus(BUDGET);
    let (mut shard, mut place) = match after {
        None => (0, None),
        Some(text) => read(text).ok_or(CommandFault::After)?,
    };
    if after.is_none() {
        let about = (format!("payments:{day}"), "payments.day_run", "ORDERED");
        operator.trails.write(&operator.trail(ports.ids.uuid(), order, about)).await?;
    }
    let mut done = DayRun::default();
    loop {
        let page = ports.payments.of_day(day, shard, place.as_deref(), AT_A_TIME).await?;
        let payments = ports.payments.find_all(&page.payments).await?;
        let now = ports.clock.now();
        let (due, others): (Vec<_>, Vec<_>) = payments
            .into_iter()
            .partition(|payment| !matches!(payment.next_step(now), Step::Nothing | Step::Wait(_)));
        done.untouched += u64::try_from(others.len()).unwrap_or(u64::MAX);
        done.sent += u64::try_from(due.len()).unwrap_or(u64::MAX);
        let messages: Vec<_> =
            due.into_iter().map(|payment| PaymentMessage { payment: payment.id }).collect();
        if !messages.is_empty() {
            ports.queue.send(&messages, Duration::ZERO).await?;
        }
        place = page.next;
        if place.is_none() {
            shard += 1;
        }
        if shard >= SHARDS {
            return Ok(done);
        }
        if ports.clock.now() >= until {
            done.next = Some(format!("{shard} {}", place.unwrap_or_default()));
            return Ok(done);
        }
    }
}

/// The shard and the place in it where an answer ended.
fn read(text: &str) -> Option<(u8, Option<String>)> {
    let (shard, place) = text.split_once(' ')?;
    let shard = shard.parse().ok().filter(|shard| *shard < SHARDS)?;
    Some((shard, (!place.is_empty()).then(|| place.to_owned())))
}
