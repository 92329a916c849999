//! What is made once a day for each product.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ponte_values::Date;

/// By product, the day it was made for and what was made.
pub(crate) struct Daily<T>(Mutex<HashMap<String, (Date, Arc<T>)>>);

impl<T> Default for Daily<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Daily<T> {
    /// What was made of `product` for `today`, made now if this is the first time; yesterday's is of no more use.
    pub(crate) fn of(&self, product: String, today: Date, build: impl FnOnce() -> T) -> Arc<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((day, made)) = kept.get(&product)
            && *day == today
        {
            return Arc::clone(made);
        }
        let made = Arc::new(build());
        kept.insert(product, (today, Arc::clone(&made)));
        made
    }
}
