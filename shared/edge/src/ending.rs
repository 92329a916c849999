//! The end of a process after an answer: a layer around what asks the handler and hands its answer to the runtime API.

use std::task::{Context, Poll};

use futures_util::FutureExt as _;
use futures_util::future::Map;
use lambda_runtime::tower::Layer;
use lambda_runtime::{Error, LambdaInvocation, Service};
use ponte_ports::Ending;

/// Ends the loop of invocations after the answer at which the process was told to end.
pub(crate) struct EndAfterAnswer(pub(crate) Ending);

/// What the layer wraps.
pub(crate) struct Ended<S> {
    inner: S,
    ending: Ending,
}

type Answered = Result<(), Error>;
type Judge = Box<dyn FnOnce(Answered) -> Answered + Send>;

impl<S> Layer<S> for EndAfterAnswer {
    type Service = Ended<S>;

    fn layer(&self, inner: S) -> Ended<S> {
        Ended { inner, ending: self.0.clone() }
    }
}

impl<S> Service<LambdaInvocation> for Ended<S>
where
    S: Service<LambdaInvocation, Response = (), Error = Error>,
{
    type Response = ();
    type Error = Error;
    type Future = Map<S::Future, Judge>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Answered> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
        let ending = self.ending.clone();
        let judge: Judge = Box::new(move |answered| match ending.reason() {
            None => answered,
            Some(reason) => answered.and(Err(reason.into())),
        });
        self.inner.call(invocation).map(judge)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use lambda_runtime::service_fn;

    use super::*;

    fn invocation() -> LambdaInvocation {
        let (parts, ()) = http::Response::new(()).into_parts();
        LambdaInvocation { parts, body: Vec::new().into(), context: lambda_runtime::Context::default() }
    }

    #[tokio::test]
    async fn lb11_a_process_answers_before_it_ends() {
        let (ending, answers) = (Ending::default(), Arc::new(AtomicUsize::new(0)));
        let (told, counted) = (ending.clone(), Arc::clone(&answers));
        let answering = service_fn(move |_: LambdaInvocation| {
            // The second call finds that the credentials are over.
            if counted.fetch_add(1, Ordering::SeqCst) == 1 {
                assert!(told.after_this_answer("credentials over"));
            }
            std::future::ready(Ok::<_, Error>(()))
        });
        let mut loop_of = EndAfterAnswer(ending).layer(answering);
        assert!(loop_of.call(invocation()).await.is_ok());
        let end = loop_of.call(invocation()).await.unwrap_err();
        assert_eq!((end.to_string().as_str(), answers.load(Ordering::SeqCst)), ("credentials over", 2));
    }
}
