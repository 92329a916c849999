//! The integration layer of the bank: the operations of `docs/integration-layer.md`, a family of them for each API.

use ponte_values::{Moment, ResourceKind};
use ponte_web::Answer;
use serde_json::{Value, json};

use crate::accounts::Accounts;
use crate::call::{Answered, Call};
use crate::cards::Cards;
use crate::contract::{Consent, DataRequest, Document, LegacyId, Party, RequestMeta, Tpp};
use crate::customers::Customer;
use crate::refusal::{Refusal, invalid, not_found};
use crate::statuses::Statuses;
use crate::{credit, exchanges, investments, registration};

/// The families and what they keep.
#[derive(Default)]
pub(crate) struct Layer {
    accounts: Accounts,
    cards: Cards,
    statuses: Statuses,
}

impl Layer {
    /// Answers `path`, an operation below the name of its API.
    pub(crate) fn answer(&self, path: &str, request: &DataRequest, now: Moment) -> Result<Answer, Refusal> {
        self.of_family(path, &Call::new(request, &self.statuses, now)?)
    }

    /// Sets the status of a product by hand, if it is the customer's.
    pub(crate) fn set(
        &self,
        customer: &Customer,
        kind: ResourceKind,
        id: &LegacyId,
        status: &str,
        now: Moment,
    ) -> Result<(), Refusal> {
        let request = about(customer);
        let by_the_books = Statuses::default();
        let discovered = self.of_family(kind.discovery(), &Call::new(&request, &by_the_books, now)?)?;
        let body: Value = serde_json::from_slice(&discovered.body).unwrap_or_default();
        let mut products = body["data"]["resources"].as_array().into_iter().flatten();
        if !products.any(|product| product["resourceLegacyId"] == json!(id)) {
            return Err(not_found("o cliente não tem este produto"));
        }
        if self.statuses.set(kind.as_str(), id, status) {
            Ok(())
        } else {
            Err(invalid("status desconhecido"))
        }
    }

    fn of_family(&self, path: &str, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (api, operation) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
        let answered = self.family(api, operation, call);
        answered.unwrap_or_else(|| Err(not_found("operação desconhecida")))
    }

    fn family(&self, api: &str, operation: &str, call: &Call<'_>) -> Answered {
        match api {
            "accounts" => self.accounts.answer(operation, call),
            "credit-cards-accounts" => self.cards.answer(operation, call),
            "customers" => registration::answer(operation, call),
            "exchanges" => exchanges::answer(operation, call),
            _ => credit::answer(api, operation, call).or_else(|| investments::answer(api, operation, call)),
        }
    }
}

/// What the bank asks itself about a customer.
fn about(customer: &Customer) -> DataRequest {
    let document = |identification: &str, rel: &str| Party {
        document: Document { identification: identification.to_owned(), rel: rel.to_owned() },
    };
    DataRequest {
        request_meta: RequestMeta { correlation_id: String::new(), brand_id: String::new() },
        consent: Consent {
            brand_id: String::new(),
            creation_date_time: String::new(),
            external_id: String::new(),
            tpp: Tpp { name: String::new() },
            logged_user: document(customer.cpf, "CPF"),
            business_entity: customer.cnpj.map(|cnpj| document(cnpj, "CNPJ")),
            permissions: Vec::new(),
            expiration_date_time: None,
            resources: Vec::new(),
        },
        resource_legacy_id: None,
        page: None,
        page_size: None,
        more: serde_json::Map::new(),
    }
}
