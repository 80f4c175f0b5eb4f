//! Given a release and what is known of it, when a gate is asked, then it says whether it is met, why, and what opens it.
