//! The JWT in which the institution's back end names a customer it authenticated, for the command loop of its app.

use ponte_values::{Cnpj, Cpf};
use serde::Deserialize;

use super::acr::Acr;
use super::check::{bounded, expect, required};
use super::fault::ClaimFault;
use super::time::{NumericDate, VerificationTime};

/// Furthest `exp` accepted, in seconds ahead.
const EXP_AHEAD_MAX: u64 = 3_600;
/// Oldest `iat` accepted, in seconds: a session lasts no longer.
const AGE_MAX: u64 = 600;
/// Longest `acr` read, in characters.
const ACR_MAX: usize = 100;

/// The claims as they arrive; [`CustomerAuthentication::check`] validates them. No `Debug`: they name a person.
#[derive(Deserialize)]
pub struct CustomerAuthentication {
    #[serde(default)]
    iat: Option<NumericDate>,
    #[serde(default)]
    exp: Option<NumericDate>,
    #[serde(default)]
    jti: Option<String>,
    #[serde(default)]
    cpf: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    cnpj: Option<String>,
    #[serde(default)]
    acr: Option<String>,
}

/// An authenticated customer and the level of authentication. The name is required of the back end and not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatedCustomer {
    /// The person.
    pub cpf: Cpf,
    /// The company the person acts for, if any.
    pub cnpj: Option<Cnpj>,
    /// Level of authentication; one factor if the claim is absent.
    pub acr: Acr,
}

impl CustomerAuthentication {
    /// Validates the claims for the command that asked under this `jti`.
    ///
    /// # Errors
    /// The first claim that does not hold.
    pub fn check(self, jti: &str, time: VerificationTime) -> Result<AuthenticatedCustomer, ClaimFault> {
        expect(self.jti.as_deref(), jti, "jti")?;
        let (iat, exp) = (required(self.iat, "iat")?, required(self.exp, "exp")?);
        if time.expired(exp) {
            return Err(ClaimFault::Expired);
        }
        if time.ahead(iat) {
            return Err(ClaimFault::NotYetValid);
        }
        let too_far = exp.seconds() > time.now.saturating_add(EXP_AHEAD_MAX).saturating_add(time.skew);
        if too_far || time.older_than(iat, AGE_MAX) {
            return Err(ClaimFault::Lifetime);
        }
        if required(self.name, "name")?.trim().is_empty() {
            return Err(ClaimFault::Malformed("name"));
        }
        let cpf = Cpf::parse(&required(self.cpf, "cpf")?).map_err(|_| ClaimFault::Malformed("cpf"))?;
        let cnpj = self.cnpj.as_deref().map(Cnpj::parse).transpose();
        let acr = match self.acr {
            None => Acr::Loa2,
            Some(acr) => {
                bounded(&acr, ACR_MAX, "acr")?;
                Acr::parse(&acr).ok_or(ClaimFault::Unsupported("acr"))?
            }
        };
        Ok(AuthenticatedCustomer { cpf, cnpj: cnpj.map_err(|_| ClaimFault::Malformed("cnpj"))?, acr })
    }
}
