//! The Bearer credential that a layer expects. It comes by a file or by a variable, so that it stands in no list of processes.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

/// The variable.
const VARIABLE: &str = "PONTE_LAYER_CREDENTIAL";

/// Where the credential comes from.
#[derive(Args, Clone, Default)]
pub(crate) struct CredentialOptions {
    /// File whose first line is the Bearer credential that the layer expects; else the variable PONTE_LAYER_CREDENTIAL, else the one of the stack in DIR
    #[arg(long, value_name = "FILE")]
    credential_file: Option<PathBuf>,
}

impl CredentialOptions {
    /// The credential that was named; `None` if none was.
    pub(crate) fn read(&self) -> Result<Option<String>, String> {
        let text = match &self.credential_file {
            Some(file) => first_line(file)?,
            None => std::env::var(VARIABLE).unwrap_or_default(),
        };
        match text.as_str() {
            "" if self.credential_file.is_some() => {
                Err("--credential-file: its first line is empty".to_owned())
            }
            "" => Ok(None),
            text if text.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(Some(text.to_owned())),
            _ => Err("a credential has visible characters of ASCII alone".to_owned()),
        }
    }
}

/// The credential of the stack, in the file that `endpoints.json` names.
pub(super) fn of_stack(file: Option<&Value>) -> Result<String, String> {
    match file.and_then(Value::as_str) {
        Some(file) => first_line(&PathBuf::from(file)),
        None => Err(format!("no credential: name its file by --credential-file, or set {VARIABLE}")),
    }
}

fn first_line(file: &PathBuf) -> Result<String, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_the_first_line_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("credential");
        let read = |text: &str| {
            std::fs::write(&file, text).unwrap();
            CredentialOptions { credential_file: Some(file.clone()) }.read()
        };
        assert_eq!(read("s3cret \nmore\n"), Ok(Some("s3cret".to_owned())));
        assert!(read("").is_err() && read("\nx").is_err() && read("a b").is_err() && read("ç").is_err());
        let nowhere = CredentialOptions { credential_file: Some(folder.path().join("none")) };
        assert!(nowhere.read().is_err());
        assert!(of_stack(None).is_err());
    }
}
