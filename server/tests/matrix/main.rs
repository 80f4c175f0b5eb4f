//! The authorization matrix: every operation of REST and every server function, each really called by those who may
//! not and by somebody who may. An operation that stands in no row fails the test, and so does a row without one.

mod functions;
#[path = "../house/mod.rs"]
#[expect(dead_code, unused_imports, reason = "each test program needs its part of the house")]
mod house;
mod rest;
