//! The column of fields, held to the tables, which are compared with the files where they are.

use crate::ALL;

#[test]
fn every_answer_of_the_layer_has_the_fields_of_its_path() {
    for row in ALL.iter().flat_map(|rows| rows.iter()) {
        let Some(fields) = row.fields else {
            assert!(row.layer.is_none(), "{} has no table", row.operation);
            continue;
        };
        assert!(row.layer.is_some(), "{}: nobody is asked", row.operation);
        let tables = ponte_records::ALL.iter().find(|tables| tables.api == row.api.name).unwrap();
        assert_eq!(tables.version, row.api.version, "{}", row.operation);
        let own = tables.paths.iter().find(|(path, _)| *path == row.path()).map(|(_, fields)| *fields);
        assert!(own.is_some_and(|own| std::ptr::eq(own, fields)), "{} has another table", row.operation);
    }
}

#[test]
fn no_table_is_without_its_row() {
    for tables in ponte_records::ALL {
        let rows = ALL.iter().find(|rows| rows[0].api.name == tables.api).unwrap();
        for (path, _) in tables.paths {
            assert!(rows.iter().any(|row| row.path() == *path), "{} {path}", tables.api);
        }
    }
}
