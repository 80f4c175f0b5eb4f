//! The local fleet: processes of versions behind a weighted router, in a process of their own that outlives the control
//! plane.
