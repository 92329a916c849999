//! Distinguished names: of a certificate, or written down in any of their spellings (S84, S98).
//!
//! One name has many texts: short and long attribute names, object identifiers, hexadecimal values. They are compared
//! by `distinguishedNameMatch` (RFC 4517 section 4.2.15): same RDNs in the same order, each with the same attributes,
//! and values that are equal once case and insignificant blanks are gone.

mod attribute;
mod fault;
mod name;
mod rdn;
mod text;
mod value;

#[cfg(test)]
mod tests;

pub use fault::DnFault;
pub use name::DistinguishedName;
