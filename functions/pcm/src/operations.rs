//! Operations of operators for the back office: those of all functions, since `pcm` has the management host.
//!
//! | route | scope | answer |
//! |---|---|---|
//! | GET `/open-banking/oob-operations/v1/operations?day&state&cursor` | `operations:read` | a page, the newest first |
//! | GET `/open-banking/oob-operations/v1/operations/{id}` | `operations:read` | one with its answer |

use std::sync::Arc;

use ponte_edge::{Answer, CursorPage, ManagerCall, ParameterFault, Query, Refusal};
use ponte_ports::IndexFault;
use ponte_ports::operation::{ListFault, Listing, OperationId, list};

use crate::ports::Ports;

pub(crate) async fn list_operations(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let query = |name| call.request.query(name);
    let (day, state, cursor) = (query("day"), query("state"), query("cursor"));
    let listing = Listing::parse(day, state, cursor.map(str::to_owned)).map_err(refused)?;
    let found = list(&*ports.operations, &listing, call.now).await?;
    let link = |cursor: Option<&str>| -> Query {
        let named = [("day", day), ("state", state), ("cursor", cursor)].into_iter();
        named.filter_map(|(name, value)| Some((name, value?.to_owned()))).collect()
    };
    let next = found.next.as_deref().map(|place| link(Some(place)));
    let page = CursorPage { own: link(cursor), prev: None, next };
    call.cursor_page(200, &found.operations, &page, None)
}

pub(crate) async fn read_operation(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let id = OperationId::parse(call.request.id("id")).map_err(|_| Refusal::not_found())?;
    let found = ports.operations.find(&id).await?.ok_or_else(Refusal::not_found)?;
    call.value(200, &found.at(call.now))
}

fn refused(fault: ListFault) -> Refusal {
    match fault {
        ListFault::Day => Refusal::invalid_parameter("day", ParameterFault::Date),
        ListFault::State => Refusal::invalid_parameter("state", ParameterFault::UnknownValue),
        ListFault::After => IndexFault::Cursor.into(),
    }
}
