//! Errors while a part of the sandbox is set up.

use std::path::PathBuf;

/// Why a part of the sandbox could not be prepared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Error of the operating system.
        source: std::io::Error,
    },
    /// A listener could not be opened.
    #[error("cannot listen on 127.0.0.1:{port} for {server}: {source}")]
    Port {
        /// The port asked for.
        port: u16,
        /// The server that wanted it.
        server: &'static str,
        /// Error of the operating system.
        source: std::io::Error,
    },
    /// A key, certificate or TLS setting that cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// A file of the world whose content is not what this version writes.
    #[error("{path} is damaged ({reason}); remove the directory to start afresh")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The fault in it.
        reason: String,
    },
}

/// Any error, or a text.
type Reason = Box<dyn std::error::Error + Send + Sync>;

impl SandboxError {
    /// A file could not be read or written: for `map_err`.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }

    /// A file holds something else than what this version writes.
    pub fn damaged(path: impl Into<PathBuf>, reason: impl Into<Reason>) -> Self {
        Self::Damaged { path: path.into(), reason: reason.into().to_string() }
    }

    /// Anything else that cannot be used.
    pub fn unusable(reason: impl Into<Reason>) -> Self {
        Self::Unusable(reason.into().to_string())
    }
}
