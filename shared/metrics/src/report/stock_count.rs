//! Counting for the stock: consents by receiver, and every customer once (M50).

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hasher as _};

use ponte_values::{Date, OrganisationId};

use super::stock::{StockFacts, StockRole};

/// The counts so far.
///
/// Of the keyed pseudonym that a customer's consents are found by, 64 bits of a hash are kept: 9 bytes a customer in a
/// table that doubles. Three million customers take 38 MB, and 57 MB while the table grows, of the function's 512 MB;
/// twelve million would take 150 MB and 226 MB. That two of three million customers count as one happens in one of four
/// million counts (`n² / 2⁶⁵`).
#[derive(Debug, Default)]
pub struct StockCount {
    persons: HashSet<u64>,
    companies: HashSet<u64>,
    consents: BTreeMap<String, u64>,
}

impl StockCount {
    /// Counts a consent of a receiver. The customer is the company where there is one: the person then acts for it and
    /// is no customer by that.
    pub fn add(&mut self, receiver: &str, person: &str, company: Option<&str>) {
        match company {
            Some(company) => self.companies.insert(hash(company)),
            None => self.persons.insert(hash(person)),
        };
        match self.consents.get_mut(receiver) {
            Some(count) => *count += 1,
            None => drop(self.consents.insert(receiver.to_owned(), 1)),
        }
    }

    /// How many consents there are in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.consents.values().sum()
    }

    /// The facts of the report of the consents that others have at `organisation`.
    #[must_use]
    pub fn counted(self, date: Date, organisation: OrganisationId) -> StockFacts {
        let number = |customers: HashSet<u64>| u64::try_from(customers.len()).unwrap_or(u64::MAX);
        StockFacts {
            date,
            organisation,
            role: StockRole::Server,
            persons: number(self.persons),
            companies: number(self.companies),
            consents: self.consents,
        }
    }
}

/// The same in one process, which is as long as a count lasts.
fn hash(pseudonym: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(pseudonym.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";

    fn counted(stock_count: StockCount) -> StockFacts {
        stock_count.counted(Date::parse("2026-03-01").unwrap(), OrganisationId::parse(OWN).unwrap())
    }

    #[test]
    fn m50_a_customer_counts_once_and_a_consent_of_a_company_is_the_company_s() {
        let mut stock_count = StockCount::default();
        stock_count.add("receiver-1", "ana", None);
        stock_count.add("receiver-2", "ana", None);
        stock_count.add("receiver-1", "ana", Some("bakery"));
        stock_count.add("receiver-1", "bruno", Some("bakery"));
        stock_count.add("receiver-1", "bruno", Some("ana"));
        assert_eq!(stock_count.total(), 5);
        let counted = counted(stock_count);
        assert_eq!((counted.persons, counted.companies), (1, 2));
        let by_receiver = [("receiver-1".to_owned(), 4), ("receiver-2".to_owned(), 1)];
        assert_eq!(counted.consents, BTreeMap::from(by_receiver));
        assert_eq!(counted.role, StockRole::Server);
    }

    #[test]
    fn m50_nothing_is_counted_too() {
        let counted = counted(StockCount::default());
        assert_eq!((counted.persons, counted.companies, counted.consents.len()), (0, 0, 0));
    }

    #[test]
    fn m50_many_customers_stay_apart() {
        let mut stock_count = StockCount::default();
        for number in 0..200_000 {
            stock_count.add("receiver", &format!("person-{number}"), None);
        }
        assert_eq!(counted(stock_count).persons, 200_000);
    }
}
