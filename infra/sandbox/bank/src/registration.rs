//! Customers 2.3.0: what people and companies told the bank about themselves, and since when they are its customers.

use serde_json::{Map, Value, json};

use crate::call::{Answered, Call};
use crate::customers::{CompanyProfile, Customer, Home, Party, PersonProfile, Profile};
use crate::dice::Dice;
use crate::institution::{BANK_CNPJ, BANK_NAME, COMPE_CODE};
use crate::ledger::amount;
use crate::refusal::{Refusal, not_found};

/// When the profiles were told.
const UPDATED: &str = "2026-01-15T12:00:00Z";

/// Answers an operation below `/customers/`.
pub(crate) fn answer(operation: &str, call: &Call<'_>) -> Answered {
    Some(match operation {
        "personal/identifications" => person(call).and_then(|who| call.list(&[personal(call.customer, who)])),
        "personal/qualifications" => person(call).map(|who| call.single(&personal_qualification(who))),
        "personal/financial-relations" => {
            person(call).map(|who| call.single(&personal_relation(call.customer, who)))
        }
        "business/identifications" => {
            company(call).and_then(|who| call.list(&[business(call.customer, who)]))
        }
        "business/qualifications" => company(call).map(|who| call.single(&business_qualification(who))),
        "business/financial-relations" => {
            company(call).map(|who| call.single(&business_relation(call.customer, who)))
        }
        _ => return None,
    })
}

