//! The routes of the authorization server, by host.

use ponte_edge::{Context, Router};

use crate::paths::{REGISTER, REGISTRATION, REGISTRATION_REPORTED};
use crate::ports::{Ports, PublicPorts};
use crate::{authorize, fault, introspect, jwks, par, register, resume, revoke, token, userinfo, well_known};

/// Media type of OAuth requests (RFC 6749 appendix B).
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
/// Media type of registrations (RFC 7591 section 3.1).
const JSON: Option<&str> = Some("application/json");

/// The operations of the mTLS host.
#[must_use]
pub fn router(context: Context, ports: Ports) -> Router<Ports> {
    Router::new(context, None, ports)
        .refusing(fault::refused)
        .open("POST", "/auth/par", FORM, par::par)
        .reported("/pushed-authorization-request")
        .open("POST", "/auth/token", FORM, token::token)
        .reported("/token")
        .open("GET", "/auth/userinfo", None, userinfo::userinfo)
        .head_as_get()
        .open("POST", "/auth/userinfo", None, userinfo::userinfo)
        .open("POST", "/auth/introspect", FORM, introspect::introspect)
        .reported("/introspection")
        .open("POST", "/auth/revoke", FORM, revoke::revoke)
        .reported("/revocation")
        .open("POST", REGISTER, JSON, register::create)
        .reported("/register")
        .open("GET", REGISTRATION, None, register::read)
        .head_as_get()
        .reported(REGISTRATION_REPORTED)
        .open("PUT", REGISTRATION, JSON, register::replace)
        .reported(REGISTRATION_REPORTED)
        .open("DELETE", REGISTRATION, None, register::remove)
        .reported(REGISTRATION_REPORTED)
}

/// The operations of the public host.
#[must_use]
pub fn public_router(context: Context, ports: PublicPorts) -> Router<PublicPorts> {
    Router::new(context, None, ports)
        .refusing(fault::refused)
        .open("GET", "/.well-known/openid-configuration", None, well_known::openid_configuration)
        .head_as_get()
        .open("GET", "/.well-known/apple-app-site-association", None, well_known::apple)
        .head_as_get()
        .open("GET", "/.well-known/assetlinks.json", None, well_known::android)
        .head_as_get()
        .open("GET", "/auth/jwks", None, jwks::jwks)
        .head_as_get()
        .open("GET", "/auth/authorize", None, authorize::authorize)
        .open("POST", "/auth/authorize", FORM, authorize::authorize_by_form)
        .open("GET", "/auth/resume", None, resume::resume)
}

#[cfg(test)]
mod tests;
