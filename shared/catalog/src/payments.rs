//! Payments: payment consents and Pix payments, in the two versions that are served (P01, P02). Bodies are signed messages.

mod endpoint;
pub mod v4;
pub mod v5;
