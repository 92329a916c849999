//! Failed guesses of short codes: counted by name and window, to a limit.

use std::time::Duration;

use ponte_authorization::interaction::GuessWindow;
use ponte_authorization::ports::Guesses;

use crate::examples::now;

/// A count grows to its limit; another name and another window have counts of their own. Three counts are left.
pub async fn failures_are_counted_to_their_limit(guesses: &dyn Guesses) {
    let window = GuessWindow::at(now());
    let next = GuessWindow::at(now().plus(Duration::from_mins(1)));
    assert_eq!(guesses.failed("one", window).await.unwrap(), 0);
    for counted in [1, 2, 3, 3, 3] {
        let before = guesses.failed("one", window).await.unwrap();
        assert_eq!(guesses.fail("one", window, 3).await.unwrap(), before < 3, "after {before}");
        assert_eq!(guesses.failed("one", window).await.unwrap(), counted);
    }
    guesses.fail("two", window, 3).await.unwrap();
    guesses.fail("one", next, 3).await.unwrap();
    assert_eq!(guesses.failed("two", window).await.unwrap(), 1);
    assert_eq!(guesses.failed("one", next).await.unwrap(), 1);
    assert_eq!(guesses.failed("one", window).await.unwrap(), 3);
}
