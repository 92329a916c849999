//! Routes of this function: the rows of the regulatory API, and those of the management API.

use std::sync::Arc;

use ponte_catalog::consents::{CREATE, EXTEND, EXTENSIONS, READ, REVOKE};
use ponte_data_consent::authority::ConsentAuthority;
use ponte_edge::{Context, Guard, Router};

use crate::ports::Ports;
use crate::{create, extend, extensions, management, read, revoke};

/// The operations of this function.
#[must_use]
pub fn router(context: Context, guard: Guard, ports: Ports) -> Router<Ports> {
    let authority = Arc::new(ConsentAuthority::new(Arc::clone(&ports.consents)));
    let router = Router::new(context, Some(guard), ports)
        .client(&CREATE, create::create)
        .client(&READ, read::read)
        .client(&REVOKE, revoke::revoke)
        .customer(&EXTEND, &authority, extend::extend)
        .client(&EXTENSIONS, extensions::list);
    management::routes(router)
}
