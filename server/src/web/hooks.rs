//! Where other systems tell something by themselves: no login, but a signature over the bytes as they came.

use super::{Web, rest::Problem};
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use control::driver::Told;
use domain::{Refusal, environment::EnvironmentId};

/// What became of a task that a driver had sent out.
pub async fn deployments(
    State(web): State<Web>,
    Path((product, env)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    // What is no name names nothing.
    let nothing = || Refusal::not_found(format!("environment “{env}” of a product “{product}”"));
    let (Ok(product), Ok(env)) = (product.parse(), env.parse()) else { return Err(nothing().into()) };
    let place = EnvironmentId { product, env };
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    web.control.told(&place, &Told { header: &header, body: &body, at: web.control.now() }).await?;
    Ok(StatusCode::NO_CONTENT)
}
