//! A call that may proceed, typed by its caller: the argument of a handler says who may call it.

use std::ops::Deref;

use ponte_catalog::Row;
use ponte_values::{InteractionId, Moment};

use crate::caller::{Client, Manager};
use crate::context::Context;
use crate::request::Request;

/// The common part of every call.
#[derive(Debug)]
pub struct Call {
    /// The HTTP request.
    pub request: Request,
    /// `x-fapi-interaction-id`: the caller's, or a fresh one on routes that do not require it.
    pub interaction: InteractionId,
    /// Now, read once for the whole call.
    pub now: Moment,
    pub(crate) context: Context,
    pub(crate) row: Option<&'static Row>,
}

/// A call whose caller no guard has checked: the handler checks it.
#[derive(Debug)]
pub struct OpenCall {
    pub(crate) call: Call,
}

/// A call of a client in its own name (client_credentials).
#[derive(Debug)]
pub struct ClientCall {
    pub(crate) call: Call,
    /// The caller.
    pub client: Client,
    /// Its row of the catalog.
    pub row: &'static Row,
}

/// A call of a client for a customer, with the proof that what the customer authorised is in force.
#[derive(Debug)]
pub struct CustomerCall<P> {
    pub(crate) call: Call,
    /// The caller.
    pub client: Client,
    /// Its row of the catalog.
    pub row: &'static Row,
    /// The target, read once for this call.
    pub proof: P,
}

/// A call of one of the institution's own callers, over the management host.
#[derive(Debug)]
pub struct ManagerCall {
    pub(crate) call: Call,
    /// The caller.
    pub manager: Manager,
}

impl Call {
    /// A fresh UUIDv4.
    #[must_use]
    pub fn uuid(&self) -> String {
        self.context.ids.uuid()
    }

    /// A fresh 256-bit secret, base64url.
    #[must_use]
    pub fn secret(&self) -> String {
        self.context.ids.secret()
    }
}

impl Deref for OpenCall {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}

impl Deref for ClientCall {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}

impl<P> Deref for CustomerCall<P> {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}

impl Deref for ManagerCall {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}
