//! Who is there, and what was found of them so far.

use std::collections::BTreeMap;

use ponte_catalog::{ALL, Row};
use ponte_values::ResourceKind;
use serde_json::Value;

use crate::customers::Customer;
use crate::layer::Layer;
use crate::operations;
use crate::requests::{Question, Requests};

/// Products of one customer that an endpoint is asked about, and further ids of one product.
const PRODUCTS: usize = 5;
const IDS: usize = 2;

/// Who is there, and what was found of them so far.
pub(crate) struct Scene {
    pub(crate) layer: Layer,
    pub(crate) requests: Requests,
    pub(crate) customers: Vec<Customer>,
    /// Keys of products by place of the customer and name of the API.
    pub(crate) products: BTreeMap<(usize, &'static str), Vec<Value>>,
    /// Ids that answers gave out.
    pub(crate) ids: Vec<FoundId>,
}

/// An id that the layer gave out in a record, which later calls name.
pub(crate) struct FoundId {
    customer: usize,
    api: &'static str,
    product: Option<Value>,
    name: &'static str,
    id: String,
    /// Whether all records of its list were read.
    whole: bool,
}

impl Scene {
    /// What an endpoint is asked about: every customer whom it may be about, and each of some products.
    pub(crate) fn questions(&self, row: &'static Row) -> Vec<Question<'_>> {
        let mut questions = Vec::new();
        for (at, customer) in self.customers.iter().enumerate() {
            let shared = self.products_of(at, row.api.name);
            let of_products = ResourceKind::of_api(row.api.name).is_some();
            if !operations::is_for(row, customer.is_company()) || of_products && shared.is_empty() {
                continue;
            }
            let (ids, filters) = (Vec::new(), Vec::new());
            let plain = Question { row, customer, shared, product: None, ids, filters, page: None };
            if row.ids.is_empty() {
                let products = shared.iter().take(PRODUCTS).filter(|_| row.product.is_some());
                let of_product = products.map(|id| Question { product: Some(id.clone()), ..plain.clone() });
                questions.extend(of_product);
                questions.extend(row.product.is_none().then_some(plain));
            } else {
                let mut of_product = BTreeMap::<String, usize>::new();
                for found in self.ids.iter().filter(|found| found.customer == at && found.is_for(row)) {
                    let asked = of_product.entry(format!("{:?}", found.product)).or_default();
                    *asked += 1;
                    if *asked <= IDS {
                        let product = found.product.clone().filter(|_| row.product.is_some());
                        let ids = vec![(found.name, found.id.clone())];
                        questions.push(Question { product, ids, ..plain.clone() });
                    }
                }
            }
        }
        questions
    }

    fn products_of(&self, customer: usize, api: &'static str) -> &[Value] {
        self.products.get(&(customer, api)).map_or(&[], Vec::as_slice)
    }

    /// Another customer, the products of the API that the consent of that one shares, and one that is not the first one's.
    pub(crate) fn another(
        &self,
        customer: &Customer,
        api: &'static str,
    ) -> Option<(&Customer, &[Value], Value)> {
        let own = self.customers.iter().position(|known| known == customer)?;
        let own = self.products_of(own, api);
        self.customers.iter().enumerate().find_map(|(at, other)| {
            let shared = self.products_of(at, api);
            let theirs = shared.iter().find(|id| !own.contains(id)).filter(|_| other != customer)?;
            Some((other, shared, theirs.clone()))
        })
    }

    /// Products of the customer of a question that gave out ids like those it names, all of them read and none of them one of these.
    pub(crate) fn products_without(&self, question: &Question<'_>) -> Vec<Value> {
        let customer = self.customers.iter().position(|known| known == question.customer);
        let mut products = BTreeMap::<String, (&Value, bool)>::new();
        for found in
            self.ids.iter().filter(|found| Some(found.customer) == customer && found.is_for(question.row))
        {
            let Some(product) = &found.product else { continue };
            let named = question.ids.iter().any(|(name, id)| *name == found.name && *id == found.id);
            let without = &mut products.entry(product.to_string()).or_insert((product, true)).1;
            *without &= found.whole && !named;
        }
        products.into_values().filter(|(_, without)| *without).map(|(product, _)| product.clone()).collect()
    }

    /// The ids in the records of a list that paths of its API name; whether these are `whole`, all records of the list.
    pub(crate) fn ids_in(&self, question: &Question<'_>, records: &[Value], whole: bool) -> Vec<FoundId> {
        let api = question.row.api.name;
        let Some(customer) = self.customers.iter().position(|known| known == question.customer) else {
            return Vec::new();
        };
        let rows = ALL.iter().flat_map(|rows| rows.iter()).filter(|row| row.api.name == api);
        let in_records = |name: &'static str| {
            let texts = records.iter().filter_map(move |record| record[name].as_str());
            texts.map(move |id| (name, id.to_owned()))
        };
        let found = rows.flat_map(|row| row.ids.iter().copied()).flat_map(in_records);
        let product = &question.product;
        found.map(|(name, id)| FoundId { customer, api, product: product.clone(), name, id, whole }).collect()
    }
}

impl FoundId {
    fn is_for(&self, row: &Row) -> bool {
        self.api == row.api.name && row.ids.contains(&self.name)
    }
}
