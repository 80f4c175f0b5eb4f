//! How many streams one person holds open at once.

use domain::person::PersonId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Tabs share one connection, so twenty are many.
const MOST: u32 = 20;

#[derive(Debug, Clone, Default)]
pub struct Seats(Arc<Mutex<HashMap<PersonId, u32>>>);

/// Given back when dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Seats,
    person: PersonId,
}

impl Seats {
    /// None when the person holds as many as they may.
    pub fn take(&self, person: PersonId) -> Option<Seat> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(person).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(Seat { seats: self.clone(), person })
    }

    /// All that are taken.
    pub fn taken(&self) -> u32 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.person);
            }
        }
    }
}
