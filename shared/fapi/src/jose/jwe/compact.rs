//! A received token, split and decoded, whose header was accepted.

use crate::jose::base64url;
use crate::jose::header::Header;

use super::fault::JweFault;
use super::format::{ALG, ENC, IV_BYTES, TAG_BYTES};

/// Longest token accepted, in bytes.
const BYTES_MAX: usize = 65_536;

/// The five parts of a token, decoded, the header already judged.
pub(super) struct CompactJwe<'a> {
    pub(super) header: Header,
    pub(super) protected: &'a str,
    pub(super) wrapped: Vec<u8>,
    pub(super) iv: [u8; IV_BYTES],
    pub(super) content: Vec<u8>,
    pub(super) tag: [u8; TAG_BYTES],
}

impl<'a> CompactJwe<'a> {
    pub(super) fn parse(token: &'a str) -> Result<Self, JweFault> {
        if token.len() > BYTES_MAX {
            return Err(JweFault::TooLarge);
        }
        let mut parts = token.split('.');
        let mut next = || parts.next().ok_or(JweFault::Malformed);
        let [protected, wrapped, iv, content, tag] = [next()?, next()?, next()?, next()?, next()?];
        if parts.next().is_some() {
            return Err(JweFault::Malformed);
        }
        let header = Header::parse(protected).ok_or(JweFault::Malformed)?;
        if header.alg != ALG || header.enc.as_deref() != Some(ENC) {
            return Err(JweFault::Algorithm);
        }
        if let Some(name) = header.forbidden() {
            return Err(JweFault::ForbiddenHeader(name));
        }
        Ok(Self {
            header,
            protected,
            wrapped: decode(wrapped)?,
            iv: decode(iv)?.try_into().map_err(|_| JweFault::Malformed)?,
            content: decode(content)?,
            tag: decode(tag)?.try_into().map_err(|_| JweFault::Malformed)?,
        })
    }
}

fn decode(part: &str) -> Result<Vec<u8>, JweFault> {
    base64url::decode(part).ok_or(JweFault::Malformed)
}
