//! Deployments: started, shown, steered, taken back.

pub mod back;
pub mod list;
pub mod samples;
pub mod shown;
pub mod start;
pub mod steer;
mod timing;
