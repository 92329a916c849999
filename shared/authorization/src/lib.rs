//! Authorization: clients, what customers authorise, the interactions in which they do, grants, API keys, and what is known
//! of the revocation of client certificates.
//!
//! To add a rule: a method of the noun it speaks of, a small fault enum beside it, and a test named after the rule's
//! number. To add a port: a trait in [`ports`], implemented once in `store` or `outbound`.

pub mod api_key;
pub mod approval;
pub mod block_list;
pub mod client;
pub mod count_window;
pub mod customer_listing;
pub mod grant;
pub mod interaction;
pub mod message_signer;
pub mod ports;
pub mod private_key;
pub mod registration_answer;
pub mod registration_limit;
pub mod removed_client;
pub mod replay;
pub mod revocation;
pub mod search_keys;
pub mod target;
