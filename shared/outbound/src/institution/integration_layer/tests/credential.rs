//! The credential that the layer is called with: what was put counts without a deployment (D6, T45).

use super::*;
use crate::institution::credential::credential;
use ponte_kit::secrets::{AlarmsInMemory, SecretInMemory};
use ponte_ports::chain;

/// A layer that answers whoever shows `expected`, and 401 to everybody else.
async fn expecting(expected: &'static str) -> Stub {
    Stub::start(move |_, request| {
        if request.head.contains(&format!("authorization: Bearer {expected}\r\n")) {
            Reply::json(200, r#"{"data":{"cpf":"12345678909"}}"#)
        } else {
            Reply::json(401, r#"{"errors":[{"code":"NAO_AUTORIZADO"}]}"#)
        }
    })
    .await
}

struct Scene {
    secret: Arc<SecretInMemory>,
    alarms: Arc<AlarmsInMemory>,
    clock: Arc<ManualClock>,
}

impl Scene {
    fn with(text: &str) -> Self {
        let (secret, clock) = (Arc::<SecretInMemory>::default(), Arc::new(ManualClock::default()));
        secret.put(text, clock.now());
        Self { secret, alarms: Arc::default(), clock }
    }

    async fn layer(&self, stub: &Stub) -> Result<IntegrationLayer, PortError> {
        let (secret, alarms) = (self.secret.clone(), self.alarms.clone());
        let credential = credential(secret, alarms, self.clock.now()).await?;
        let client = http::client(&Trust::webpki(), None).unwrap();
        let (breaker, clock) = (untouched_breaker(&self.clock), self.clock.clone());
        let way = Way::over_http(client, stub.url(), clock.clone());
        Ok(IntegrationLayer::new(way, credential, institution(), breaker, clock))
    }
}

#[tokio::test]
async fn d6_a_newline_at_the_end_of_the_credential_stops_no_call() {
    let stub = expecting("credential").await;
    let scene = Scene::with("credential\n");
    let layer = scene.layer(&stub).await.unwrap();
    assert!(layer.identify("t", &organisation(), LONG).await.is_ok());
    assert!(scene.alarms.raised.lock().unwrap().is_empty());
}

#[tokio::test]
async fn d6_a_new_credential_counts_without_a_deployment() {
    let stub = expecting("second").await;
    let scene = Scene::with("first");
    let layer = scene.layer(&stub).await.unwrap();
    scene.secret.put("second\n", scene.clock.now());
    // Within 30 s of the last look nothing is looked at, whatever the layer says.
    assert!(layer.identify("t", &organisation(), LONG).await.is_err());
    scene.clock.forward(31);
    assert!(
        layer.identify("t", &organisation(), LONG).await.is_ok(),
        "a 401 looks at the secret, and the call goes out again"
    );
    assert_eq!(stub.heads().len(), 3);
    assert!(layer.identify("t", &organisation(), LONG).await.is_ok());
    assert_eq!(stub.heads().len(), 4, "the new one is in use from now on");
}

#[tokio::test]
async fn d6_a_credential_that_no_header_can_carry_changes_nothing_and_is_named() {
    let stub = expecting("first").await;
    let scene = Scene::with("first");
    let layer = scene.layer(&stub).await.unwrap();
    scene.secret.put("segredo\nquebrado", scene.clock.now());
    scene.clock.forward(60);
    assert!(layer.identify("t", &organisation(), LONG).await.is_ok(), "the last good one serves on");
    let raised = scene.alarms.raised.lock().unwrap().clone();
    assert_eq!(raised.len(), 1);
    assert_eq!(raised[0].secret, "InstitutionCredentialSecret");
    assert!(!raised[0].reason.contains("segredo"), "{}", raised[0].reason);
}

#[tokio::test]
async fn d6_a_function_does_not_start_with_a_credential_that_no_header_can_carry() {
    let stub = expecting("never").await;
    let scene = Scene::with("segredo\u{7f}");
    let fault = chain(&scene.layer(&stub).await.err().unwrap());
    assert!(fault.contains("InstitutionCredentialSecret") && !fault.contains("segredo"), "{fault}");
    assert_eq!(scene.alarms.raised.lock().unwrap()[0].secret, "InstitutionCredentialSecret");
}
