//! How often the institution is asked for an interaction, in windows of a minute (T62).
//!
//! | limit | counts |
//! |---|---|
//! | of an arrival | logins of callers who prove that they came by it, also those that succeed |
//! | of an interaction | those of them who prove it by nothing but the cookie, through whatever arrivals |
//! | of an interaction and a source | logins of everybody else |
//! | of an interaction | the same, from wherever |
//! | of a source | tokens of everybody else that the institution does not know |
//! | of an arrival | lists of products to look at, besides the one that follows a login, with a proof of the login |
//! | of an arrival and a source | the same without one, where none is required |
//! | of an arrival | the same, from wherever |
//! | the same three | yeses |
//!
//! Who merely knows an id uses up nothing of those who show more than that, and who knows the link, and has as many arrivals as he
//! opens it, nothing of those who show more than a cookie. Who looks uses up no yes.

use ponte_authorization::count_window::CountWindow;
use ponte_authorization::interaction::{InteractionFault, OF_ONE_SOURCE};
use ponte_edge::{Call, Refusal};

use crate::ports::Ports;
use crate::session::Session;
use crate::source::source_of;

/// Logins in a minute: a person types no password more often.
const LOGINS: u32 = 10;
/// Those of an interaction with a cookie alone: its link was opened in a few browsers.
const COOKIE_LOGINS: u32 = 100;
/// Those without a proof, from wherever.
const UNPROVEN_LOGINS: u32 = 60;
/// Lists of products in a minute, and yeses: a person loads no page more often.
const PRODUCTS: u32 = 30;
/// Those without a proof, from wherever.
const UNPROVEN_PRODUCTS: u32 = 90;

/// Counts a login before the institution is asked.
///
/// # Errors
/// 429 when there were too many.
pub(crate) async fn admit_login(ports: &Ports, call: &Call, session: &Session) -> Result<(), Refusal> {
    let interaction = &session.interaction.id;
    let counts = if session.proof.is_shown() {
        let of_link =
            session.proof.is_of_link().then(|| (format!("cookie logins of {interaction}"), COOKIE_LOGINS));
        of_arrival(session).into_iter().chain(of_link).collect()
    } else {
        let (source, window) = (source_of(&call.request.source), CountWindow::minute(call.now));
        if ports.attempts.counted(&unknown_from(&source), window).await? >= OF_ONE_SOURCE {
            return Err(too_many_logins(call));
        }
        // That of the source first: what it refuses uses up nothing of the other.
        vec![
            (format!("logins of {interaction} from {source}"), LOGINS),
            (format!("logins of {interaction}"), UNPROVEN_LOGINS),
        ]
    };
    count_login(ports, call, &counts).await
}

/// Counts a login with a JWT that holds: it is a proof itself, good for this arrival alone.
///
/// # Errors
/// 429 when there were too many.
pub(crate) async fn admit_signed_login(ports: &Ports, call: &Call, session: &Session) -> Result<(), Refusal> {
    count_login(ports, call, &of_arrival(session)).await
}

/// Counts a list of products to look at before the institution is asked for it.
///
/// # Errors
/// 429 when there were too many.
pub(crate) async fn admit_products(ports: &Ports, call: &Call, session: &Session) -> Result<(), Refusal> {
    count_products(ports, call, (session, "products")).await
}

/// The same for a yes, under a name of its own: a page that looks again and again refuses no decision.
///
/// # Errors
/// 429 when there were too many.
pub(crate) async fn admit_decision(ports: &Ports, call: &Call, session: &Session) -> Result<(), Refusal> {
    count_products(ports, call, (session, "decisions")).await
}

/// Counts a token that the institution does not know.
pub(crate) async fn refused_login(ports: &Ports, call: &Call, session: &Session) -> Result<(), Refusal> {
    if !session.proof.is_shown() {
        let source = unknown_from(&source_of(&call.request.source));
        ports.attempts.count(&source, CountWindow::minute(call.now), OF_ONE_SOURCE).await?;
    }
    Ok(())
}

async fn count_products(
    ports: &Ports,
    call: &Call,
    (session, what): (&Session, &str),
) -> Result<(), Refusal> {
    let arrival = session.arrival.as_str();
    let counts = if session.proof.shows_session() {
        vec![(format!("{what} through {arrival}"), PRODUCTS)]
    } else {
        let source = source_of(&call.request.source);
        // That of the source first, as for logins.
        vec![
            (format!("{what} through {arrival} from {source}"), PRODUCTS),
            (format!("{what} through {arrival} without a proof"), UNPROVEN_PRODUCTS),
        ]
    };
    if count(ports, call, &counts).await? {
        return Ok(());
    }
    Err(InteractionFault::TooManyDiscoveries(CountWindow::minute(call.now).left(call.now)).into())
}

async fn count_login(ports: &Ports, call: &Call, counts: &[(String, u32)]) -> Result<(), Refusal> {
    if count(ports, call, counts).await? { Ok(()) } else { Err(too_many_logins(call)) }
}

/// Counts under each name until one is at its limit.
async fn count(ports: &Ports, call: &Call, counts: &[(String, u32)]) -> Result<bool, Refusal> {
    for (who, limit) in counts {
        if !ports.attempts.count(who, CountWindow::minute(call.now), *limit).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn of_arrival(session: &Session) -> [(String, u32); 1] {
    [(format!("logins through {}", session.arrival.as_str()), LOGINS)]
}

/// The name under which the refused logins of a source are counted.
fn unknown_from(source: &str) -> String {
    format!("logins from {source}")
}

fn too_many_logins(call: &Call) -> Refusal {
    InteractionFault::TooManyLogins(CountWindow::minute(call.now).left(call.now)).into()
}
