//! What can go wrong while the world is built.

use std::path::PathBuf;

/// Why the sandbox could not be prepared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A listener could not be opened.
    #[error("cannot listen on 127.0.0.1:{port} for {server}: {source}")]
    Port {
        /// The port asked for.
        port: u16,
        /// The server that wanted it.
        server: &'static str,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A certificate could not be made.
    #[error("certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// A key, certificate or TLS setting that cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// A participant that is no client of the institution.
    #[error("{organisation} is not registered as a client: {reason}")]
    Registration {
        /// The participant.
        organisation: String,
        /// What happened.
        reason: String,
    },
    /// A system of the institution without its API key.
    #[error("{system} has no API key: {reason}")]
    ApiKey {
        /// The system.
        system: &'static str,
        /// What happened.
        reason: String,
    },
    /// A file of the world whose content is not what this version writes.
    #[error("{path} is damaged ({reason}); remove the directory to start afresh")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was wrong with it.
        reason: String,
    },
}

/// Any error, or a text.
type Reason = Box<dyn std::error::Error + Send + Sync>;

impl SandboxError {
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }

    pub(crate) fn damaged(path: impl Into<PathBuf>, reason: impl Into<Reason>) -> Self {
        Self::Damaged { path: path.into(), reason: reason.into().to_string() }
    }

    pub(crate) fn unusable(reason: impl Into<Reason>) -> Self {
        Self::Unusable(reason.into().to_string())
    }
}
