//! The customer that a call of the management API is limited to: none, one that it names, or the one that it must name.

use ponte_authorization::api_key::ApiScope;
use ponte_authorization::customer_listing::ConsentOwner;
use ponte_authorization::ports::Pseudonyms;
use ponte_refusals::{MalformedRequest, ManagementFault, Refusal};
use ponte_values::{Cnpj, Cpf, InstitutionId, InteractionId};

use crate::call::ManagerCall;

/// The customer that a call is limited to, if it names one.
#[derive(Debug)]
pub struct CustomerScope {
    cpf: Option<Cpf>,
    cnpj: Option<Cnpj>,
    /// Whether the key serves customers: it reaches what the named customer may see, and no other person's document.
    customer_only: bool,
}

impl CustomerScope {
    /// Reads the headers of a call. `unrestricted` is the API scope whose keys need not name a customer here.
    ///
    /// # Errors
    /// A header that is unreadable or invalid, another brand, or a customer that is not named.
    pub fn of(
        call: &ManagerCall,
        institution: &InstitutionId,
        unrestricted: ApiScope,
    ) -> Result<Self, Refusal> {
        Self::read(call, institution, unrestricted)?.named()
    }

    /// The same for a list, where the query may name the customer too. A query and a header that differ are refused.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn of_list(
        call: &ManagerCall,
        institution: &InstitutionId,
        unrestricted: ApiScope,
    ) -> Result<Self, Refusal> {
        let mut customer = Self::read(call, institution, unrestricted)?;
        let cpf = call.request.query("cpf").map(|text| document("cpf", Cpf::parse(text))).transpose()?;
        let cnpj = call.request.query("cnpj").map(|text| document("cnpj", Cnpj::parse(text))).transpose()?;
        customer.cpf = one_of(customer.cpf, cpf)?;
        customer.cnpj = one_of(customer.cnpj, cnpj)?;
        customer.named()
    }

    fn read(
        call: &ManagerCall,
        institution: &InstitutionId,
        unrestricted: ApiScope,
    ) -> Result<Self, Refusal> {
        // A header that is there and cannot be read must not count as one that is not.
        for name in ["x-brand-id", "x-correlation-id", "x-customer-cpf", "x-customer-cnpj"] {
            if call.request.carries(name) && call.request.header(name).is_none() {
                return Err(MalformedRequest::UnreadableHeader(name).into());
            }
        }
        let brand = call.request.header("x-brand-id");
        if brand.is_some_and(|brand| brand != institution.to_string()) {
            return Err(ManagementFault::OtherBrand.into());
        }
        if let Some(text) = call.request.header("x-correlation-id") {
            InteractionId::parse(text).map_err(|_| MalformedRequest::CorrelationId)?;
        }
        let header = |name| call.request.header(name);
        let (cpf, cnpj) = (header("x-customer-cpf"), header("x-customer-cnpj"));
        Ok(Self {
            cpf: cpf.map(|text| document("x-customer-cpf", Cpf::parse(text))).transpose()?,
            cnpj: cnpj.map(|text| document("x-customer-cnpj", Cnpj::parse(text))).transpose()?,
            customer_only: !call.manager.scopes.contains(&unrestricted),
        })
    }

    /// Refuses a key for customers that names none.
    fn named(self) -> Result<Self, Refusal> {
        if self.customer_only && self.cpf.is_none() {
            return Err(ManagementFault::CustomerNotNamed.into());
        }
        Ok(self)
    }

    /// Whether the key serves customers only. Then the answer hides documents of other people, and acts of the institution are
    /// refused.
    #[must_use]
    pub const fn is_customer(&self) -> bool {
        self.customer_only
    }

    /// Whether the call is for the person with this document, or for the institution itself.
    #[must_use]
    pub fn may_see(&self, document: &Cpf) -> bool {
        !self.customer_only || self.cpf.as_ref() == Some(document)
    }

    /// Whether the call may touch what this person gave, for a company where there is one. A key that serves customers reaches what was
    /// given for a company only if the call names the company.
    #[must_use]
    pub fn sees(&self, person: &Cpf, company: Option<&Cnpj>) -> bool {
        let own = self.cpf.as_ref().is_none_or(|cpf| cpf == person);
        let of_company = match &self.cnpj {
            Some(cnpj) => company == Some(cnpj),
            None => !self.customer_only || company.is_none(),
        };
        own && of_company
    }

    /// The owner whose index is listed; `None` if the call names no customer. With CPF and CNPJ it is the person, who has
    /// fewer consents than a company. The list is wider than the scope: filter it with [`Self::sees`].
    #[must_use]
    pub fn owner(&self, pseudonyms: &dyn Pseudonyms) -> Option<ConsentOwner> {
        let person = self.cpf.as_ref().map(|cpf| ConsentOwner::Person(pseudonyms.person_key(cpf)));
        person.or_else(|| self.cnpj.as_ref().map(|cnpj| ConsentOwner::Company(pseudonyms.company_key(cnpj))))
    }
}

fn document<T, E>(name: &'static str, parsed: Result<T, E>) -> Result<T, MalformedRequest> {
    parsed.map_err(|_| MalformedRequest::Invalid(name))
}

/// The document that header and query agree on.
fn one_of<T: PartialEq>(header: Option<T>, query: Option<T>) -> Result<Option<T>, MalformedRequest> {
    match (header, query) {
        (Some(header), Some(query)) if header != query => Err(MalformedRequest::OtherCustomer),
        (header, query) => Ok(header.or(query)),
    }
}
