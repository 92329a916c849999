//! Kinds of products as the Resources API names them.

use ponte_data_consent::consent::ResourceKind;

/// `type` of a kind of product in the Resources API.
pub(crate) const fn product_type(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Account => "ACCOUNT",
    }
}
