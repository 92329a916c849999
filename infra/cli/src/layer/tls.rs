//! TLS to a layer: the authority of its certificate, and the certificate that it is shown.

use std::path::{Path, PathBuf};

use clap::Args;
use ponte_outbound::http::{Client, TransportCertificate, Trust, client};
use ponte_ports::chain;
use ponte_values::SecretText;

/// What a layer is trusted by, and what it is shown.
#[derive(Args, Clone, Default)]
pub(crate) struct TlsOptions {
    /// PEM file with the authority of the layer's certificate, beside the public ones
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// PEM file with the client certificate that the layer is shown, the leaf first
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// PEM file with the key of that certificate
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
}

impl TlsOptions {
    /// The client that calls the layer, made as that of Ponte is.
    pub(super) fn client(&self) -> Result<Client, String> {
        let public = Trust::webpki();
        let trust = match &self.ca_file {
            None => public,
            Some(file) => public
                .with(read(file)?.as_bytes())
                .map_err(|_| format!("{}: no certificate of an authority as PEM", file.display()))?,
        };
        let identity = match (&self.certificate, &self.key) {
            (Some(certificate), Some(key)) => Some(TransportCertificate {
                certificate: read(certificate)?,
                private_key: SecretText::from(read(key)?),
            }),
            _ => None,
        };
        client(&trust, identity.as_ref()).map_err(|error| match (&self.certificate, &self.key) {
            (Some(certificate), Some(key)) => {
                format!(
                    "{} and {} are no certificate and its key: {}",
                    certificate.display(),
                    key.display(),
                    chain(&error)
                )
            }
            _ => chain(&error),
        })
    }
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_none_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("words.pem");
        std::fs::write(&file, "no certificate").unwrap();
        let (words, none) = (Some(file), Some(folder.path().join("none.pem")));
        let fault = |ca_file: &Option<PathBuf>, certificate: &Option<PathBuf>, key: &Option<PathBuf>| {
            let (ca_file, certificate, key) = (ca_file.clone(), certificate.clone(), key.clone());
            TlsOptions { ca_file, certificate, key }.client().err()
        };
        assert_eq!(fault(&None, &None, &None), None);
        assert!(fault(&words, &None, &None).unwrap().contains("words.pem: no certificate"));
        assert!(fault(&none, &None, &None).unwrap().contains("none.pem"));
        assert!(fault(&None, &words, &words).unwrap().contains("words.pem are no certificate and its key"));
        assert!(fault(&None, &words, &none).unwrap().contains("none.pem"));
    }
}
