//! `GET /.well-known/apple-app-site-association` and `/.well-known/assetlinks.json`: the institution's app opens the links
//! of its customers' visits in place of a browser.
//!
//! What an app takes over is where a visit begins and what a phone reads from another screen. The page that shows it
//! (`/auth/handoff/v1`) stays in the browser. On Android these paths are rules for version 15 and later; earlier ones
//! go by the app's own manifest.

use std::collections::BTreeMap;
use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_values::{AndroidApp, AppleAppId};
use serde::Serialize;
use serde_json::json;

use crate::AuthorizationServer;

/// How long phones and the caches of their makers may keep the answer.
const KEEP: &str = "public, max-age=3600";
const HANDLE_URLS: &str = "delegate_permission/common.handle_all_urls";

/// The two documents; none where the institution has no app.
pub(crate) struct AppLinks {
    apple: Option<String>,
    android: Option<String>,
}

/// A pattern of paths; the first that fits counts.
#[derive(Clone, Copy, Serialize)]
struct Component {
    #[serde(rename = "/")]
    path: &'static str,
    #[serde(skip_serializing_if = "is_false")]
    exclude: bool,
}

const COMPONENTS: [Component; 3] = [
    Component { path: "/auth/authorize", exclude: false },
    Component { path: "/auth/handoff/v1/*", exclude: true },
    Component { path: "/auth/handoff/*", exclude: false },
];

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl AppLinks {
    pub(crate) fn of(apple: &[AppleAppId], android: &[AndroidApp]) -> Self {
        Self {
            apple: (!apple.is_empty()).then(|| apple_document(apple)),
            android: (!android.is_empty()).then(|| android_document(android)),
        }
    }
}

/// For iOS (Apple, "Supporting associated domains").
fn apple_document(apps: &[AppleAppId]) -> String {
    let ids: Vec<&str> = apps.iter().map(AppleAppId::as_str).collect();
    json!({"applinks": {"details": [{"appIDs": ids, "components": COMPONENTS}]}}).to_string()
}

/// For Android (Google, Digital Asset Links): a statement for each package, with all certificates it is signed with.
fn android_document(apps: &[AndroidApp]) -> String {
    let mut packages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for app in apps {
        packages.entry(app.package()).or_default().push(app.fingerprint());
    }
    let statement = |(package, fingerprints)| {
        json!({
            "relation": [HANDLE_URLS],
            "target": {
                "namespace": "android_app",
                "package_name": package,
                "sha256_cert_fingerprints": fingerprints,
            },
            "relation_extensions": {HANDLE_URLS: {"dynamic_app_link_components": COMPONENTS}},
        })
    };
    serde_json::Value::Array(packages.into_iter().map(statement).collect()).to_string()
}

/// What iOS reads.
pub(crate) async fn apple(server: Arc<AuthorizationServer>, _: OpenCall) -> Result<Answer, Refusal> {
    document(server.server.app_links().apple.as_ref())
}

/// What Android reads.
pub(crate) async fn android(server: Arc<AuthorizationServer>, _: OpenCall) -> Result<Answer, Refusal> {
    document(server.server.app_links().android.as_ref())
}

fn document(text: Option<&String>) -> Result<Answer, Refusal> {
    let text = text.ok_or_else(Refusal::not_found)?;
    Ok(Answer::json(200, text.clone()).header("cache-control", KEEP.to_owned()))
}

#[cfg(test)]
mod tests;
