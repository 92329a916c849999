//! Counts of calls: exact, whoever counts beside (L03, L04, L06).

use std::time::Duration;

use futures_util::future::join_all;
use ponte_ports::CallCounts;
use ponte_ports::limits::CallCount;

use crate::examples::now;

/// Calls at the same time.
const AT_ONCE: u32 = 64;

fn count(of: &str, seconds: u64) -> CallCount {
    CallCount { of: of.to_owned(), ends: now().plus(Duration::from_secs(seconds)) }
}

/// What is added is told; another name and another window have counts of their own.
pub async fn calls_are_added_and_told(counts: &dyn CallCounts) {
    let one = count("one", 60);
    for (calls, told) in [(1, 1), (4, 5), (0, 5), (2_500, 2_505)] {
        assert_eq!(counts.add(&one, calls).await.unwrap(), told);
    }
    for other in [count("two", 60), count("one", 120), count("", 60), count("one ", 60)] {
        assert_eq!(counts.add(&other, 1).await.unwrap(), 1, "{other:?}");
    }
    assert_eq!(counts.add(&one, 1).await.unwrap(), 2_506);
}

/// A count grows to its limit and no further; a limit that was raised has room again.
pub async fn a_count_grows_to_its_limit(counts: &dyn CallCounts) {
    let one = count("one", 60);
    for call in 0..5 {
        assert_eq!(counts.count(&one, 3).await.unwrap(), call < 3, "call {call}");
    }
    assert_eq!(counts.add(&one, 0).await.unwrap(), 3, "what was refused is not counted");
    for other in [count("two", 60), count("one", 120)] {
        assert!(counts.count(&other, 3).await.unwrap(), "{other:?}");
    }
    assert!(counts.count(&one, 4).await.unwrap());
    assert!(!counts.count(&one, 3).await.unwrap(), "a limit that was lowered");
}

/// Of 64 calls at once, eight are counted where eight may be, whichever they are.
pub async fn of_64_at_once_as_many_are_counted_as_there_is_room_for(counts: &dyn CallCounts) {
    let one = count("one", 60);
    let calls = (0..AT_ONCE).map(|_| counts.count(&one, 8));
    let counted = join_all(calls).await.into_iter().filter(|counted| *counted.as_ref().unwrap()).count();
    assert_eq!((counted, counts.add(&one, 0).await.unwrap()), (8, 8));
}

/// Of 64 that add at once none is lost, and each is told another number.
pub async fn of_64_that_add_at_once_none_is_lost(counts: &dyn CallCounts) {
    let one = count("one", 60);
    let mut told: Vec<u64> =
        join_all((0..AT_ONCE).map(|_| counts.add(&one, 3))).await.into_iter().map(Result::unwrap).collect();
    told.sort_unstable();
    assert_eq!(told, (1..=u64::from(AT_ONCE)).map(|call| call * 3).collect::<Vec<_>>());
}
