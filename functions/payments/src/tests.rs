//! Payments at the function, over ports in memory.
