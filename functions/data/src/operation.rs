//! The operation of the institution's layer that answers a row: `/{api}/{last segment}`, or `/{api}/find` for one
//! product.

use std::sync::LazyLock;

use ponte_catalog::{ALL, Row};
use ponte_edge::Refusal;

/// Operation by row template; made once, so that a call takes no text of its own.
static OPERATIONS: LazyLock<Vec<(&'static str, String)>> = LazyLock::new(|| {
    ALL.iter().flat_map(|rows| rows.iter()).map(|row| (row.template, of_path(row))).collect()
});

/// The operation that answers `row`.
pub(crate) fn of(row: &Row) -> Result<&'static str, Refusal> {
    let found = OPERATIONS.iter().find(|(template, _)| *template == row.template);
    found.map(|(_, operation)| operation.as_str()).ok_or_else(Refusal::internal)
}

fn of_path(row: &Row) -> String {
    let last = row.path.rsplit('/').next().unwrap_or("");
    let name = if last.starts_with('{') { "find" } else { last };
    format!("/{}/{name}", row.api.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_those_of_the_layer_s_documentation() {
        let documented = include_str!("../../../docs/integration-layer.md");
        for row in ponte_catalog::accounts::ROWS {
            let operation = of(row).unwrap();
            assert!(documented.contains(&format!("| `{operation}` |")), "{operation}");
        }
        assert_eq!(of(&ponte_catalog::accounts::FIND).unwrap(), "/accounts/find");
        assert_eq!(of(&ponte_catalog::accounts::LIST).unwrap(), "/accounts/accounts");
    }
}
