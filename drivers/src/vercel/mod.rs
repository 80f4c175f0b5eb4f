//! Vercel.
