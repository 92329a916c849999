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

#[cfg(test)]
mod tests {
    use std::future::{Ready, ready};

    use super::*;

    /// Keeps the events that reach it, and can be closed.
    #[derive(Default)]
    struct Noted {
        events: Vec<Vec<u8>>,
        closed: bool,
    }

    impl Service<LambdaInvocation> for Noted {
        type Response = ();
        type Error = RuntimeError;
        type Future = Ready<Result<(), RuntimeError>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), RuntimeError>> {
            Poll::Ready(if self.closed { Err("closed".into()) } else { Ok(()) })
        }

        fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
            self.events.push(invocation.body.to_vec());
            ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn lb09_bytes_that_are_no_text_spoil_the_member_they_are_in_and_a_text_arrives_as_it_was() {
        let mut runtime = Surround.layer(Noted::default());
        for (sent, arrives) in [
            (
                &b"{\"body\":\"a\xff\xc3\",\"rawPath\":\"/\"}"[..],
                "{\"body\":\"a\u{fffd}\u{fffd}\",\"rawPath\":\"/\"}",
            ),
            ("{\"body\":\"é\"}".as_bytes(), "{\"body\":\"é\"}"),
        ] {
            let (parts, ()) = http::Response::new(()).into_parts();
            let context = lambda_runtime::Context::default();
            runtime.call(LambdaInvocation { parts, body: sent.to_vec().into(), context }).await.unwrap();
            assert_eq!(runtime.0.events.pop().unwrap(), arrives.as_bytes());
        }
    }

    #[test]
    fn no_event_is_taken_while_the_runtime_s_own_service_takes_none() {
        let waker = futures_util::task::noop_waker();
        let ready = |closed| {
            let mut runtime = Surround.layer(Noted { closed, ..Noted::default() });
            matches!(runtime.poll_ready(&mut Context::from_waker(&waker)), Poll::Ready(Ok(())))
        };
        assert_eq!((ready(false), ready(true)), (true, false));
    }
}
