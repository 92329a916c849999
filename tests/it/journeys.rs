//! Journeys through the running house: everything from outside, over the doors that the world uses.

mod callers;
mod canary;
mod certification;
mod cloud;
mod command_loop;
mod crash;
mod demo;
mod doors;
mod handoff;
mod identities;
mod jose_interop;
mod keys;
mod management;
mod node;
mod openid_client;
mod pcm;
mod renewal;
mod steps;
mod systems;
