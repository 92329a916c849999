//! Memory that the answer to a call leaves for the next one.

/// More than any block that a call needs: the body of an answer is 6 MB at most.
const LARGEST: usize = 8 * 1024 * 1024;

/// Has the allocator keep what a call gives back. glibc hands the free end of its heap to the system when it is larger than twice
/// the largest block that was mapped by itself and freed, so that each page of a thousand records was paid for by a hundred page
/// faults, a fifth of its time. Such a block is mapped here and freed, and never touched; another allocator takes no notice of it.
pub(crate) fn keep() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(LARGEST)));
}
