//! Validated scalars of Open Finance Brasil: a value that exists is valid.
//!
//! One file per noun. To add one: a newtype with a private field, `parse` (or `TryFrom<String>` for serde) that is the
//! only way in, an [`Invalid`] that names the field and never repeats the value, and tests beside it. Values of
//! people (`Cpf`, `Cnpj`, `PersonName`) and secrets show a mask in `Debug`; the raw text is behind one named method.

mod amount;
mod app_link;
mod consent_id;
mod device;
mod document;
mod end_to_end_id;
mod idempotency_key;
mod institution_id;
mod interaction_id;
mod invalid;
mod ispb;
mod layer_times;
mod moment;
mod organisation;
mod page;
mod page_caps;
mod payment_id;
mod permission;
mod person_name;
mod resource_kind;
mod secret_text;
mod target_kind;
mod token_id;

pub use amount::Amount;
pub use app_link::{AndroidApp, AppleAppId};
pub use consent_id::ConsentId;
pub use device::{Device, OperatingSystem, Platform};
pub use document::{Cnpj, Cpf};
pub use end_to_end_id::EndToEndId;
pub use idempotency_key::IdempotencyKey;
pub use institution_id::InstitutionId;
pub use interaction_id::InteractionId;
pub use invalid::Invalid;
pub use ispb::Ispb;
pub use layer_times::LayerTimes;
pub use moment::{Date, Moment};
pub use organisation::{ClientId, OrganisationId, SoftwareStatementId};
pub use page::{Page, PageFault};
pub use page_caps::PageCaps;
pub use payment_id::PaymentId;
pub use permission::{Permission, PermissionSet};
pub use person_name::PersonName;
pub use resource_kind::ResourceKind;
pub use secret_text::SecretText;
pub use target_kind::TargetKind;
pub use token_id::TokenId;
