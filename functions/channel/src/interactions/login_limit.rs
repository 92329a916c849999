//! How often the institution is asked who a customer is: whoever knows an interaction can hand any token to its login (T62).
//!
//! | limit, in a minute | counts |
//! |---|---|
//! | of an interaction | every login in it, also those that succeed |
//! | of a source | logins with a token that the institution does not know |
//!
//! A back end that signs its calls logs in the customers of a whole institution from one source, and has no limit there.

use ponte_authorization::interaction::{GuessWindow, InteractionFault, OF_ONE_SOURCE};
use ponte_edge::{Call, Refusal};

use crate::ports::Ports;
use crate::proof::is_signed;
use crate::session::Session;
use crate::source::source_of;

/// Logins of one interaction in a minute: a person types no password more often.
const OF_INTERACTION: u32 = 10;

/// Counts a login before the institution is asked.
///
/// # Errors
/// 429 when there were too many.
pub(super) async fn admit(ports: &Ports, call: &Call, session: &Session) -> Result<(), Refusal> {
    let window = GuessWindow::at(call.now);
    let too_many = InteractionFault::TooManyLogins(window.left(call.now));
    if let Some(source) = counted_source(ports, call)
        && ports.guesses.failed(&source, window).await? >= OF_ONE_SOURCE
    {
        return Err(too_many.into());
    }
    let interaction = format!("logins of {}", session.interaction.id);
    let counted = ports.guesses.fail(&interaction, window, OF_INTERACTION).await?;
    if counted { Ok(()) } else { Err(too_many.into()) }
}

/// Counts a token that the institution does not know.
pub(super) async fn refused(ports: &Ports, call: &Call) -> Result<(), Refusal> {
    if let Some(source) = counted_source(ports, call) {
        ports.guesses.fail(&source, GuessWindow::at(call.now), OF_ONE_SOURCE).await?;
    }
    Ok(())
}

/// The name under which the refused logins of a source are counted, if they are.
fn counted_source(ports: &Ports, call: &Call) -> Option<String> {
    let counts = !is_signed(ports, call);
    counts.then(|| format!("logins from {}", source_of(&call.request.source)))
}
