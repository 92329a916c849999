//! The ways to the core: a function and queues say the same as a URL.

use super::example::told;
use super::*;
use crate::connector::read_reply;

const ARN: &str = "arn:aws:lambda:sa-east-1:000000000000:function:nucleo";
const REPLIES: &str = "https://sqs.example/replies";

async fn over_function(stub: &Stub) -> Result<CoreReport, ConnectorFault> {
    let aws = aws_at(&stub.url());
    let client = http::client(&Trust::webpki(), None).unwrap();
    let invocation = aws.invocation(&FunctionArn::parse(ARN).unwrap());
    let way = Way::over_function(client, invocation, Arc::new(ManualClock::default()));
    pay(&connector_over(way, ARN.to_owned(), Dedupe::ByKey), Duration::from_secs(2)).await
}

#[tokio::test]
async fn a_function_is_asked_with_the_signed_request_and_answers_with_one() {
    let stub = Stub::start(|_, request| {
        let event: Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!(event["operation"], "/payments");
        assert_eq!(event["headers"], json!({"content-type": "application/jwt"}));
        let claims = claims_of(event["body"].as_str().unwrap());
        assert_eq!(claims["aud"], format!("{ARN}/payments"));
        let body = signed(CORE, &answer_claims(&claims, &told(&claims, "ACSC")));
        stub::Reply::json(200, json!({"status": 201, "body": body}).to_string())
    })
    .await;
    assert_eq!(over_function(&stub).await.unwrap().status, CoreStatus::Settled);
}

#[tokio::test]
async fn what_lambda_refuses_was_not_sent_and_what_fails_in_it_may_have_moved_money() {
    let refused = [400, 403, 404, 413, 429].map(|status| (status, "not sent"));
    let failed = [408, 500, 502, 503, 504].map(|status| (status, "unknown"));
    for (status, expected) in refused.into_iter().chain(failed) {
        let stub = Stub::start(move |_, _| stub::Reply::json(status, "{}")).await;
        assert_eq!(ended(&over_function(&stub).await), expected, "{status}");
        assert_eq!(stub.bodies().len(), 1);
    }
    let head = "HTTP/1.1 200 X\r\nx-amz-function-error: Unhandled\r\nconnection: close\r\n";
    let failed = format!("{head}content-length: 2\r\n\r\n{{}}");
    let stub = Stub::start(move |_, _| stub::Reply::Raw(failed.clone().into_bytes())).await;
    assert_eq!(ended(&over_function(&stub).await), "unknown");
    let stub = Stub::start(|_, _| stub::Reply::json(200, r#"{"status":201,"body":{"data":{}}}"#)).await;
    assert_eq!(ended(&over_function(&stub).await), "unknown", "an answer that is no text");
}

/// Replies as they are kept; the first looks find the store down.
#[derive(Default)]
struct Replies {
    kept: Mutex<Vec<ConnectorReply>>,
    down: Mutex<u32>,
}

#[async_trait]
impl ConnectorReplies for Replies {
    async fn keep(&self, reply: &ConnectorReply) -> Result<(), PortError> {
        self.kept.lock().unwrap().push(reply.clone());
        Ok(())
    }

    async fn reply_to(&self, request: &str, _now: Moment) -> Result<Option<ConnectorReply>, PortError> {
        let mut down = self.down.lock().unwrap();
        if *down > 0 {
            *down -= 1;
            return Err(PortError::new("replies", "down"));
        }
        Ok(self.kept.lock().unwrap().iter().find(|reply| reply.request == request).cloned())
    }
}

/// What SQS says to a batch of one.
fn taken(entry: &Value) -> stub::Reply {
    let one = json!({"Id": entry["Id"], "MessageId": "1", "MD5OfMessageBody": "x"});
    stub::Reply::json(200, json!({"Successful": [one], "Failed": []}).to_string())
}

/// A queue whose core replies at once, or never; and how often it was asked.
async fn over_queue(replies_at_once: bool, left: Duration) -> (Result<CoreReport, ConnectorFault>, usize) {
    let replies = Arc::new(Replies { down: Mutex::new(1), ..Replies::default() });
    let kept = Arc::clone(&replies);
    let stub = Stub::start(move |_, request| {
        let batch: Value = serde_json::from_str(&request.body).unwrap();
        let entry = &batch["Entries"][0];
        let message: Value = serde_json::from_str(entry["MessageBody"].as_str().unwrap()).unwrap();
        let claims = claims_of(message["jwt"].as_str().unwrap());
        assert_eq!((&message["requestId"], &message["operation"]), (&claims["jti"], &json!("/payments")));
        assert_eq!(message["replyTo"], REPLIES);
        if replies_at_once {
            let jwt = signed(CORE, &answer_claims(&claims, &told(&claims, "ACSC")));
            let body = json!({"requestId": claims["jti"], "status": 201, "jwt": jwt}).to_string();
            kept.kept.lock().unwrap().push(read_reply(&body, now()).unwrap());
        }
        taken(entry)
    })
    .await;
    let aws = aws_at(&stub.url());
    let requests = format!("{}/000000000000/requests", stub.url());
    let to = (replies as Arc<dyn ConnectorReplies>, REPLIES.to_owned());
    let way = Way::over_queue((&aws, requests.clone()), to, Arc::new(ManualClock::default()));
    let outcome = pay(&connector_over(way, requests, Dedupe::ByKey), left).await;
    (outcome, stub.bodies().len())
}

#[tokio::test]
async fn a_request_goes_to_the_queue_of_the_core_and_its_reply_is_found_by_its_name() {
    let (outcome, asked) = over_queue(true, Duration::from_secs(8)).await;
    assert_eq!((outcome.unwrap().status, asked), (CoreStatus::Settled, 1));
}

#[tokio::test]
async fn no_reply_in_time_may_have_moved_money() {
    let (outcome, asked) = over_queue(false, Duration::from_millis(400)).await;
    match outcome {
        Err(ConnectorFault::Unknown(error)) => assert!(error.is_timeout()),
        other => panic!("{other:?}"),
    }
    assert_eq!(asked, 1, "the way sends it once");
}
