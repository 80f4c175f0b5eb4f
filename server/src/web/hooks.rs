//! Where other systems tell something by themselves: no login, but a signature over the bytes as they came, or a token.

use super::{Web, body, rest::Problem};
use axum::{
    Json,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
};
use control::{driver::Told, monitor::Taken};
use domain::{Refusal, environment::EnvironmentId};

/// No delivery of alerts is larger.
const LARGEST: usize = 1 << 20;

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

/// Alerts from Alertmanager. Nobody's body is read before it is clear that the token is known.
pub async fn alerts(State(web): State<Web>, headers: HeaderMap, body: Body) -> Result<Json<Taken>, Problem> {
    let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let admitted = web.control.admitted(authorization).await?;
    let body = body::read(body, LARGEST).await.map_err(|unread| unread.problem(LARGEST))?;
    let taken = web.control.alerted(admitted, &body).await?;
    web.metrics.alerted(&taken);
    if taken.ignored > 0 || taken.left_out > 0 {
        tracing::warn!(?taken, "not all alerts were taken");
    }
    Ok(Json(taken))
}
