//! Programs of the team's own.
