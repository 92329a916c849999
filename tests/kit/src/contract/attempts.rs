//! Attempts: counted by name and window, to a limit.

use std::time::Duration;

use ponte_authorization::count_window::CountWindow;
use ponte_authorization::ports::Attempts;

use crate::examples::now;

/// A count grows to its limit; another name and another window have counts of their own. Three counts are left.
pub async fn attempts_are_counted_to_their_limit(attempts: &dyn Attempts) {
    let window = CountWindow::minute(now());
    let next = CountWindow::minute(now().plus(Duration::from_mins(1)));
    assert_eq!(attempts.counted("one", window).await.unwrap(), 0);
    for counted in [1, 2, 3, 3, 3] {
        let before = attempts.counted("one", window).await.unwrap();
        assert_eq!(attempts.count("one", window, 3).await.unwrap(), before < 3, "after {before}");
        assert_eq!(attempts.counted("one", window).await.unwrap(), counted);
    }
    attempts.count("two", window, 3).await.unwrap();
    attempts.count("one", next, 3).await.unwrap();
    assert_eq!(attempts.counted("two", window).await.unwrap(), 1);
    assert_eq!(attempts.counted("one", next).await.unwrap(), 1);
    assert_eq!(attempts.counted("one", window).await.unwrap(), 3);
}
