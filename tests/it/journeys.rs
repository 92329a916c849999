//! Journeys through a running stack: calls from outside, over the hosts and ports that participants and the institution use.

mod audit;
mod bad_input;
mod callers;
mod canary;
mod certification;
mod clients;
mod cloud;
mod command_loop;
mod crash;
mod credential;
mod demo;
mod handoff;
mod identities;
mod jose_interop;
mod keys;
mod lambda;
mod management;
mod node;
mod openid_client;
mod pcm;
mod renewal;
mod revocation;
mod slow;
mod steps;
mod strangers;
mod systems;
