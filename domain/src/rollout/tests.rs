//! Given a plan, when steps end this way or that, then it comes in, goes back or waits for a human.
