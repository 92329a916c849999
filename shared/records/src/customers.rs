//! Customers 2.3.0.

mod business;
mod personal;

use crate::tables::Tables;

pub use business::{BUSINESS_FINANCIAL_RELATIONS, BUSINESS_IDENTIFICATIONS, BUSINESS_QUALIFICATIONS};
pub use personal::{PERSONAL_FINANCIAL_RELATIONS, PERSONAL_IDENTIFICATIONS, PERSONAL_QUALIFICATIONS};

/// Every endpoint of the file.
pub static TABLES: Tables = Tables {
    api: "customers",
    version: "2.3.0",
    paths: &[
        ("/personal/identifications", &PERSONAL_IDENTIFICATIONS),
        ("/personal/qualifications", &PERSONAL_QUALIFICATIONS),
        ("/personal/financial-relations", &PERSONAL_FINANCIAL_RELATIONS),
        ("/business/identifications", &BUSINESS_IDENTIFICATIONS),
        ("/business/qualifications", &BUSINESS_QUALIFICATIONS),
        ("/business/financial-relations", &BUSINESS_FINANCIAL_RELATIONS),
    ],
};
