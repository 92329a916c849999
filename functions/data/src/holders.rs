//! Records about the customer, held to the documents of the consent: an institution that mixes up two customers is not to be passed on.

use ponte_catalog::Holder;
use ponte_data_consent::consent::Consent;
use ponte_records::{Passed, Unreadable};
use ponte_values::{Cnpj, Cpf};
use serde_json::Value;

/// The answer, unless a record in it carries the document of somebody else. What is no document is a finding of the gate.
///
/// # Errors
/// [`Unreadable::OtherCustomer`], and [`Unreadable::Data`] for what is no list of records, since nobody can say whose it is.
pub(crate) fn held(passed: Passed, holder: Holder, consent: &Consent) -> Result<Passed, Unreadable> {
    let records: Vec<Value> = serde_json::from_str(&passed.data).map_err(|_| Unreadable::Data)?;
    let is_own = |document: String| match holder {
        Holder::Person => Cpf::parse(&document).map_or(true, |cpf| cpf == consent.logged_user),
        Holder::Company => Cnpj::parse(&document).map_or(true, |cnpj| Some(cnpj) == consent.business),
    };
    let mut documents = records.iter().filter_map(|record| document(record.pointer(holder.pointer())?));
    if documents.all(is_own) { Ok(passed) } else { Err(Unreadable::OtherCustomer) }
}

/// The letters and digits of a document: a tolerant institution may write dots and dashes between them.
fn document(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    Some(text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect())
}
