//! Where the browser begins.

fn main() {
    #[cfg(target_arch = "wasm32")]
    app::begin();
}
