//! App links: the documents that let the institution's app open the links of an interaction in place of a browser.
//!
//! The app takes over the link that begins an interaction, and the one that a phone reads from another screen. The page
//! that shows it (`/auth/handoff/v1`) stays in the browser. On Android these paths are rules for version 15 and later;
//! earlier ones go by the app's own manifest.

use std::collections::BTreeMap;

use ponte_values::{AndroidApp, AppleAppId};
use serde::Serialize;
use serde_json::json;

const HANDLE_URLS: &str = "delegate_permission/common.handle_all_urls";

/// The document for each kind of phone; `None` where the institution has no app for it.
pub(crate) struct AppLinks {
    apple: Option<String>,
    android: Option<String>,
}

/// A pattern of paths; the first one that matches counts.
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

    pub(crate) fn apple(&self) -> Option<&str> {
        self.apple.as_deref()
    }

    pub(crate) fn android(&self) -> Option<&str> {
        self.android.as_deref()
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

#[cfg(test)]
mod tests;
