//! What a reader did in a section that is about to be written anew: what was typed, what was unfolded, where the keyboard is;
//! and forms that say what is wrong, which stay until they are sent again.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

pub(super) struct Kept {
    typed: Vec<(String, String)>,
    checked: Vec<String>,
    unfolded: Vec<String>,
    refused: Vec<Element>,
    focus: Option<String>,
}

impl Kept {
    /// Of everything in the section but the form that was just sent, which is answered anew.
    pub fn of(section: &Element, sent: Option<&str>) -> Self {
        let mut kept =
            Self { typed: Vec::new(), checked: Vec::new(), unfolded: Vec::new(), refused: Vec::new(), focus: None };
        each(section, "details[open][id]", |fold| kept.unfolded.push(id_of(&fold)));
        each(section, "form[id]:has([aria-invalid=true], .form-alert > *)", |form| {
            if Some(id_of(&form).as_str()) != sent {
                kept.refused.push(form);
            }
        });
        each(section, "input, textarea, select", |field| {
            let own = field.closest("form").ok().flatten().is_some_and(|form| Some(id_of(&form).as_str()) == sent);
            // A secret is in no answer of the server: what was typed stays for the next try.
            if !own || field.get_attribute("type").as_deref() == Some("password") {
                kept.keep(&field);
            }
        });
        let active = document().active_element().filter(|active| section.contains(Some(active)));
        kept.focus = active.and_then(|active| place_of(&active));
        kept
    }

    fn keep(&mut self, field: &Element) {
        let Some(place) = place_of(field) else { return };
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            if matches!(input.type_().as_str(), "checkbox" | "radio") {
                if input.checked() && !input.default_checked() {
                    self.checked.push(place);
                }
            } else if input.value() != input.default_value() {
                self.typed.push((place, input.value()));
            }
        } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
            if Ok(area.value()) != area.default_value() {
                self.typed.push((place, area.value()));
            }
        } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
            self.typed.push((place, select.value()));
        }
    }

    pub fn restore(self, section: &Element) {
        let find = |place: &str| section.query_selector(place).ok().flatten();
        for id in self.unfolded {
            if let Some(fold) = find(&format!("[id='{id}']")) {
                let _ = fold.set_attribute("open", "");
            }
        }
        for form in self.refused {
            if let Some(anew) = find(&format!("form[id='{}']", id_of(&form))) {
                let _ = anew.replace_with_with_node_1(&form);
            }
        }
        for (place, value) in self.typed {
            let Some(field) = find(&place) else { continue };
            if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
                input.set_value(&value);
            } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
                area.set_value(&value);
            } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
                select.set_value(&value);
            }
        }
        for place in self.checked {
            if let Some(field) = find(&place).and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
                field.set_checked(true);
            }
        }
        if let Some(focus) = self.focus.and_then(|place| find(&place)).and_then(|it| it.dyn_into::<HtmlElement>().ok())
        {
            let _ = focus.focus();
        }
    }
}

/// How to find an element again in the same section written anew.
fn place_of(element: &Element) -> Option<String> {
    if element.has_attribute("id") {
        return Some(format!("[id='{}']", id_of(element)));
    }
    if let Some(link) = element.get_attribute("href") {
        return Some(format!("[href='{link}']"));
    }
    let form = element.closest("form").ok().flatten().filter(|form| form.has_attribute("id"));
    let in_form = form.map(|form| format!("[id='{}'] ", id_of(&form))).unwrap_or_default();
    let name = element.get_attribute("name");
    match (name, element.get_attribute("value")) {
        (Some(name), Some(value)) => Some(format!("{in_form}[name='{name}'][value='{value}']")),
        (Some(name), None) => Some(format!("{in_form}[name='{name}']")),
        (None, _) if element.tag_name() == "BUTTON" && !in_form.is_empty() => Some(format!("{in_form}button")),
        (None, _) if element.tag_name() == "SUMMARY" => {
            let fold = element.closest("details").ok().flatten().filter(|fold| fold.has_attribute("id"));
            fold.map(|fold| format!("[id='{}'] > summary", id_of(&fold)))
        }
        (None, _) => None,
    }
}

/// The attribute: a form with a field named `id` has another idea of its property.
pub(super) fn id_of(element: &Element) -> String {
    element.get_attribute("id").unwrap_or_default()
}

fn each(section: &Element, which: &str, mut act: impl FnMut(Element)) {
    let Ok(found) = section.query_selector_all(which) else { return };
    for n in 0..found.length() {
        if let Some(element) = found.item(n).and_then(|node| node.dyn_into::<Element>().ok()) {
            act(element);
        }
    }
}
