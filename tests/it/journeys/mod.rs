//! Journeys through the running house: everything from outside, over the doors that the world uses.

mod callers;
mod crash;
mod demo;
mod doors;
mod steps;
