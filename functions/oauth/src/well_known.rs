//! The documents under `/.well-known`: server metadata for clients, app links for phones. All are written in INIT.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use crate::ports::Ports;

/// How long phones and the caches of their makers may keep app links.
const APP_LINKS_KEPT: &str = "public, max-age=3600";

/// `GET /.well-known/openid-configuration`.
pub(crate) async fn openid_configuration(ports: Arc<Ports>, _: OpenCall) -> Result<Answer, Refusal> {
    Ok(Answer::json(200, ports.server.discovery().to_owned()))
}

/// `GET /.well-known/apple-app-site-association`, for iOS.
pub(crate) async fn apple(ports: Arc<Ports>, _: OpenCall) -> Result<Answer, Refusal> {
    app_links(ports.server.app_links().apple())
}

/// `GET /.well-known/assetlinks.json`, for Android.
pub(crate) async fn android(ports: Arc<Ports>, _: OpenCall) -> Result<Answer, Refusal> {
    app_links(ports.server.app_links().android())
}

fn app_links(document: Option<&str>) -> Result<Answer, Refusal> {
    let document = document.ok_or_else(Refusal::not_found)?;
    Ok(Answer::json(200, document.to_owned()).header("cache-control", APP_LINKS_KEPT.to_owned()))
}
