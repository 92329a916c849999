//! Dynamic client registration and its management (S80 to S91, RFC 7591, RFC 7592 with the paths of its appendix B).
//!
//! | operation | checks | file |
//! |---|---|---|
//! | `POST` | certificate, software statement, metadata, once for a statement; again within a minute | `create`, `repeat` |
//! | `GET` | certificate, `registration_access_token` | `read` |
//! | `PUT` | certificate, token, software statement, metadata | `replace` |
//! | `DELETE` | certificate, token | `remove` |
//!
//! The rules themselves are in `ponte_fapi::dcr`; here is their order, the directory's part and the store's. `request`
//! is the call as the rules see it, `caller` authenticates it, `judgement` applies the rules, and `denied` answers
//! refusals.

mod answer;
mod caller;
mod create;
mod denied;
mod judgement;
mod read;
mod remove;
mod repeat;
mod replace;
mod request;

#[cfg(test)]
mod tests;

pub(crate) use create::create;
pub(crate) use read::read;
pub(crate) use remove::remove;
pub(crate) use replace::replace;
