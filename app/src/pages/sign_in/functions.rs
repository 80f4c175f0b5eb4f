//! Server functions that change who is signed in. Each ends with a whole page load.

use crate::failure::Failure;
use leptos::prelude::*;

#[server(prefix = "/do", endpoint = "sign_in")]
pub async fn sign_in(email: String, password: String, #[server(default)] next: String) -> Result<(), Failure> {
    crate::failure::answer(on_server::sign_in(email, password, &next).await)
}

#[server(prefix = "/do", endpoint = "sign_in_by_link")]
pub async fn sign_in_by_link(secret: String) -> Result<(), Failure> {
    crate::failure::answer(on_server::sign_in_by_link(&secret).await)
}

#[server(prefix = "/do", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), Failure> {
    crate::failure::answer(on_server::sign_out().await)
}

#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod on_server {
    use crate::{
        asking::{self, control},
        session::{ClientAddress, SessionCookie},
    };
    use control::people::{NewSession, SignIn};
    use domain::{Class, Refusal};
    use leptos::prelude::use_context;
    use leptos_axum::redirect;

    pub async fn sign_in(email: String, password: String, next: &str) -> Result<(), Refusal> {
        let address = asking::parts().and_then(|parts| parts.extensions.get::<ClientAddress>().cloned());
        let address = address.map_or_else(String::new, |address| address.0);
        let session = control()?.sign_in(SignIn { email, password, address }).await?;
        begin(&session, next).await
    }

    pub async fn sign_in_by_link(secret: &str) -> Result<(), Refusal> {
        let session = control()?.sign_in_by_link(secret).await?;
        begin(&session, "/").await
    }

    pub async fn sign_out() -> Result<(), Refusal> {
        let cookie = session_cookie()?;
        if let Some(secret) = asking::parts().and_then(|parts| cookie.read(&parts)) {
            control()?.sign_out(&secret).await?;
        }
        cookie.clear();
        redirect("/sign-in");
        Ok(())
    }

    /// Gives this browser the session and shows it the page it came for.
    pub async fn begin(session: &NewSession, next: &str) -> Result<(), Refusal> {
        let cookie = session_cookie()?;
        // Whatever this browser held before ends here.
        if let Some(before) = asking::parts().and_then(|parts| cookie.read(&parts)) {
            control()?.sign_out(&before).await?;
        }
        cookie.set(&session.secret, session.expires_at);
        redirect(if is_own_page(next) { next } else { "/" });
        Ok(())
    }

    fn session_cookie() -> Result<SessionCookie, Refusal> {
        use_context().ok_or_else(|| Refusal::new(Class::Unavailable, "Signing in is not set up here."))
    }

    /// A path of this installation: never another host, however it is written.
    fn is_own_page(next: &str) -> bool {
        next.starts_with('/')
            && !next.starts_with("//")
            && next.chars().all(|c| c.is_ascii_graphic() && c != '\\')
            && !next.starts_with("/sign-in")
    }

    #[cfg(test)]
    mod tests {
        use super::is_own_page;

        #[test]
        fn only_own_pages_come_after_signing_in() {
            assert!(is_own_page("/shop/releases/1.2.0"));
            for foreign in ["", "https://evil.example", "//evil.example", "/\\evil.example", "/a\nb", "/sign-in"] {
                assert!(!is_own_page(foreign), "{foreign}");
            }
        }
    }
}
