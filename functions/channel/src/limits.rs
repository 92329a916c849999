//! How often the institution is asked for an interaction, in windows of a minute (T62).
//!
//! | limit | counts |
//! |---|---|
//! | of an arrival | logins of callers who prove that they came by it, also those that succeed |
//! | of an interaction | the same, through whatever arrivals |
//! | of an interaction and a source | logins of everybody else |
//! | of an interaction | the same, from wherever |
//! | of a source | tokens of everybody else that the institution does not know |
//! | of an arrival | lists of products, besides the one that follows a login |
//!
//! Who merely knows an id uses up nothing of those who show more than that: a secret of theirs or a signature.

use ponte_authorization::interaction::{GuessWindow, InteractionFault, OF_ONE_SOURCE};
use ponte_edge::{Call, Refusal};

use crate::ports::Ports;
use crate::session::Session;
use crate::source::source_of;

/// Logins in a minute: a person types no password more often.
const LOGINS: u32 = 10;
/// Those of an interaction with a proof: its link was opened in a few browsers.
const PROVEN_LOGINS: u32 = 100;
/// Those without a proof, from wherever.
const UNPROVEN_LOGINS: u32 = 60;
/// Lists of products in a minute: a person loads no page more often.
const PRODUCTS: u32 = 30;

/// Counts a login before the institution is asked.
///
/// # Errors
/// 429 when there were too many.
pub(crate) async fn admit_login(ports: &Ports, call: &Call, session: &Session) -> Result<(), Refusal> {
    let interaction = &session.interaction.id;
    let counts = if session.proof.is_shown() {
        of_proven(session)
    } else {
        let (source, window) = (source_of(&call.request.source), GuessWindow::at(call.now));
        if ports.guesses.failed(&unknown_from(&source), window).await? >= OF_ONE_SOURCE {
            return Err(too_many_logins(call));
        }
        // That of the source first: what it refuses uses up nothing of the other.
        [
            (format!("logins of {interaction} from {source}"), LOGINS),
            (format!("logins of {interaction}"), UNPROVEN_LOGINS),
        ]
    };
    count_login(ports, call, counts).await
}

/// Counts a login with a JWT that holds: it is a proof itself, good for this arrival alone.
///
/// # Errors
/// 429 when there were too many.
pub(crate) async fn admit_signed_login(ports: &Ports, call: &Call, session: &Session) -> Result<(), Refusal> {
    count_login(ports, call, of_proven(session)).await
}

/// Counts a list of products before the institution is asked for it.
///
/// # Errors
/// 429 when there were too many.
pub(crate) async fn admit_products(ports: &Ports, call: &Call, session: &Session) -> Result<(), Refusal> {
    let (who, window) = (format!("products through {}", session.arrival.as_str()), GuessWindow::at(call.now));
    if ports.guesses.fail(&who, window, PRODUCTS).await? {
        return Ok(());
    }
    Err(InteractionFault::TooManyDiscoveries(window.left(call.now)).into())
}

/// Counts a token that the institution does not know.
pub(crate) async fn refused_login(ports: &Ports, call: &Call, session: &Session) -> Result<(), Refusal> {
    if !session.proof.is_shown() {
        let source = unknown_from(&source_of(&call.request.source));
        ports.guesses.fail(&source, GuessWindow::at(call.now), OF_ONE_SOURCE).await?;
    }
    Ok(())
}

async fn count_login(ports: &Ports, call: &Call, counts: [(String, u32); 2]) -> Result<(), Refusal> {
    for (who, limit) in counts {
        if !ports.guesses.fail(&who, GuessWindow::at(call.now), limit).await? {
            return Err(too_many_logins(call));
        }
    }
    Ok(())
}

fn of_proven(session: &Session) -> [(String, u32); 2] {
    [
        (format!("logins through {}", session.arrival.as_str()), LOGINS),
        (format!("proven logins of {}", session.interaction.id), PROVEN_LOGINS),
    ]
}

/// The name under which the refused logins of a source are counted.
fn unknown_from(source: &str) -> String {
    format!("logins from {source}")
}

fn too_many_logins(call: &Call) -> Refusal {
    InteractionFault::TooManyLogins(GuessWindow::at(call.now).left(call.now)).into()
}
