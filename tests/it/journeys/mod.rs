//! Journeys through the running house: everything from outside, over the doors that the world uses.

mod callers;
mod certification;
mod crash;
mod demo;
mod doors;
mod jose_interop;
mod node;
mod openid_client;
mod renewal;
mod steps;
