//! Regulatory roles and the scopes they open (S85).

/// A role of a software statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Transmits or receives data.
    Dados,
    /// Initiates payments.
    Pagto,
    /// Holds accounts.
    Conta,
    /// Correspondent for credit.
    Ccorr,
}

impl Role {
    /// By its name in the directory; `None` for a role without scopes here.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "DADOS" => Some(Self::Dados),
            "PAGTO" => Some(Self::Pagto),
            "CONTA" => Some(Self::Conta),
            "CCORR" => Some(Self::Ccorr),
            _ => None,
        }
    }

    /// Every scope of the role.
    #[must_use]
    pub fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Dados => &[
                "openid",
                "accounts",
                "credit-cards-accounts",
                "consents",
                "customers",
                "invoice-financings",
                "financings",
                "loans",
                "unarranged-accounts-overdraft",
                "resources",
                "credit-fixed-incomes",
                "exchanges",
                "bank-fixed-incomes",
                "variable-incomes",
                "treasure-titles",
                "funds",
                "credit-portability",
            ],
            Self::Pagto => &["openid", "payments", "recurring-payments", "nrp-consents"],
            Self::Conta | Self::Ccorr => &["openid"],
        }
    }
}

/// Every scope of these roles together, each once.
#[must_use]
pub fn scopes_of(roles: &[Role]) -> Vec<&'static str> {
    let mut scopes = Vec::new();
    for scope in roles.iter().flat_map(|role| role.scopes()) {
        if !scopes.contains(scope) {
            scopes.push(*scope);
        }
    }
    scopes
}
