//! The operations through their router, with ports that live in memory.

mod approval;
mod browser;
mod commands;
mod decision;
mod detours;
mod guesses;
mod handoff;
mod interactions;
mod limits;
mod lost_answers;
mod payments;
mod shut_out;
mod strangers;
mod world;
