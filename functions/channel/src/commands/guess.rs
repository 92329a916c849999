//! The look-up of a short code, with failures counted and limited (T62).

use futures_util::future;
use ponte_authorization::count_window::CountWindow;
use ponte_authorization::interaction::{ArrivalId, OF_ALL, OF_ONE_SOURCE, ShortCode, admit_guess};
use ponte_edge::{Call, Refusal};

use crate::ports::Ports;
use crate::source::source_of;

/// Name under which the failures of all sources are counted.
const ALL: &str = "all";

/// The arrival whose page shows a code. Nothing is looked up, and nothing written, once too many were wrong; calls at the same
/// moment may get past a limit together, no more than the gateway lets through at once.
///
/// # Errors
/// 429 after too many failures of this source or of all.
pub(super) async fn arrival_of(
    ports: &Ports,
    call: &Call,
    code: &ShortCode,
) -> Result<Option<ArrivalId>, Refusal> {
    let (window, source) = (CountWindow::minute(call.now), source_of(&call.request.source));
    let attempts = &ports.attempts;
    let (of_source, of_all) =
        future::try_join(attempts.counted(&source, window), attempts.counted(ALL, window)).await?;
    admit_guess(of_source, of_all, call.now)?;
    let found = ports.handoffs.arrival_of(code, call.now).await?;
    if found.is_none() {
        let counted = (attempts.count(&source, window, OF_ONE_SOURCE), attempts.count(ALL, window, OF_ALL));
        future::try_join(counted.0, counted.1).await?;
    }
    Ok(found)
}
