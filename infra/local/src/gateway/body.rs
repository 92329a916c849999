//! The body of a request, up to the gateway's limit.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;

/// Largest request body: 10 MB.
const LIMIT: usize = 10 * 1024 * 1024;
/// How much of a body that is too large is still read: a caller in the middle of sending would not see the answer.
const PATIENCE: usize = 10 * LIMIT;

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyError {
    /// More than the limit.
    TooLarge,
    /// The caller went away or sent nonsense.
    Broken,
}

/// Reads all of it.
pub(super) async fn read(mut body: Incoming) -> Result<Bytes, BodyError> {
    let mut kept = BytesMut::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= LIMIT {
            kept.extend_from_slice(&data);
        } else if length > PATIENCE {
            break;
        }
    }
    if length > LIMIT { Err(BodyError::TooLarge) } else { Ok(kept.freeze()) }
}
