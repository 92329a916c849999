//! The credential at the integration layer as an editor saves it, with a newline at its end (D6).

use serde_json::json;

use super::callers::Callers;
use super::cloud::Cloud;
use super::steps::{World, want};
use crate::stack::Stack;

#[tokio::test]
async fn d6_a_newline_at_the_end_of_the_credential_stops_neither_a_login_nor_data() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let secret = stack.text("/functions/data/env/INSTITUTION_CREDENTIAL_SECRET");
    let held = cloud.call("secretsmanager.GetSecretValue", &json!({ "SecretId": secret })).await;
    let written = format!("{}\n", held["SecretString"].as_str().expect("the credential is a text"));
    let put = json!({
        "SecretId": secret, "SecretString": written, "ClientRequestToken": "d6d6d6d6-0000-4000-8000-000000000001",
    });
    cloud.call("secretsmanager.PutSecretValue", &put).await;
    stack.kill();

    // The functions start with what was put.
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let client = world.client_token().await;
    let consent = world.create_consent(&client).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    want(200, "accounts", world.accounts(&tokens.access, &consent).await);
}
