//! Recipe of a floor: the RSA operations and calls that an operation cannot avoid, handed from the bench as a JSON file.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Variable with the path of the recipe.
pub(crate) const RECIPE: &str = "FLOOR_RECIPE";

/// The work of one call, in this order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Recipe {
    /// PKCS#8 PEM that signatures are made and verified with.
    pub(crate) key: String,
    /// RSA operations.
    pub(crate) rsa: RsaWork,
    /// Calls to others, as the operation was seen to make them.
    pub(crate) calls: Vec<Call>,
    /// The operation's own answer, so that the runtime carries as many bytes.
    pub(crate) answer: Value,
}

/// RSA operations of one call.
#[derive(Clone, Copy, Default, Debug, Serialize, Deserialize)]
pub(crate) struct RsaWork {
    /// PS256 verifications: access token, client assertion, request object.
    pub(crate) verifies: u32,
    /// PS256 signatures.
    pub(crate) signs: u32,
    /// RSA-OAEP decryptions of a content key.
    pub(crate) decrypts: u32,
}

/// One call to another system.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) enum Call {
    /// To AWS, through the SDK.
    Aws {
        /// `X-Amz-Target`.
        target: String,
        /// Body of the request.
        body: Value,
    },
    /// `POST` to the integration layer.
    Institution {
        /// URL of the operation.
        url: String,
        /// Body of the request.
        body: String,
    },
}
