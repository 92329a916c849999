//! Checks that several kinds of claims share.

use super::fault::ClaimFault;

/// The value of a required claim.
pub(super) fn required<T>(value: Option<T>, name: &'static str) -> Result<T, ClaimFault> {
    value.ok_or(ClaimFault::Missing(name))
}

/// A required claim with exactly one acceptable value.
pub(super) fn expect(value: Option<&str>, expected: &str, name: &'static str) -> Result<(), ClaimFault> {
    match value {
        None => Err(ClaimFault::Missing(name)),
        Some(value) if value == expected => Ok(()),
        Some(_) => Err(ClaimFault::Mismatch(name)),
    }
}

/// A text of 1 to `max` printable ASCII characters, blanks included: VSCHAR of RFC 6749 appendix A.
pub(super) fn visible(value: &str, max: usize, name: &'static str) -> Result<(), ClaimFault> {
    let fits = (1..=max).contains(&value.len()) && value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if fits { Ok(()) } else { Err(ClaimFault::Malformed(name)) }
}

/// A text of 1 to `max` printable ASCII characters, blanks excepted.
pub(super) fn bounded(value: &str, max: usize, name: &'static str) -> Result<(), ClaimFault> {
    let fits = (1..=max).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(()) } else { Err(ClaimFault::Malformed(name)) }
}
