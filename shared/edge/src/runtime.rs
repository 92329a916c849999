//! What stands around Lambda's runtime library: events come in as text.

use std::error::Error;
use std::task::{Context, Poll};

use lambda_runtime::LambdaInvocation;
use lambda_runtime::tower::{Layer, Service};

/// An error of the runtime.
pub(crate) type RuntimeError = Box<dyn Error + Send + Sync>;

/// Puts [`Surrounded`] around the runtime's own service.
pub(crate) struct Surround;

impl<S> Layer<S> for Surround {
    type Service = Surrounded<S>;

    fn layer(&self, inner: S) -> Surrounded<S> {
        Surrounded(inner)
    }
}

/// The service of the runtime, from an invocation to its answer.
pub(crate) struct Surrounded<S>(S);

impl<S> Service<LambdaInvocation> for Surrounded<S>
where
    S: Service<LambdaInvocation, Response = (), Error = RuntimeError>,
{
    type Response = ();
    type Error = RuntimeError;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), RuntimeError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut invocation: LambdaInvocation) -> S::Future {
        // Bytes that are no UTF-8 spoil the member they are in, not the call.
        if std::str::from_utf8(&invocation.body).is_err() {
            invocation.body = String::from_utf8_lossy(&invocation.body).into_owned().into();
        }
        self.0.call(invocation)
    }
}
