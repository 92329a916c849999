//! The documents under `/.well-known`: server metadata for clients, app links for phones. All are written in INIT.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use crate::ports::PublicPorts;

/// How long these documents may be kept, by clients, phones and the caches of their makers. Only a deployment changes them, and
/// addresses that moved must answer as long at their old place.
const KEPT: &str = "public, max-age=3600";

/// `GET /.well-known/openid-configuration`.
pub(crate) async fn openid_configuration(ports: Arc<PublicPorts>, _: OpenCall) -> Result<Answer, Refusal> {
    Ok(kept(ports.site.discovery()))
}

/// `GET /.well-known/apple-app-site-association`, for iOS.
pub(crate) async fn apple(ports: Arc<PublicPorts>, _: OpenCall) -> Result<Answer, Refusal> {
    app_links(ports.site.app_links().apple())
}

/// `GET /.well-known/assetlinks.json`, for Android.
pub(crate) async fn android(ports: Arc<PublicPorts>, _: OpenCall) -> Result<Answer, Refusal> {
    app_links(ports.site.app_links().android())
}

fn app_links(document: Option<&str>) -> Result<Answer, Refusal> {
    let document = document.ok_or_else(Refusal::not_found)?;
    Ok(kept(document))
}

fn kept(document: &str) -> Answer {
    Answer::json(200, document.to_owned()).header("cache-control", KEPT.to_owned())
}
