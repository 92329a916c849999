//! An operation while it is asked.

use std::time::Duration;

use crate::layer::Asked;
use crate::operations::Operation;
use crate::requests::Question;
use crate::scene::Scene;
use crate::sheet::{Check, Sheet};

/// An operation while it is asked: whom and what it can be asked about, and what was found.
pub(crate) struct Inquiry<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) operation: Operation,
    pub(crate) sheet: &'a mut Sheet,
}

impl Inquiry<'_> {
    /// Asks an endpoint.
    pub(crate) async fn ask(&self, question: &Question<'_>) -> Asked {
        self.scene.layer.ask(self.operation.path, &self.scene.requests.data(question)).await
    }

    /// Holds the time of an answer to the budget of the operation.
    pub(crate) fn timed(&mut self, took: Duration) {
        self.sheet.made(Check::Time);
        if took > self.operation.budget {
            let (took, budget) = (took.as_millis(), self.operation.budget.as_millis());
            // Rounded, so that slow answers are one fault and not one each.
            let took = took.div_ceil(500) * 500;
            self.sheet.wrong(Check::Time, format!("up to {took} ms, {budget} ms are allowed"));
        }
    }
}
