//! Journeys through the whole house, contract checks, benches.
