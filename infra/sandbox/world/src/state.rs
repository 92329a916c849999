//! Ids and secrets of the world, made at the first start and kept in `world.json`.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_bank::customers::CUSTOMERS;
use ponte_bank::{Login, TokenBox};
use ponte_machine::{SandboxError, clock, files};
use serde::{Deserialize, Serialize};

/// Content of `world.json`. No `Debug`: secrets.
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    /// The institution first, then the participants.
    members: Vec<Member>,
    /// Bearer credential that the integration layer expects.
    pub(crate) credential: String,
    /// 64 hexadecimal digits behind the pseudonyms.
    pub(crate) pseudonym_key: String,
    /// 64 hexadecimal digits behind the token ids in reports (M36).
    #[serde(default)]
    pub(crate) pcm_pepper: String,
    /// Key of the channel's tokens, base64url.
    token_key: String,
    /// One token for each customer, without an end.
    pub(crate) channel_access_tokens: Vec<String>,
    /// The same after a login with two factors (S15).
    #[serde(default)]
    pub(crate) channel_access_tokens_loa3: Vec<String>,
}

/// Ids of one organisation.
#[expect(clippy::struct_field_names, reason = "the names are the wire's")]
#[derive(Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) organisation_id: String,
    pub(crate) software_statement_id: String,
    pub(crate) pcm_client_id: String,
}

impl State {
    /// Reads `path`, or makes everything and writes it.
    pub(crate) fn open(path: &Path) -> Result<Self, SandboxError> {
        let mut state = match files::read(path)? {
            Some(text) => {
                serde_json::from_str(&text).map_err(|problem| SandboxError::damaged(path, problem))?
            }
            None => Self::new(),
        };
        if state.members.len() != 3 {
            return Err(SandboxError::damaged(path, "made by another version"));
        }
        if state.complete()? {
            let text = serde_json::to_string_pretty(&state).map_err(SandboxError::unusable)?;
            files::write_private(path, &text)?;
        }
        Ok(state)
    }

    fn new() -> Self {
        Self {
            members: (0..3).map(|_| Member::new()).collect(),
            credential: clock::random_text::<32>(),
            pseudonym_key: hexadecimal(),
            pcm_pepper: hexadecimal(),
            token_key: clock::random_text::<32>(),
            channel_access_tokens: Vec::new(),
            channel_access_tokens_loa3: Vec::new(),
        }
    }

    /// Adds what worlds of earlier versions did not have; true when there was something to add.
    fn complete(&mut self) -> Result<bool, SandboxError> {
        let tokens = [&self.channel_access_tokens, &self.channel_access_tokens_loa3];
        let tokens = tokens.iter().any(|tokens| tokens.len() != CUSTOMERS.len());
        if tokens {
            self.channel_access_tokens = self.log_everybody_in(Login::OneFactor)?;
            self.channel_access_tokens_loa3 = self.log_everybody_in(Login::TwoFactors)?;
        }
        let pepper = self.pcm_pepper.is_empty();
        if pepper {
            self.pcm_pepper = hexadecimal();
        }
        Ok(tokens || pepper)
    }

    /// A token for each customer.
    fn log_everybody_in(&self, login: Login) -> Result<Vec<String>, SandboxError> {
        let tokens = TokenBox::new(&self.token_key()?)?;
        CUSTOMERS.iter().map(|customer| tokens.issue(customer, login, None)).collect()
    }

    pub(crate) fn members(&self) -> &[Member] {
        &self.members
    }

    pub(crate) fn token_key(&self) -> Result<[u8; 32], SandboxError> {
        URL_SAFE_NO_PAD
            .decode(&self.token_key)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| SandboxError::unusable("the token key of the channel is not 32 bytes"))
    }
}

/// 256 random bits.
fn hexadecimal() -> String {
    [clock::random(), clock::random()].map(|half| format!("{:032x}", u128::from_be_bytes(half))).concat()
}

impl Member {
    fn new() -> Self {
        Self {
            organisation_id: clock::new_id(),
            software_statement_id: clock::new_id(),
            pcm_client_id: clock::random_text::<16>(),
        }
    }
}
