//! What the sweep measures every minute, one line in the log each: metric filters of the template make numbers of it, and
//! alarms watch them (T67).

use std::time::Duration;

use ponte_metrics::outbox;
use ponte_ports::PortError;
use ponte_ports::outbox::SHARDS;
use ponte_values::Moment;

use crate::ports::Ports;

/// Rows of a shard that are looked at, from the oldest: a day that is sent once more is in front, though ordered just now.
const FIRST_ROWS: usize = 25;

/// How long the longest waiting report of all shards has been pending; nothing pending is no time.
pub(crate) async fn outbox_age(ports: &Ports, now: Moment) -> Result<(), PortError> {
    let (mut oldest, mut of) = (Duration::ZERO, 0);
    for shard in 0..SHARDS {
        let keys = ports.backlog.keys(shard, None, FIRST_ROWS).await?;
        let age =
            keys.iter().filter_map(|key| outbox::pending_since(key)).map(|since| now.since(since)).max();
        if let Some(age) = age.filter(|age| *age > oldest) {
            (oldest, of) = (age, shard);
        }
    }
    tracing::info!(outbox_age_seconds = oldest.as_secs(), shard = of, "the longest waiting report");
    Ok(())
}

/// Whole days until `end`, the end of the client certificate of outgoing calls; none when it is over.
pub(crate) fn certificate(end: Moment, now: Moment) {
    let left = if end > now { end.since(now) } else { Duration::ZERO };
    tracing::info!(certificate_days_left = left.as_secs() / 86_400, "client certificate of outgoing calls");
}
