//! The body of an answer, inflated where it is compressed, and read up to a limit.

use ponte_ports::PortError;
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;

use super::gzip::{GzipFault, Inflating};
use crate::failure;

/// The body, or an error if it is above `limit` bytes, compressed or inflated; an announced length is not trusted either
/// way.
pub async fn bounded(what: &'static str, mut response: Response, limit: usize) -> Result<Vec<u8>, PortError> {
    let too_large = || PortError::unusable(what, format!("the answer is above {limit} bytes"));
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(too_large());
    }
    let mut inflating = inflating(what, &response)?;
    let fault = |fault| match fault {
        GzipFault::TooLarge => too_large(),
        GzipFault::Damaged => PortError::unusable(what, "the answer is not the gzip that it says it is"),
    };
    let mut received = 0;
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    while let Some(chunk) = response.chunk().await.map_err(|error| failure::http(what, error))? {
        // Members of gzip may be empty, so that what comes has no end although the body never grows.
        received += chunk.len();
        if received > limit {
            return Err(too_large());
        }
        match &mut inflating {
            Some(inflating) => inflating.push(&chunk, &mut body, limit).map_err(fault)?,
            None => body.extend_from_slice(&chunk),
        }
    }
    inflating.map_or(Ok(()), |inflating| inflating.end()).map_err(fault)?;
    Ok(body)
}

/// What inflates the body, if it is compressed. Of the codings gzip alone was offered (RFC 9110 section 12.5.3).
fn inflating(what: &'static str, response: &Response) -> Result<Option<Inflating>, PortError> {
    let Some(coding) = response.headers().get(CONTENT_ENCODING) else { return Ok(None) };
    let coding = coding.as_bytes().trim_ascii();
    let is = |name: &[u8]| coding.eq_ignore_ascii_case(name);
    if coding.is_empty() || is(b"identity") {
        Ok(None)
    } else if is(b"gzip") || is(b"x-gzip") {
        Ok(Some(Inflating::new()))
    } else {
        Err(PortError::unusable(what, "the answer has a coding that nobody offered"))
    }
}
