//! The charts of the tests drawn in WebAssembly: offers them to the script that holds them against the files, and times one.

#[path = "../tests/cases/mod.rs"]
mod cases;

#[cfg(target_arch = "wasm32")]
fn main() {
    use wasm_bindgen::{JsValue, closure::Closure};

    let offer = |name: &str, what: JsValue| {
        let _ = js_sys::Reflect::set(&js_sys::global(), &JsValue::from_str(name), &what);
    };
    let names =
        cases::all().into_iter().flat_map(|(name, _)| cases::FORMATS.map(|(_, end)| format!("{name}-{end}.svg")));
    offer("chartNames", names.map(JsValue::from).collect::<js_sys::Array>().into());
    let draw = |wanted: u32| {
        let all =
            cases::all().into_iter().flat_map(|(_, chart)| cases::FORMATS.map(|(format, _)| (chart.clone(), format)));
        all.skip(wanted as usize).take(1).map(|(chart, format)| chart::draw(&chart, format)).collect::<String>()
    };
    offer("chartDraw", Closure::<dyn Fn(u32) -> String>::new(draw).into_js_value());
    let many = |count: u32| format!("{:016x}\n", cases::many(count));
    offer("chartMany", Closure::<dyn Fn(u32) -> String>::new(many).into_js_value());
    let timed = cases::timed();
    let draw = move || u32::try_from(chart::draw(&timed, chart::Format::Wide).len()).unwrap_or(u32::MAX);
    offer("chartTimed", Closure::<dyn Fn() -> u32>::new(draw).into_js_value());
}

/// Elsewhere the tests draw them.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!(
        "{} charts, {:016x}; {}",
        cases::all().len(),
        cases::many(200),
        chart::draw(&cases::timed(), chart::Format::Wide).len()
    );
}
