//! Which product a command is about: the one that was named, or the only one there is.

use super::{
    client::Client,
    said::{Fail, text},
};

pub(super) async fn meant(client: &Client, named: Option<String>) -> Result<String, Fail> {
    if let Some(named) = named {
        return Ok(named);
    }
    let products = client.all(&["products"]).await?;
    let mut slugs: Vec<&str> = products.iter().map(|product| text(product, "slug")).collect();
    slugs.sort_unstable();
    match slugs.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(Fail::refused("you see no product; an administrator creates products and grants roles on them")),
        many => Err(Fail::usage(format!("name the product with --product: {}", many.join(", ")))),
    }
}
