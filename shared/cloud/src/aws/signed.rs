//! Signature Version 4 of calls whose SDK is not here: one call does not pay for the build, and the start, of another one.

use std::error::Error;
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use ponte_values::Moment;

/// A `POST` that is to be signed.
#[derive(Clone, Copy)]
pub struct Post<'a> {
    /// Name of the service in the signature: `lambda`.
    pub service: &'a str,
    /// Its region.
    pub region: &'a str,
    /// Absolute URL.
    pub url: &'a str,
    /// Headers that the signature covers, besides `host` and its own.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: &'a [u8],
}

impl Post<'_> {
    /// The headers that the call needs besides its own, names in lower case: date, token and signature of this moment.
    pub fn signed(
        self,
        credentials: Credentials,
        now: Moment,
    ) -> Result<Vec<(String, String)>, Box<dyn Error + Send + Sync>> {
        let identity = credentials.into();
        let millis = u64::try_from(now.millis()).unwrap_or_default();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(UNIX_EPOCH + Duration::from_millis(millis))
            .settings(SigningSettings::default())
            .build()?
            .into();
        let body = SignableBody::Bytes(self.body);
        let signable = SignableRequest::new("POST", self.url, self.headers.iter().copied(), body)?;
        let (instructions, _) = sign(signable, &params)?.into_parts();
        let headers = instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(headers.collect())
    }
}
