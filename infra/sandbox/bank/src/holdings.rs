//! Who holds how many products of the kinds that customers do not choose one by one: contracts, investments, exchanges.
//! A product is nothing but its kind, its holder and its number; everything about it follows from these.

use serde_json::{Value, json};

use crate::call::{Call, Found};
use crate::contract::{LegacyId, legacy_id};
use crate::customers::Customer;
use crate::institution::{BANK_CNPJ, BANK_NAME};
use crate::refusal::Refusal;

/// A kind of product.
pub(crate) struct Family {
    /// Name of its API, and of its operations.
    pub(crate) api: &'static str,
    /// `type` of the Resources API.
    pub(crate) kind: &'static str,
    /// Key of its identifiers.
    pub(crate) key: &'static str,
    /// First part of its identifiers.
    pub(crate) prefix: &'static str,
    /// How many an ordinary holder has.
    pub(crate) few: i64,
    /// How many the holder of many has.
    pub(crate) many: i64,
    /// Number of the one that is not to be had any more, of every holder.
    pub(crate) unavailable: Option<i64>,
}

/// A customer with products.
pub(crate) struct Holder {
    /// CPF, or CNPJ of a company.
    pub(crate) document: &'static str,
    /// Middle part of the identifiers of the products.
    pub(crate) code: &'static str,
    /// Whether the products are many.
    many: bool,
}

/// Customers who are not here have no such products.
static HOLDERS: &[Holder] = &[
    Holder { document: "76109277673", code: "ANA", many: false },
    Holder { document: "11222333000181", code: "PAD", many: false },
    Holder { document: "EX3MPL0A000190", code: "EST", many: false },
    Holder { document: "44455566619", code: "MIL", many: true },
];

/// Number of the product that the holder of many cannot use for the time being, of every kind.
const ON_HOLD: i64 = 3;

/// A product of a customer.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    pub(crate) family: &'static Family,
    pub(crate) holder: &'static Holder,
    /// From 1.
    pub(crate) number: i64,
}

impl Family {
    /// The products of a customer.
    pub(crate) fn of(&'static self, customer: &Customer) -> Vec<Held> {
        let document = customer.cnpj.unwrap_or(customer.cpf);
        let holder = HOLDERS.iter().find(|holder| holder.document == document);
        let of = |holder: &'static Holder| {
            let count = if holder.many { self.many } else { self.few };
            (1..=count).map(move |number| Held { family: self, holder, number })
        };
        holder.into_iter().flat_map(of).collect()
    }

    /// The product that a call is about.
    pub(crate) fn asked(&'static self, call: &Call<'_>) -> Result<Held, Refusal> {
        call.product(|customer| self.of(customer), Held::id)
    }

    /// The products of this kind that the consent of a call shares.
    pub(crate) fn shared(&'static self, call: &Call<'_>) -> Result<Vec<Held>, Refusal> {
        call.shared(self.kind, |customer| self.of(customer), Held::id)
    }

    /// What a customer has of this kind, for the discovery.
    pub(crate) fn found(&'static self, customer: &Customer) -> impl Iterator<Item = Found> {
        self.of(customer).into_iter().map(|held| Found { id: held.id(), status: held.status() })
    }
}

impl Held {
    /// The bank's own identifier, as one text.
    pub(crate) fn text(&self) -> String {
        format!("{}-{}-{:04}", self.family.prefix, self.holder.code, self.number)
    }

    /// The bank's own identifier, as the contract carries it.
    pub(crate) fn id(&self) -> LegacyId {
        legacy_id(self.family.key, self.text())
    }

    /// Which of these this product is made of; they repeat where there are more products than that.
    pub(crate) fn made_of<T>(&self, these: &'static [T]) -> &'static T {
        let position = usize::try_from(self.number - 1).unwrap_or(0);
        &these[position % these.len()]
    }

    /// What begins every record in a list of products.
    pub(crate) fn listed(&self) -> Value {
        json!({ "resourceLegacyId": self.id(), "brandName": BANK_NAME, "companyCnpj": BANK_CNPJ })
    }

    fn status(&self) -> &'static str {
        if self.family.unavailable == Some(self.number) {
            "UNAVAILABLE"
        } else if self.holder.many && self.number == ON_HOLD {
            "TEMPORARILY_UNAVAILABLE"
        } else {
            "AVAILABLE"
        }
    }
}

impl Holder {
    pub(crate) fn is_company(&self) -> bool {
        self.document.len() == 14
    }
}
