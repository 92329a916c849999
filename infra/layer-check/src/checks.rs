//! Ways of asking an operation, one file each; the helpers that they share.

pub(crate) mod answer;
pub(crate) mod compressed;
pub(crate) mod discovery;
pub(crate) mod filters;
pub(crate) mod pages;
pub(crate) mod parallel;
pub(crate) mod people;
pub(crate) mod refusals;
pub(crate) mod selections;