fn person(call: &Call<'_>) -> Result<&'static PersonProfile, Refusal> {
    match call.customer.profile {
        Profile::Person(person) => Ok(person),
        Profile::Company(_) => Err(not_found("o cliente do consentimento é uma empresa")),
    }
}

fn company(call: &Call<'_>) -> Result<&'static CompanyProfile, Refusal> {
    match call.customer.profile {
        Profile::Company(company) => Ok(company),
        Profile::Person(_) => Err(not_found("o cliente do consentimento é uma pessoa")),
    }
}

/// An identifier that says nothing about the customer (C56).
fn id(customer: &Customer) -> String {
    Dice::of(&format!("customer|{}|{}", customer.cpf, customer.cnpj.unwrap_or_default())).id()
}

/// The members that have a value.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let there = members.into_iter().filter(|(_, value)| !value.is_null());
    there.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn money(cents: i64) -> Value {
    json!({ "amount": amount(cents), "currency": "BRL" })
}

fn contacts(home: Option<&Home>, email: &str) -> Value {
    let address = |home: &Home| {
        object([
            ("isMain", true.into()),
            ("address", home.street.into()),
            ("additionalInfo", home.additional.into()),
            ("districtName", home.district.into()),
            ("townName", home.town.into()),
            ("ibgeTownCode", home.ibge.into()),
            ("countrySubDivision", home.state.into()),
            ("postCode", home.post_code.into()),
            ("country", "Brasil".into()),
            ("countryCode", "BRA".into()),
            (
                "geographicCoordinates",
                json!({ "latitude": home.coordinates.0, "longitude": home.coordinates.1 }),
            ),
        ])
    };
    let phone = |home: &Home| {
        json!({
            "isMain": true, "type": "OUTRO", "additionalInfo": "Telefone de exemplo", "countryCallingCode": "55",
            "areaCode": home.phone.0, "number": home.phone.1,
        })
    };
    json!({
        "postalAddresses": home.map(address).into_iter().collect::<Vec<_>>(),
        "phones": home.map(phone).into_iter().collect::<Vec<_>>(),
        "emails": [{ "isMain": true, "email": email }],
    })
}

fn personal(customer: &Customer, person: &PersonProfile) -> Value {
    let nationality = person.foreign.map(|(nationality, passport)| {
        json!([{
            "otherNationalitiesInfo": nationality,
            "documents": [{ "type": "PASSAPORTE", "number": passport, "country": "Islândia" }],
        }])
    });
    object([
        ("updateDateTime", UPDATED.into()),
        ("personalId", id(customer).into()),
        ("brandName", BANK_NAME.into()),
        ("civilName", customer.name.into()),
        ("socialName", person.social_name.into()),
        ("birthDate", person.birth.into()),
        ("maritalStatusCode", person.marital.0.into()),
        ("maritalStatusAdditionalInfo", person.marital.1.into()),
        ("sex", person.sex.into()),
        ("companiesCnpj", json!([BANK_CNPJ])),
        ("documents", json!({ "cpfNumber": customer.cpf })),
        (
            "otherDocuments",
            json!([{ "type": "RG", "number": "123456789", "checkDigit": "X", "additionalInfo": "SSP/SP" }]),
        ),
        ("hasBrazilianNationality", person.foreign.is_none().into()),
        ("nationality", nationality.into()),
        ("filiation", person.mother.map(|name| json!([{ "type": "MAE", "civilName": name }])).into()),
        ("contacts", contacts(person.home, person.email)),
    ])
}

fn personal_qualification(person: &PersonProfile) -> Value {
    let employers =
        person.employer.as_ref().map(|one| json!([{ "cnpjCpf": one.document, "name": one.name }]));
    object([
        ("updateDateTime", UPDATED.into()),
        ("companyCnpj", BANK_CNPJ.into()),
        ("occupationCode", person.occupation.0.into()),
        ("occupationDescription", person.occupation.1.into()),
        (
            "informedIncome",
            json!({ "frequency": "MENSAL", "amount": money(person.income), "date": "2026-01-15" }),
        ),
        ("informedPatrimony", json!({ "amount": money(person.patrimony), "year": 2025 })),
        ("employers", employers.into()),
    ])
}

fn personal_relation(customer: &Customer, person: &PersonProfile) -> Value {
    let procurator =
        |(cpf, name): (&str, &str)| json!({ "type": "PROCURADOR", "cpfNumber": cpf, "civilName": name });
    let employer = person.employer.as_ref().filter(|_| person.salary_portability);
    let portability = employer.map(|one| {
        json!([{
            "employerName": one.name,
            "employerCnpjCpf": one.document,
            "paycheckBankDetainerCnpj": "B4NC0F0L000137",
            "paycheckBankDetainerIspb": "B4NC0F0L",
            "portabilityApprovalDate": "2025-08-01",
        }])
    });
    object([
        ("updateDateTime", UPDATED.into()),
        ("startDate", format!("{}T12:00:00Z", person.since).into()),
        ("productsServicesType", products(customer)),
        ("procurators", person.procurator.map(procurator).into_iter().collect()),
        ("accounts", accounts(customer, true)),
        ("portabilitiesReceived", portability.into()),
        (
            "productsServicesTypeAdditionalInfo",
            (!has_products(customer)).then_some("Cadastro sem produtos").into(),
        ),
    ])
}

fn business(customer: &Customer, company: &CompanyProfile) -> Value {
    object([
        ("updateDateTime", UPDATED.into()),
        ("businessId", id(customer).into()),
        ("brandName", BANK_NAME.into()),
        ("companyName", company.company_name.into()),
        ("tradeName", company.trade_name.into()),
        ("incorporationDate", format!("{}T03:00:00Z", company.incorporated).into()),
        ("cnpjNumber", customer.cnpj.into()),
        ("companiesCnpj", json!([BANK_CNPJ])),
        ("parties", company.parties.iter().map(|one| party(one, company)).collect()),
        ("contacts", contacts(Some(company.home), company.email)),
    ])
}

fn party(party: &Party, company: &CompanyProfile) -> Value {
    let natural = party.document.len() == 11;
    let share = |share: u32| format!("{}.{:06}", share / 1_000_000, share % 1_000_000);
    object([
        ("personType", if natural { "PESSOA_NATURAL" } else { "PESSOA_JURIDICA" }.into()),
        ("type", party.role.into()),
        (if natural { "civilName" } else { "companyName" }, party.name.into()),
        ("startDate", format!("{}T03:00:00Z", company.incorporated).into()),
        ("shareholding", party.share.map(share).into()),
        ("documentType", if natural { "CPF" } else { "CNPJ" }.into()),
        ("documentNumber", party.document.into()),
        ("documentCountry", "BRA".into()),
    ])
}

fn business_qualification(company: &CompanyProfile) -> Value {
    let activities = company.activities.iter().enumerate();
    json!({
        "updateDateTime": UPDATED,
        "economicActivities": activities
            .map(|(position, code)| json!({ "code": code, "isMain": position == 0 }))
            .collect::<Vec<_>>(),
        "informedRevenue": { "frequency": "ANUAL", "amount": money(company.revenue), "year": 2025 },
        "informedPatrimony": { "amount": money(company.patrimony), "date": "2025-12-31" },
    })
}

fn business_relation(customer: &Customer, company: &CompanyProfile) -> Value {
    let procurator = |(document, name): &(&str, &str)| json!({ "type": "REPRESENTANTE_LEGAL", "cnpjCpfNumber": document, "civilName": name });
    json!({
        "updateDateTime": UPDATED,
        "startDate": format!("{}T12:00:00Z", company.since),
        "productsServicesType": products(customer),
        "procurators": company.procurators.iter().map(procurator).collect::<Vec<_>>(),
        "accounts": accounts(customer, false),
    })
}

fn has_products(customer: &Customer) -> bool {
    !customer.accounts.is_empty() || !customer.cards.is_empty()
}

/// Kinds of products of the customer, each once; there is always one.
fn products(customer: &Customer) -> Value {
    let mut kinds: Vec<&str> = customer.accounts.iter().map(|account| account.kind).collect();
    kinds.extend(customer.cards.first().map(|_| "CARTAO_CREDITO"));
    if kinds.is_empty() {
        kinds.push("OUTROS");
    }
    kinds.sort_unstable();
    kinds.dedup();
    json!(kinds)
}

fn accounts(customer: &Customer, subtype: bool) -> Value {
    let accounts = customer.accounts.iter().map(|account| {
        object([
            ("compeCode", COMPE_CODE.into()),
            ("branchCode", account.branch.into()),
            ("number", account.number.into()),
            ("checkDigit", account.check_digit.into()),
            ("type", account.kind.into()),
            ("subtype", subtype.then_some(account.subtype).into()),
        ])
    });
    accounts.collect()
}
