//! `consents.expire-now`: what time made of consents is written down by order, by the decisions of the sweep.
//!
//! Nothing ends before its time here: that is the management API's to do, with a reason of the rule book, or `client.remove`.

use std::time::Duration;

use ponte_ports::audit::OperatorOrder;
use ponte_values::{ConsentId, Moment};

use crate::commands::Expired;
use crate::sweep::{Sweeper, Written};

use super::fault::CommandFault;

/// Consents with their reason in one answer.
const MOST_LEFT: usize = 100;

/// Those named.
pub(super) async fn named(
    sweeper: &Sweeper,
    ids: Vec<ConsentId>,
    order: &OperatorOrder,
    budget: Duration,
) -> Expired {
    let until = sweeper.clock.now().plus(budget);
    let mut done = Expired::default();
    let mut last = None;
    for id in ids {
        if sweeper.clock.now() >= until && last.is_some() {
            done.next = last;
            break;
        }
        match sweeper.write(&id, Some(order)).await {
            Written::Changed => done.changed += 1,
            Written::NothingDue => done.unchanged += 1,
            Written::Left(why) => drop(done.left.insert(id.to_string(), why.to_string())),
        }
        last = Some(id.to_string());
    }
    done
}

/// All that are due at the moment of the first command, which is `after` in those that go on.
pub(super) async fn due(
    sweeper: &Sweeper,
    after: Option<&str>,
    order: &OperatorOrder,
    budget: Duration,
) -> Result<Expired, CommandFault> {
    let now = sweeper.clock.now();
    let due = match after {
        Some(text) => Moment::parse(text).ok().filter(|due| *due <= now).ok_or(CommandFault::After)?,
        None => now,
    };
    let swept = sweeper.sweep(due, now.plus(budget), Some(order)).await?;
    let left = swept.left.iter().take(MOST_LEFT).map(|(id, why)| (id.to_string(), why.to_string()));
    // What could not be changed stays due: without a change there is nothing that a further command would do.
    let rest = swept.unfinished && swept.changed > 0;
    Ok(Expired {
        changed: swept.changed,
        unchanged: 0,
        left: left.collect(),
        next: rest.then(|| due.with_millis()),
    })
}
