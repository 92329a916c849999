//! T48 over a chain in memory: what is sealed when, and by which name a proof tells what was done to a row or a seal.

mod proof;
mod sealing;
mod world;
