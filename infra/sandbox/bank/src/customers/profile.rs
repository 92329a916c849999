//! What customers told the bank about themselves, as data.

/// A person's or a company's.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    Person(&'static PersonProfile),
    Company(&'static CompanyProfile),
}

/// A person.
pub(crate) struct PersonProfile {
    pub(crate) social_name: Option<&'static str>,
    pub(crate) birth: &'static str,
    /// Marital status, and what it is if `OUTRO`.
    pub(crate) marital: (&'static str, Option<&'static str>),
    pub(crate) sex: &'static str,
    /// Nationality where it is not Brazilian (alone), and number of that passport.
    pub(crate) foreign: Option<(&'static str, &'static str)>,
    pub(crate) mother: Option<&'static str>,
    pub(crate) home: Option<&'static Home>,
    pub(crate) email: &'static str,
    /// Scheme of the occupation and its code or name in it.
    pub(crate) occupation: (&'static str, &'static str),
    /// Cents a month.
    pub(crate) income: i64,
    /// Cents.
    pub(crate) patrimony: i64,
    pub(crate) employer: Option<Employer>,
    /// Whether the employer pays at another bank and the salary comes here (portability).
    pub(crate) salary_portability: bool,
    /// CPF and name of who acts for this person.
    pub(crate) procurator: Option<(&'static str, &'static str)>,
    /// Customer since, `YYYY-MM-DD`.
    pub(crate) since: &'static str,
}

/// Who pays a salary.
pub(crate) struct Employer {
    pub(crate) document: &'static str,
    pub(crate) name: &'static str,
}

/// Where somebody lives or works.
pub(crate) struct Home {
    pub(crate) street: &'static str,
    pub(crate) additional: Option<&'static str>,
    pub(crate) district: &'static str,
    pub(crate) town: &'static str,
    pub(crate) ibge: &'static str,
    pub(crate) state: &'static str,
    pub(crate) post_code: &'static str,
    /// Latitude and longitude.
    pub(crate) coordinates: (&'static str, &'static str),
    /// Area code and number of the phone there.
    pub(crate) phone: (&'static str, &'static str),
}

/// A company.
pub(crate) struct CompanyProfile {
    pub(crate) company_name: &'static str,
    pub(crate) trade_name: Option<&'static str>,
    pub(crate) incorporated: &'static str,
    pub(crate) parties: &'static [Party],
    pub(crate) home: &'static Home,
    pub(crate) email: &'static str,
    /// CNAE codes, the main one first.
    pub(crate) activities: &'static [&'static str],
    /// Cents a year.
    pub(crate) revenue: i64,
    /// Cents, below zero for debts.
    pub(crate) patrimony: i64,
    /// Document and name of those who act for the company.
    pub(crate) procurators: &'static [(&'static str, &'static str)],
    /// Customer since, `YYYY-MM-DD`.
    pub(crate) since: &'static str,
}

/// A partner or administrator of a company: a person by CPF, a company by CNPJ.
pub(crate) struct Party {
    pub(crate) role: &'static str,
    pub(crate) document: &'static str,
    pub(crate) name: &'static str,
    /// Millionths of the company.
    pub(crate) share: Option<u32>,
}
