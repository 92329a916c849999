//! Answers of the integration layer: parsed once, records left as they came.

use ponte_authorization::approval::Approver;
use ponte_authorization::interaction::Assurance;
use ponte_authorization::ports::Customer;
use ponte_data_consent::account_holder::AccountHolderAnswer;
use ponte_data_consent::consent::ResourceStatus;
use ponte_data_consent::ports::{Balance, DiscoveredProduct, ListedResource};
use ponte_ports::LegacyId;
use ponte_ports::PortError;
use ponte_values::{Cnpj, Cpf, Moment, PersonName};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::failure;

/// Name of the layer in errors.
pub(super) const WHAT: &str = "integration layer";

/// Longest balance that is shown, in characters.
const LONGEST_AMOUNT: usize = 20;
/// Longest key of a product that is stored by discovery, in bytes: 80 of them and more fit into one transaction.
const LONGEST_KEY: usize = 2_000;
/// Most products of one kind that a discovery lists, each of which is stored.
const MOST_PRODUCTS: usize = 10_000;

#[derive(Deserialize)]
struct Identified {
    data: Person,
}

#[derive(Deserialize)]
struct Person {
    cpf: Cpf,
    cnpj: Option<Cnpj>,
    /// How strongly the person was authenticated; one factor, if the layer does not say (S15).
    acr: Option<String>,
}

#[derive(Deserialize)]
struct Discovery {
    data: Products,
}

#[derive(Deserialize)]
struct Products {
    resources: Vec<Product>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Product {
    resource_legacy_id: Box<RawValue>,
    resource_name: Box<RawValue>,
    /// The people who must agree.
    #[serde(default)]
    authorizers: Vec<Authorizer>,
    /// Shown to the customer; one that cannot be shown is left out.
    resource_balance_currency: Option<Box<RawValue>>,
    resource_balance_amount: Option<Box<RawValue>>,
    default_selected: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Listing {
    data: Listed,
}

#[derive(Deserialize)]
struct Listed {
    resources: Vec<Unchosen>,
}

/// A product that no customer chooses. Who else has to agree to it is between the institution and them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unchosen {
    resource_legacy_id: Box<RawValue>,
    status: ResourceStatus,
    valid_until: Moment,
}

/// Somebody who must agree, as the institution names them.
#[derive(Deserialize)]
pub(crate) struct Authorizer {
    cpf: Cpf,
    /// Shown to people; one that cannot be shown is left out.
    name: Option<String>,
}

impl From<Authorizer> for Approver {
    fn from(person: Authorizer) -> Self {
        Self::new(person.cpf, person.name.and_then(|name| PersonName::parse(&name).ok()))
    }
}

#[derive(Deserialize)]
struct Checked {
    data: AccountHolderAnswer,
}

#[derive(Deserialize)]
struct Errors {
    errors: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    code: String,
}

/// The customer to whom the channel's token belongs.
pub(super) fn customer(body: &[u8]) -> Result<Customer, PortError> {
    let Identified { data } = parse(body)?;
    let unknown = || PortError::new(WHAT, "an acr that the profile does not know");
    let assurance = match &data.acr {
        None => Assurance::default(),
        Some(acr) => Assurance::of_acr(acr).ok_or_else(unknown)?,
    };
    Ok(Customer { cpf: data.cpf, cnpj: data.cnpj, assurance })
}

/// The products a customer may share.
pub(super) fn discovered(body: &[u8]) -> Result<Vec<DiscoveredProduct>, PortError> {
    let Discovery { data } = parse(body)?;
    let product = |product: Product| {
        if !product.resource_name.get().starts_with('[') {
            return Err(PortError::new(WHAT, "a name that is not a list of pairs"));
        }
        Ok(DiscoveredProduct {
            legacy_id: LegacyId::parse(&product.resource_legacy_id)
                .map_err(|error| failure::json(WHAT, &error))?,
            name: product.resource_name,
            approvers: product.authorizers.into_iter().map(Approver::from).collect(),
            balance: balance(
                shown(product.resource_balance_currency),
                shown(product.resource_balance_amount),
            ),
            default_selected: shown(product.default_selected),
        })
    };
    data.resources.into_iter().map(product).collect()
}

/// What is only shown to the customer; of another type it is left out, for nobody's decision depends on it.
fn shown<T: for<'de> Deserialize<'de>>(value: Option<Box<RawValue>>) -> Option<T> {
    serde_json::from_str(value?.get()).ok()
}

/// A balance that a person can be shown: three letters and a decimal number.
fn balance(currency: Option<String>, amount: Option<String>) -> Option<Balance> {
    let (currency, amount) = currency.zip(amount)?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, cents) = amount.strip_prefix('-').unwrap_or(&amount).split_once('.')?;
    let fits = amount.len() <= LONGEST_AMOUNT && digits(whole) && digits(cents);
    let named = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    (fits && named).then_some(Balance { currency, amount })
}

/// The products of a kind that no customer chooses.
pub(super) fn listed(body: &[u8]) -> Result<Vec<ListedResource>, PortError> {
    let Listing { data } = parse(body)?;
    if data.resources.len() > MOST_PRODUCTS {
        return Err(PortError::new(WHAT, "more products of a kind than a discovery may list"));
    }
    let resource = |resource: Unchosen| {
        let legacy_id = LegacyId::parse(&resource.resource_legacy_id);
        let legacy_id = legacy_id.map_err(|error| failure::json(WHAT, &error))?;
        if legacy_id.as_str().len() > LONGEST_KEY {
            return Err(PortError::new(WHAT, "a key of a product that is too long"));
        }
        Ok(ListedResource { legacy_id, status: resource.status, valid_until: resource.valid_until })
    };
    data.resources.into_iter().map(resource).collect()
}

/// Whether the customer has an account at the institution, and why not (M38).
pub(super) fn account_holder(body: &[u8]) -> Result<AccountHolderAnswer, PortError> {
    parse(body).map(|Checked { data }| data)
}

/// The code of a refusal, if the body has one.
pub(super) fn refusal(body: &[u8]) -> Option<String> {
    let Errors { errors } = serde_json::from_slice(body).ok()?;
    errors.into_iter().next().map(|fault| fault.code)
}

fn parse<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, PortError> {
    // Decoding alone would let texts that nobody reads be anything.
    let text = std::str::from_utf8(body).map_err(|_| PortError::new(WHAT, "not UTF-8"))?;
    serde_json::from_str(text).map_err(|error| failure::json(WHAT, &error))
}
