//! The check of a day: a sample of the accepted reports is read back from the platform and counted by state (M20, M21).

use std::collections::BTreeMap;
use std::time::Duration;

use ponte_metrics::ledger::check::{Check, EXAMPLES, Example, PairFacts, PlatformReport, ReportState};
use ponte_metrics::ledger::{LineKey, Role};
use ponte_metrics::report::PRIVATE_REPORT;
use ponte_ports::{PortError, chain};
use ponte_values::{Date, Moment};
use serde::Deserialize;

use crate::days::sample_key;
use crate::ports::Ports;

/// Reports asked for per day, API and role, unless an operator says otherwise.
pub const SAMPLE: usize = 500;
/// Questions a second; the platform takes 300 requests a second from all of us together.
const A_SECOND: u32 = 100;
/// Pages of the archive that are read of a day, a megabyte each: some hundred thousand reports.
const PAGES: usize = 24;

/// The sample of one API and role: by rank and interaction, the facts we reported last.
type Sample = BTreeMap<(u64, String), PairFacts>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ours {
    fapi_interaction_id: Option<String>,
    #[serde(flatten)]
    facts: PairFacts,
}

/// Checks a day with at most `sample` reports per API and role, or what of them there is time for until `until`, and
/// keeps the result. The lines take turns, so that a check that ends early has asked about each.
pub async fn run(ports: &Ports, day: Date, sample: usize, until: Moment) -> Result<Check, PortError> {
    let began = ports.clock.now();
    let chosen = chosen(ports, day, sample, began.plus(until.since(began) / 2)).await?;
    let mut check = Check { at: began, complete: true, sampled: BTreeMap::new(), examples: Vec::new() };
    check.complete = ask(ports, chosen, &mut check, until).await;
    // One that came to nothing must not take the place of one that did.
    if check.complete || !check.sampled.is_empty() {
        ports.ledger.keep_check(day, &check).await?;
    }
    Ok(check)
}

/// Asks for the sample, a report of each line by turns; false if the time or the platform ended it early.
async fn ask(ports: &Ports, sample: BTreeMap<LineKey, Sample>, check: &mut Check, until: Moment) -> bool {
    let began = check.at;
    let mut lines = sample.into_iter().map(|(line, all)| (line, all.into_iter())).collect::<Vec<_>>();
    let mut asked = 0_u32;
    let mut left = true;
    while left {
        left = false;
        for (line, candidates) in &mut lines {
            let Some(((_, interaction), ours)) = candidates.next() else { continue };
            left = true;
            let now = ports.clock.now();
            if now > until {
                return false;
            }
            let spent = now.since(began);
            // Never faster than the rate, however fast the platform answers.
            ports.pauses.pause((Duration::from_secs(1) * asked / A_SECOND).saturating_sub(spent)).await;
            asked += 1;
            match ports.platform.find(&interaction).await {
                Ok(filed) => note(check, line, (interaction, ours), &filed),
                Err(error) => {
                    tracing::warn!(chain = chain(&error), "check ended early");
                    return false;
                }
            }
        }
    }
    true
}

/// The sample: by API and role the reports with the lowest rank of those that are read until `until`.
async fn chosen(
    ports: &Ports,
    day: Date,
    sample: usize,
    until: Moment,
) -> Result<BTreeMap<LineKey, Sample>, PortError> {
    let mut chosen: BTreeMap<LineKey, Sample> = BTreeMap::new();
    let mut after = None;
    for _ in 0..PAGES {
        let stretch = ports.ledger.archive(day, after.as_deref()).await?;
        for item in stretch.found.iter().flat_map(|part| &part.items) {
            if item.discarded.is_some() || item.row.path.trim_end_matches('/') != PRIVATE_REPORT {
                continue;
            }
            let Some((rank, ours)) = candidate(&item.row.body) else { continue };
            let of_line = chosen.entry(LineKey::of(&item.row)).or_default();
            // A corrected report comes after the one it corrects.
            of_line.insert(rank, ours);
            if of_line.len() > sample {
                of_line.pop_last();
            }
        }
        match stretch.next {
            Some(next) if ports.clock.now() < until => after = Some(next),
            _ => break,
        }
    }
    Ok(chosen)
}

/// The interaction of a report with its rank, which spreads the choice evenly and makes it the same at every check.
fn candidate(body: &str) -> Option<((u64, String), PairFacts)> {
    let Ours { fapi_interaction_id, facts } = serde_json::from_str(body).ok()?;
    // It becomes part of an address.
    let plain = |id: &String| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let interaction = fapi_interaction_id.filter(plain)?;
    let rank = interaction.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Some(((rank, interaction), facts))
}

fn note(
    check: &mut Check,
    line: &LineKey,
    (interaction, ours): (String, PairFacts),
    filed: &[PlatformReport],
) {
    let role = line.role.as_str();
    let mine = best_of(filed, line.role);
    let state = mine.map(|one| one.status);
    check.sampled.entry(sample_key(&line.api, role)).or_default().add(state);
    let fine = matches!(state, Some(ReportState::Paired | ReportState::Single | ReportState::Accepted));
    if fine || check.examples.len() >= EXAMPLES {
        return;
    }
    let other = if line.role == Role::Client { Role::Server } else { Role::Client };
    let theirs = best_of(filed, other).map(|one| one.facts.clone());
    let differs = theirs.as_ref().map(|theirs| ours.differing(theirs)).unwrap_or_default();
    check.examples.push(Example {
        interaction,
        api: line.api.clone(),
        role: role.to_owned(),
        status: state,
        differs: differs.into_iter().map(str::to_owned).collect(),
        ours,
        theirs,
    });
}

/// A corrected report stands beside the one it replaces: what counts of a side is the best.
fn best_of(filed: &[PlatformReport], role: Role) -> Option<&PlatformReport> {
    filed.iter().filter(|one| one.role.as_deref() == Some(role.as_str())).max_by_key(|one| one.status)
}

/// The days an hourly check looks at: yesterday, and by turns one of the six before it.
#[must_use]
pub fn of_the_hour(now: ponte_values::Moment) -> [Date; 2] {
    let today = now.date_brasilia();
    let turn = now.seconds().div_euclid(3600).rem_euclid(6);
    [today.plus_days(-1), today.plus_days(-2 - turn)]
}
