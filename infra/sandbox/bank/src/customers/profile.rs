//! What customers told the bank about themselves, as data.

/// A person's or a company's.
#[derive(Clone, Copy)]
pub enum Profile {
    /// Of a natural person.
    Person(&'static PersonProfile),
    /// Of a company.
    Company(&'static CompanyProfile),
}

/// A person.
pub struct PersonProfile {
    /// Name that the person wants to be called by.
    pub social_name: Option<&'static str>,
    /// `YYYY-MM-DD`.
    pub birth: &'static str,
    /// Marital status, and what it is if `OUTRO`.
    pub marital: (&'static str, Option<&'static str>),
    /// `FEMININO`, `MASCULINO` or `OUTRO`.
    pub sex: &'static str,
    /// Nationality where it is not Brazilian, and number of that passport.
    pub foreign: Option<(&'static str, &'static str)>,
    /// Name of the mother.
    pub mother: Option<&'static str>,
    /// Where the person lives.
    pub home: Option<&'static Home>,
    /// Address for mail.
    pub email: &'static str,
    /// Scheme of the occupation, and its code or name there.
    pub occupation: (&'static str, &'static str),
    /// Cents a month.
    pub income: i64,
    /// Cents, below zero for debts.
    pub patrimony: i64,
    /// Who pays the salary.
    pub employer: Option<Employer>,
    /// Whether the employer pays at another bank and the salary comes here.
    pub salary_portability: bool,
    /// CPF and name of who acts for this person.
    pub procurator: Option<(&'static str, &'static str)>,
    /// Customer since, `YYYY-MM-DD`.
    pub since: &'static str,
}

/// Who pays a salary.
pub struct Employer {
    /// CPF or CNPJ.
    pub document: &'static str,
    /// Name.
    pub name: &'static str,
}

/// Where somebody lives or works.
pub struct Home {
    /// Street and number.
    pub street: &'static str,
    /// What the postman needs besides.
    pub additional: Option<&'static str>,
    /// District of the town.
    pub district: &'static str,
    /// Town.
    pub town: &'static str,
    /// Code of the town, seven digits.
    pub ibge: &'static str,
    /// State, two letters.
    pub state: &'static str,
    /// CEP, eight digits.
    pub post_code: &'static str,
    /// Latitude and longitude, decimal degrees.
    pub coordinates: (&'static str, &'static str),
    /// Area code and number of the phone there.
    pub phone: (&'static str, &'static str),
}

/// A company.
pub struct CompanyProfile {
    /// Registered name.
    pub company_name: &'static str,
    /// Name that customers know.
    pub trade_name: Option<&'static str>,
    /// `YYYY-MM-DD`.
    pub incorporated: &'static str,
    /// Partners and administrators.
    pub parties: &'static [Party],
    /// Where the company is.
    pub home: &'static Home,
    /// Address for mail.
    pub email: &'static str,
    /// CNAE codes, the main one first.
    pub activities: &'static [&'static str],
    /// Cents a year.
    pub revenue: i64,
    /// Cents, below zero for debts.
    pub patrimony: i64,
    /// Document and name of those who act for the company.
    pub procurators: &'static [(&'static str, &'static str)],
    /// Customer since, `YYYY-MM-DD`.
    pub since: &'static str,
}

/// A partner or administrator of a company: a person by CPF, a company by CNPJ.
pub struct Party {
    /// `SOCIO` or `ADMINISTRADOR`.
    pub role: &'static str,
    /// CPF or CNPJ.
    pub document: &'static str,
    /// Name.
    pub name: &'static str,
    /// Millionths of the company.
    pub share: Option<u32>,
}
