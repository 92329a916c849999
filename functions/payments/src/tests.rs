//! The function over stores, a core and a queue in memory.

mod management;
mod operator;
mod regulatory;
mod worker;
mod world;
