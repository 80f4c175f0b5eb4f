//! The one binary: everything it does is in the library beside it.

use std::process::ExitCode;

/// Pages are many small pieces of text: the C library's allocator took a quarter of the time to render one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::run()
}
