//! The expressions of the OpenAPI files, and what each is here: a form, or a bound of the length.

use crate::field::{Precision, UNBOUNDED};
use crate::pattern::Pattern;

/// What an expression is here.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// A text of this form.
    Text(Pattern),
    /// Any text of so many characters.
    Length(u32, u32),
    /// A day.
    Date,
    /// A point in time.
    Moment(Precision),
}

const ANY: Form = Form::Length(0, UNBOUNDED);
const fn digits(least: u8, most: u8) -> Form {
    Form::Text(Pattern::Digits(least, most))
}
const fn decimal(whole: (u8, u8), part: (u8, u8)) -> Form {
    Form::Text(Pattern::decimal(whole, part))
}
const fn signed(whole: (u8, u8), part: (u8, u8)) -> Form {
    Form::Text(Pattern::signed(whole, part))
}

/// Every expression of the files.
pub(super) const FORMS: &[(&str, Form)] = &[
    (r"[\w\W\s]*", ANY),
    (r"^[\w\W\s]*$", ANY),
    (r"^[\w\W]*$", ANY),
    (r"[\w\W-]*", ANY),
    (r"[\w\W\s]+", Form::Length(1, UNBOUNDED)),
    (r"^[\w\W]{1,100}$", Form::Length(1, 100)),
    (r"^[\w\W]{22,67}$", Form::Length(22, 67)),
    (r"^(\d{4})-(1[0-2]|0?[1-9])-(3[01]|[12][0-9]|0?[1-9])$", Form::Date),
    (
        r"^(\d{4})-(1[0-2]|0?[1-9])-(3[01]|[12][0-9]|0?[1-9])T(?:[01]\d|2[0123]):(?:[012345]\d):(?:[012345]\d)Z$",
        Form::Moment(Precision::Seconds),
    ),
    (
        r"(^(\d{4})-(1[0-2]|0?[1-9])-(3[01]|[12][0-9]|0?[1-9])T(?:[01]\d|2[0123]):(?:[012345]\d):(?:[012345]\d)Z$)",
        Form::Moment(Precision::Seconds),
    ),
    (
        r"(^(\d{4})-(1[0-2]|0?[1-9])-(3[01]|[12][0-9]|0?[1-9])T(?:[01]\d|2[0123]):(?:[012345]\d):(?:[012345]\d)\.(?:[0-9]){3}Z$)",
        Form::Moment(Precision::Milliseconds),
    ),
    (r"^(\d{4})-(1[0-2]|0?[1-9])$", Form::Text(Pattern::YearMonth)),
    (r"^\d{1,15}\.\d{2,4}$", decimal((1, 15), (2, 4))),
    (r"^\d{1,15}\.\d{2,8}$", decimal((1, 15), (2, 8))),
    (r"^\d{1,15}\.\d{2,10}$", decimal((1, 15), (2, 10))),
    (r"^\d{1,15}\.\d{1,15}$", decimal((1, 15), (1, 15))),
    (r"^\d{1,17}\.\d{2}$", decimal((1, 17), (2, 2))),
    (r"^\d{1}\.\d{6}$", decimal((1, 1), (6, 6))),
    (r"^\d{1,2}\.\d{6}$", decimal((1, 2), (6, 6))),
    (r"^\d{1,6}\.\d{6}$", decimal((1, 6), (6, 6))),
    (r"^\d{1}\.\d{1,6}$", decimal((1, 1), (1, 6))),
    (r"^-?\d{1,15}\.\d{2,4}$", signed((1, 15), (2, 4))),
    (r"^-?\d{1,15}\.\d{2,8}$", signed((1, 15), (2, 8))),
    (r"^-?\d{1}\.\d{6}$", signed((1, 1), (6, 6))),
    (r"^-?\d{1,2}\.\d{6}$", signed((1, 2), (6, 6))),
    (r"^-?\d{1,2}\.\d{1,9}$", signed((1, 2), (1, 9))),
    (r"^-?\d{1,3}\.\d{1,8}$", signed((1, 3), (1, 8))),
    (r"\d{1,15}\.\d{1,15}$", Form::Text(Pattern::EndsInDecimal)),
    (r"^[01]\.\d{6}$", Form::Text(Pattern::Share)),
    (r"^\d{2}$", digits(2, 2)),
    (r"^\d{3}$", digits(3, 3)),
    (r"^\d{4}$", digits(4, 4)),
    (r"^\d{5}$", digits(5, 5)),
    (r"^\d{7}$", digits(7, 7)),
    (r"^\d{8}$", digits(8, 8)),
    (r"^\d{11}$", digits(11, 11)),
    (r"^\d{12}$", digits(12, 12)),
    (r"^\d{1,4}$", digits(1, 4)),
    (r"^\d{1,5}$", digits(1, 5)),
    (r"^\d{1,16}$", digits(1, 16)),
    (r"^(\d{2,3})$", digits(2, 3)),
    (r"^([0-9]{6,13})$", digits(6, 13)),
    (r"^\d{8,20}$", digits(8, 20)),
    (r"\d{7}$", Form::Text(Pattern::EndsInDigits(7))),
    (r"^[A-Z]{3}$", Form::Text(Pattern::Capitals(3))),
    (r"^([A-Z]{3})$", Form::Text(Pattern::Capitals(3))),
    (r"^[A-Z]{2}$", Form::Text(Pattern::Capitals(2))),
    (r"^(\w{3}){1}$", Form::Text(Pattern::Word(3))),
    (r"^[0-9A-Z]{12}[0-9]{2}$", Form::Text(Pattern::Cnpj)),
    (r"^([0-9]{11}|[0-9A-Z]{12}[0-9]{2})$", Form::Text(Pattern::CpfOrCnpj)),
    (r"^[0-9A-Z]{8}$", Form::Text(Pattern::Ispb)),
    (r"^[A-Z]{2}([A-Z0-9]){9}\d{1}$", Form::Text(Pattern::Isin)),
    (r"^[a-zA-Z0-9][a-zA-Z0-9-]{0,99}$", Form::Text(Pattern::Id)),
    (
        r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        Form::Text(Pattern::Uuid),
    ),
    (r"^[^\s](.*[^\s])?$", Form::Text(Pattern::Trimmed)),
    (r"^[^\s][\w\W\s]*[^\s]$", Form::Text(Pattern::TrimmedLines)),
    (r"^\S[\s\S]*$", Form::Text(Pattern::NotIndented)),
];
