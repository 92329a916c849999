//! The consents a caller may touch: all, those of a customer it names, or only those of the customer it must name.

use ponte_authorization::api_key::ApiScope;
use ponte_authorization::customer_listing::ConsentOwner;
use ponte_authorization::ports::Pseudonyms;
use ponte_data_consent::consent::{Consent, ConsentFault};
use ponte_edge::{Call, MalformedRequest, ManagementFault, ManagerCall, Refusal};
use ponte_values::{Cnpj, ConsentId, Cpf, InteractionId};

use crate::ports::Ports;

/// The customer that a call is limited to, if it names one.
#[derive(Debug)]
pub(super) struct CustomerScope {
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
    pub(super) fn of(ports: &Ports, call: &ManagerCall, unrestricted: ApiScope) -> Result<Self, Refusal> {
        Self::read(ports, call, unrestricted)?.named()
    }

    /// The same for the list, where the query may name the customer too. A query and a header that differ are refused.
    pub(super) fn of_list(
        ports: &Ports,
        call: &ManagerCall,
        unrestricted: ApiScope,
    ) -> Result<Self, Refusal> {
        let mut customer = Self::read(ports, call, unrestricted)?;
        let cpf = call.request.query("cpf").map(|text| document("cpf", Cpf::parse(text))).transpose()?;
        let cnpj = call.request.query("cnpj").map(|text| document("cnpj", Cnpj::parse(text))).transpose()?;
        customer.cpf = one_of(customer.cpf, cpf)?;
        customer.cnpj = one_of(customer.cnpj, cnpj)?;
        customer.named()
    }

    fn read(ports: &Ports, call: &ManagerCall, unrestricted: ApiScope) -> Result<Self, Refusal> {
        // A header that is there and cannot be read must not count as one that is not.
        for name in ["x-brand-id", "x-correlation-id", "x-customer-cpf", "x-customer-cnpj"] {
            if call.request.carries(name) && call.request.header(name).is_none() {
                return Err(MalformedRequest::UnreadableHeader(name).into());
            }
        }
        let brand = call.request.header("x-brand-id");
        if brand.is_some_and(|brand| brand != ports.settings.institution.to_string()) {
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
    pub(super) const fn is_customer(&self) -> bool {
        self.customer_only
    }

    /// Whether the call is for the person with this document, or for the institution itself.
    pub(super) fn may_see(&self, document: &Cpf) -> bool {
        !self.customer_only || self.cpf.as_ref() == Some(document)
    }

    /// Whether the call may touch a consent. A key that serves customers reaches a consent given for a company only if the
    /// call names the company.
    pub(super) fn sees(&self, consent: &Consent) -> bool {
        let person = self.cpf.as_ref().is_none_or(|cpf| *cpf == consent.logged_user);
        let company = match &self.cnpj {
            Some(cnpj) => consent.business.as_ref() == Some(cnpj),
            None => !self.customer_only || consent.business.is_none(),
        };
        person && company
    }

    /// The owner whose index is listed; `None` if the call names no customer. With CPF and CNPJ it is the person, who has
    /// fewer consents than a company. The list is wider than the scope: filter it with [`Self::sees`].
    pub(super) fn owner(&self, pseudonyms: &dyn Pseudonyms) -> Option<ConsentOwner> {
        let person = self.cpf.as_ref().map(|cpf| ConsentOwner::Person(pseudonyms.person_key(cpf)));
        person.or_else(|| self.cnpj.as_ref().map(|cnpj| ConsentOwner::Company(pseudonyms.company_key(cnpj))))
    }

    /// The consent of the path. One that the call may not touch is as unknown as one that does not exist.
    pub(super) async fn consent(&self, ports: &Ports, call: &Call) -> Result<Consent, Refusal> {
        let id = ConsentId::parse(call.request.id("consentId")).map_err(|_| ConsentFault::Unknown)?;
        let consent = ports.consents.find(&id).await?.filter(|consent| self.sees(consent));
        Ok(consent.ok_or(ConsentFault::Unknown)?)
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
