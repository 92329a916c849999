//! The columns about the integration layer, held against each other, the table of product kinds and the layer's page.

use std::collections::BTreeSet;

use ponte_records::field::{Kind, List, Object};
use ponte_values::{PermissionSet, ResourceKind};

use crate::{ALL, Access, Row, Shape};

/// Properties of every request, which no path parameter may be called.
const COMMON: [&str; 5] = ["requestMeta", "consent", "resourceLegacyId", "page", "pageSize"];

fn rows() -> impl Iterator<Item = &'static Row> {
    ALL.iter().flat_map(|rows| rows.iter().copied())
}

fn permission(row: &Row) -> PermissionSet {
    match row.access {
        Access::Customer(access) => access.permission.into_iter().collect(),
        Access::Client(_) => PermissionSet::EMPTY,
    }
}

#[test]
fn every_row_has_a_place_of_its_own() {
    let mut places = BTreeSet::new();
    for row in rows() {
        assert!(row.template.starts_with(row.api.base), "{}", row.operation);
        assert!(places.insert((row.method.as_str(), row.template)), "{}", row.operation);
    }
}

#[test]
fn an_operation_of_the_layer_answers_one_row_and_is_documented() {
    let documented = include_str!("../../../../docs/integration-layer.md");
    let mut operations: BTreeSet<&str> = ResourceKind::ALL.iter().map(|kind| kind.discovery()).collect();
    for row in rows() {
        let Some(operation) = row.layer else { continue };
        assert!(matches!(row.access, Access::Customer(_)), "{operation} is told a consent");
        assert!(operation.starts_with(&format!("/{}/", row.api.name)), "{operation}");
        assert!(operations.insert(operation), "{operation} answers two rows");
    }
    for operation in operations {
        assert!(documented.contains(&format!("| `{operation}` |")), "{operation} is not documented");
    }
}

#[test]
fn t63_the_page_of_the_layer_says_how_long_each_operation_may_take() {
    let documented = include_str!("../../../../docs/integration-layer.md");
    for row in rows() {
        let Some(operation) = row.layer else { continue };
        let mut lines = documented.lines();
        let line = lines.find(|line| line.starts_with(&format!("| `{operation}` |"))).unwrap();
        let limit = row.frequency.time_limit().as_millis();
        let said = format!("| {},{:03} ms |", limit / 1000, limit % 1000);
        assert!(line.ends_with(&said), "{operation}: {said}");
    }
}

#[test]
fn every_parameter_of_a_path_has_its_use() {
    for row in rows() {
        let in_path: Vec<&str> = row.path_parameters().collect();
        let told: Vec<&str> = row.product.into_iter().chain(row.ids.iter().copied()).collect();
        if row.layer.is_some() {
            assert_eq!(in_path, told, "{}: the product first, then the ids", row.operation);
        } else {
            // The function that serves the row reads its parameters itself.
            assert!(told.is_empty(), "{}: nobody is asked", row.operation);
        }
        if let Access::Customer(access) = row.access {
            assert!(access.path_id.is_none_or(|name| in_path.contains(&name)), "{}", row.operation);
        }
        let filters = row.filters.iter().map(|filter| filter.name);
        let taken: Vec<&str> = filters.chain(COMMON).collect();
        assert!(row.ids.iter().all(|name| !taken.contains(name)), "{}", row.operation);
    }
}

#[test]
fn c56_an_id_that_a_path_takes_leaves_bound_wherever_records_have_it() {
    for row in rows().filter(|row| row.product.is_some()) {
        let taken = rows().filter(|other| other.api.name == row.api.name).flat_map(|other| other.ids);
        let Some(Kind::List(List { item: Kind::Object(Object { fields, .. }), .. })) = row.fields else {
            continue;
        };
        let shown = taken.copied().find(|name| fields.iter().any(|field| field.name == *name));
        let bound = match row.shape {
            Shape::BoundRecords(name) => Some(name),
            _ => None,
        };
        assert_eq!(bound, shown, "{}", row.operation);
    }
    // Otherwise no caller could name one.
    for row in rows().filter(|row| row.layer.is_some()) {
        for name in row.ids {
            let given =
                |other: &Row| other.api.name == row.api.name && other.shape == Shape::BoundRecords(name);
            assert!(rows().any(given), "{}: {name}", row.operation);
        }
    }
}

#[test]
fn c22_rows_with_products_are_those_of_the_kinds() {
    let with_products = |row: &Row| row.product.is_some() || row.shape == Shape::Products;
    for row in rows().filter(|row| with_products(row)) {
        let kind = ResourceKind::of_api(row.api.name);
        let kind = kind.unwrap_or_else(|| panic!("{} has no row in the table of kinds", row.api.name));
        assert!(row.product.is_none_or(|name| name == kind.id()), "{}", row.operation);
    }
    for kind in ResourceKind::ALL {
        let own = || rows().filter(|row| row.api.name == kind.api() && with_products(row));
        let permissions = own().fold(PermissionSet::EMPTY, |sum, row| sum.union(permission(row)));
        assert_eq!(permissions, kind.permissions(), "{kind:?}");
        let list = own().find(|row| row.shape == Shape::Products).map(permission);
        assert_eq!(list, Some(PermissionSet::of(&[kind.permission()])), "{kind:?}");
    }
}
