//! The bank itself, as its records name it.

/// CNPJ of the bank itself.
pub const BANK_CNPJ: &str = "11444777000161";
/// Name of the bank's brand.
pub const BANK_NAME: &str = "Banco Ponte de Exemplo";
/// COMPE code of the bank, not assigned to anybody.
pub const COMPE_CODE: &str = "999";
