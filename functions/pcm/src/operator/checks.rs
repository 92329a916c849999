//! `pcm.check`: one day, or those of the hour.

use std::collections::BTreeMap;

use ponte_values::Date;

use crate::check;
use crate::commands::Checks;
use crate::ports::Ports;

use super::fault::CommandFault;
use super::limits::BUDGET;

pub(super) async fn run(
    ports: &Ports,
    day: Option<Date>,
    sample: Option<usize>,
) -> Result<Checks, CommandFault> {
    let sample = sample.unwrap_or(check::SAMPLE).clamp(1, 5_000);
    let days = match day {
        Some(day) => vec![day],
        None => check::of_the_hour(ports.clock.now()).to_vec(),
    };
    let mut checks = BTreeMap::new();
    let (began, mut share) = (ports.clock.now(), 0);
    let shares = u32::try_from(days.len()).unwrap_or(1);
    for day in days {
        // Each day has its share of the time, and what the one before left of its own.
        share += 1;
        let until = began.plus(BUDGET * share / shares);
        checks.insert(day.to_string(), check::run(ports, day, sample, until).await?);
    }
    Ok(Checks { checks })
}
