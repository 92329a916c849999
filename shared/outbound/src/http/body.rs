//! The body of an answer, read up to a limit.

use ponte_ports::PortError;
use reqwest::Response;

use crate::failure;

/// The body, or an error if it is above `limit` bytes; an announced length is not trusted either way.
pub(crate) async fn bounded(
    what: &'static str,
    mut response: Response,
    limit: usize,
) -> Result<Vec<u8>, PortError> {
    let too_large = || PortError::unusable(what, format!("the answer is above {limit} bytes"));
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    while let Some(chunk) = response.chunk().await.map_err(|error| failure::http(what, error))? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
