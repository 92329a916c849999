//! A call whose body is a signed message that was opened: the argument of a handler says that nothing of it is unproven.

use std::ops::Deref;

use ponte_fapi::claims::VerifiedMessage;
use ponte_refusals::{DataFault, MalformedRequest, Refusal};
use ponte_values::IdempotencyKey;
use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::{canonical, parameters};

/// What a message lacks that has no `data`.
const DATA: &str = "data";

/// A call of `C`, a [`ClientCall`](crate::ClientCall) or a [`CustomerCall`](crate::CustomerCall), with its message.
#[derive(Debug)]
pub struct SignedCall<C> {
    call: C,
    message: VerifiedMessage,
}

impl<C> SignedCall<C> {
    pub(crate) const fn new(call: C, message: VerifiedMessage) -> Self {
        Self { call, message }
    }

    /// The claim `data` as a value. Types carry the rules: what is missing and what is wrong is said by its name (422).
    ///
    /// # Errors
    /// The first member that is not as `T` has it.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, DataFault> {
        let data = self.message.data.as_ref().ok_or_else(|| DataFault::Missing(DATA.to_owned()))?;
        parameters::read_member(DATA, data.get())
    }

    /// SHA-256 of `data` in hexadecimal, whatever the order of its members, its spaces, its escapes and the way its numbers are
    /// written (P42).
    ///
    /// # Errors
    /// No `data`, or one that is too deep or not text.
    pub fn data_hash(&self) -> Result<String, DataFault> {
        let data = self.message.data.as_ref().ok_or_else(|| DataFault::Missing(DATA.to_owned()))?;
        canonical::hash(data).ok_or_else(|| DataFault::Invalid(DATA.to_owned()))
    }
}

impl<C> Deref for SignedCall<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.call
    }
}

impl Call {
    /// `x-idempotency-key`. A row that needs it is not called without a good one: that is 400, so that it consumes no consent (P08,
    /// P40).
    ///
    /// # Errors
    /// No key, or one that the file does not allow.
    pub fn idempotency_key(&self) -> Result<IdempotencyKey, Refusal> {
        const NAME: &str = "x-idempotency-key";
        let key = self.request.header(NAME).and_then(|key| IdempotencyKey::parse(key).ok());
        key.ok_or_else(|| MalformedRequest::Header(NAME).into())
    }

    /// The URL that was called, which a signed message is for (S61): as its path is, and with what its segments must escape escaped,
    /// because a caller may have written either.
    pub(crate) fn endpoint_urls(&self) -> [String; 2] {
        let (base, path) = (&self.context.base_url, &self.request.path);
        [format!("{base}{path}"), format!("{base}{}", escaped(path))]
    }
}

/// A path with every byte of its segments escaped that RFC 3986 reserves.
fn escaped(path: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
