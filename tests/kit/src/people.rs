//! People and companies of the tests, all invented; their numbers are valid.

/// CPF of Ana.
pub const ANA: &str = "76109277673";
/// CPF of Bruno.
pub const BRUNO: &str = "12345678909";
/// CNPJ of a bakery.
pub const BAKERY: &str = "11222333000181";
