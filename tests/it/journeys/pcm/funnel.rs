//! The customer's way as the metrics platform counts it (M40, M61): who arrives is seen to arrive, whatever comes of it, and an
//! institution that reports the way itself is counted once.

use http::Method;
use ponte_web::caller::Call;
use serde_json::{Value, json};

use crate::journeys::steps::{World, device, want};
use crate::journeys::systems::{certified, file};
use crate::stack::Stack;

/// Sweeps until every step of these consents is at the platform, and what it has of each then.
async fn told(stack: &Stack, world: &World, consents: &[&str], steps: usize) -> Value {
    let url = format!("{}/sandbox/summary", stack.text("/pcm/api"));
    let mut funnel = Value::Null;
    for _ in 0..240 {
        world.tick("sweep").await;
        let call = Call::post_json(&url, &json!({ "consents": consents }));
        let summary =
            want(200, "summary", world.plain.send(call).await.expect("the platform answers")).json();
        funnel = summary["funnel"].clone();
        let known: usize =
            consents.iter().filter_map(|id| funnel["byConsent"][*id].as_array()).map(Vec::len).sum();
        if known >= steps {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    assert_eq!(funnel["discarded"], json!([]), "{funnel:#}");
    funnel["byConsent"].take()
}

#[tokio::test]
async fn m40_m61_whoever_arrives_is_counted_once_whatever_comes_of_it() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let own = world.client_token().await;

    // One turns away at once, one does not get past the login, one opens the link three times and turns away.
    let gone = world.create_consent(&own).await;
    world.depart(&gone).await;
    let failed = world.create_consent(&own).await;
    let interaction = world.depart(&failed).await;
    let reply = world.channel.login(&interaction.interaction, "no token", &device()).await;
    want(401, "login", reply.expect("the channel API answers"));
    let often = world.create_consent(&own).await;
    let pushed = world.receiver.push(&world.receiver.begin(&often), "accounts resources").await;
    let pushed = want(201, "par", pushed.expect("par answers")).json();
    let link = world.receiver.authorization_url(pushed["request_uri"].as_str().expect("a request_uri"));
    for _ in 0..3 {
        want(303, "authorize", world.receiver.browse(&link).await.expect("authorize answers"));
    }

    // One says no. The institution tells of her itself: no device in the calls, the steps by the journey API.
    let by_api = world.create_consent(&own).await;
    let interaction = world.depart(&by_api).await;
    let office =
        certified(&stack, ("/institution/backoffice/certificate", "/institution/backoffice/private_key"));
    let key = file(&stack, "/institution/backoffice/api_key").trim().to_owned();
    let step = async |step: &str, more: Value| {
        let mut data = json!({ "platform": "APP", "os": "ANDROID", "osVersion": "16" });
        data.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        let url = format!("{}/api/journey/v1/consents/{by_api}/report", stack.text("/hosts/management"));
        let call = Call::json(Method::POST, url, &json!({ "step": step, "data": data }));
        let call = call.header("x-api-key", key.as_str());
        let reply = office.send(call).await.expect("the management host answers");
        want(202, step, reply);
    };
    step("REDIRECT_TARGET", json!({ "type": "AWAITING_REDIRECT_TO_APP" })).await;
    let base = format!(
        "{}/api/{}/consents/v1/interactions/{}",
        stack.text("/hosts/public"),
        stack.text("/channel/client_name"),
        interaction.interaction
    );
    let login = Call::post_json(format!("{base}/login"), &json!({ "accessToken": world.channel_token(0) }));
    let login = world.plain.send(login).await.expect("the channel API answers");
    let login = want(200, "login without a device", login).json();
    step("AUTHENTICATED", json!({})).await;
    let secret = login["data"]["sessionSecret"].as_str().expect("a secret").to_owned();
    let no = Call::post_json(format!("{base}/cancel"), &json!({})).header("x-session-secret", secret);
    want(200, "a no without a device", world.plain.send(no).await.expect("the channel API answers"));
    let back = json!({ "uri_callback": "https://receptora.example/cb", "type": "REJECTED" });
    step("REDIRECT_TO_CLIENT", back).await;

    let consents = [gone.as_str(), &failed, &often, &by_api];
    let told = told(&stack, &world, &consents, 6).await;
    for arrived in [&gone, &failed, &often] {
        assert_eq!(told[arrived.as_str()], json!(["server/redirect-target"]), "{told:#}");
    }
    let all = json!(["server/redirect-target", "server/authenticated", "server/redirect-to-client"]);
    assert_eq!(told[by_api.as_str()], all, "{told:#}");
}
