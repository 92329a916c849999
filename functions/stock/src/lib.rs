//! The stock of consents: once a day the metrics platform hears how many consents were in force at the end of the day
//! before, at whom, and of how many customers (M50).
//!
//! A function of its own beside `consents`: it may take minutes, reads the whole table and may do nothing else there. An operator
//! has a day counted again by command ([`commands`]).

pub mod commands;
mod operator;
mod stock_taker;

pub use operator::StockOperator;
pub use stock_taker::StockTaker;
