//! Every server function and what it asks of the asker: the list that the authorization matrix is held against.

use domain::access::Permission;

/// What it takes to call a server function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nobody needs to be signed in.
    Nothing,
    /// A one-time link's secret in the request.
    Link,
    /// Anybody who is signed in; the answer holds what they may see.
    SignedIn,
    /// This permission on the product in question; without `view` the product is not there.
    OnProduct(Permission),
    /// This permission on the whole installation.
    Everywhere(Permission),
    /// One's own person, or the permission to administer.
    OwnPersonOrAdminister,
}

/// All of them. A test compares this with what the server registers.
pub const SERVER_FUNCTIONS: &[(&str, Needs)] = &[
    ("/do/sign_in", Needs::Nothing),
    ("/do/sign_in_by_link", Needs::Link),
    ("/do/sign_out", Needs::SignedIn),
    ("/do/theme", Needs::Nothing),
    ("/do/set_up", Needs::Link),
    ("/do/set_password", Needs::Link),
    ("/do/create_release", Needs::OnProduct(Permission::Author)),
    ("/do/edit_release", Needs::OnProduct(Permission::Author)),
    ("/do/request_approval", Needs::OnProduct(Permission::Author)),
    ("/do/cancel_release", Needs::OnProduct(Permission::Author)),
    ("/do/approve", Needs::OnProduct(Permission::Approve)),
    ("/do/sign", Needs::OnProduct(Permission::Approve)),
    ("/do/mark_item", Needs::OnProduct(Permission::Tick)),
    ("/do/vouch", Needs::OnProduct(Permission::Tick)),
    ("/do/hold", Needs::OnProduct(Permission::View)),
    ("/do/lift_hold", Needs::OnProduct(Permission::Promote)),
    ("/do/break_glass", Needs::OnProduct(Permission::BreakGlass)),
    ("/do/set_aside", Needs::OnProduct(Permission::Tick)),
    ("/do/sent_message", Needs::OnProduct(Permission::Tick)),
    ("/do/plan_deployment", Needs::OnProduct(Permission::Author)),
    ("/do/declare", Needs::OnProduct(Permission::Author)),
    ("/do/choose_strategy", Needs::OnProduct(Permission::Author)),
    ("/do/record_deployment", Needs::OnProduct(Permission::Promote)),
    ("/do/promote", Needs::OnProduct(Permission::Promote)),
    ("/do/roll_back", Needs::OnProduct(Permission::Promote)),
    ("/do/steer", Needs::OnProduct(Permission::Promote)),
    ("/do/resolve", Needs::OnProduct(Permission::Promote)),
    ("/do/resume_environment", Needs::OnProduct(Permission::Promote)),
    ("/do/connect", Needs::OnProduct(Permission::Administer)),
    ("/do/disconnect", Needs::OnProduct(Permission::Administer)),
    ("/do/watch", Needs::OnProduct(Permission::Administer)),
    ("/do/unwatch", Needs::OnProduct(Permission::Administer)),
    ("/do/ask_monitor", Needs::OnProduct(Permission::Promote)),
    ("/do/clear_alarm", Needs::OnProduct(Permission::Author)),
    ("/do/adopt", Needs::OnProduct(Permission::Promote)),
    ("/do/stop_automation", Needs::OnProduct(Permission::Promote)),
    ("/do/lift_stop", Needs::OnProduct(Permission::Promote)),
    // To author or to respond will do as well.
    ("/do/report_known_issue", Needs::OnProduct(Permission::Tick)),
    ("/do/edit_known_issue", Needs::OnProduct(Permission::Tick)),
    ("/do/fix_known_issue", Needs::OnProduct(Permission::Tick)),
    ("/do/close_known_issue", Needs::OnProduct(Permission::Tick)),
    ("/do/reopen_known_issue", Needs::OnProduct(Permission::Tick)),
    ("/do/wipe_demo", Needs::Everywhere(Permission::Administer)),
    ("/do/create_product", Needs::Everywhere(Permission::Administer)),
    ("/do/follow_playbook", Needs::Everywhere(Permission::Administer)),
    ("/do/publish_playbook", Needs::Everywhere(Permission::Administer)),
    ("/do/copy_playbook", Needs::Everywhere(Permission::Administer)),
    ("/do/move_release", Needs::OnProduct(Permission::Author)),
    ("/do/invite", Needs::Everywhere(Permission::Administer)),
    ("/do/correct_person", Needs::OwnPersonOrAdminister),
    ("/do/issue_link", Needs::Everywhere(Permission::Administer)),
    ("/do/grant_role", Needs::Everywhere(Permission::Administer)),
    ("/do/revoke_role", Needs::Everywhere(Permission::Administer)),
    ("/do/name_stand_in", Needs::OwnPersonOrAdminister),
    ("/do/withdraw_stand_in", Needs::OwnPersonOrAdminister),
    ("/do/disable_person", Needs::Everywhere(Permission::Administer)),
    ("/do/enable_person", Needs::Everywhere(Permission::Administer)),
    ("/do/erase_person", Needs::Everywhere(Permission::Administer)),
    ("/do/issue_token", Needs::OwnPersonOrAdminister),
    ("/do/revoke_token", Needs::OwnPersonOrAdminister),
    ("/do/save_window", Needs::OnProduct(Permission::Promote)),
    ("/do/remove_window", Needs::OnProduct(Permission::Promote)),
    ("/do/set_rotation", Needs::OnProduct(Permission::Promote)),
    ("/do/override_turn", Needs::OnProduct(Permission::Promote)),
    ("/do/open_feed", Needs::SignedIn),
    ("/do/finish_import", Needs::Everywhere(Permission::Administer)),
    ("/do/undo_import", Needs::Everywhere(Permission::Administer)),
    ("/see/calendar", Needs::SignedIn),
    ("/see/new_rule", Needs::OnProduct(Permission::Promote)),
    ("/see/rotations", Needs::OnProduct(Permission::View)),
    ("/see/inbox", Needs::SignedIn),
    ("/see/overview", Needs::SignedIn),
    ("/see/release", Needs::OnProduct(Permission::View)),
    ("/see/releases", Needs::SignedIn),
    ("/see/release_choices", Needs::SignedIn),
    ("/see/welcome", Needs::Link),
    ("/see/me", Needs::SignedIn),
    ("/see/audit", Needs::Everywhere(Permission::Administer)),
    ("/see/people", Needs::Everywhere(Permission::Administer)),
    ("/see/person", Needs::OwnPersonOrAdminister),
    ("/see/products", Needs::Everywhere(Permission::Administer)),
    ("/see/playbooks", Needs::SignedIn),
];

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::SERVER_FUNCTIONS;
    use std::collections::BTreeSet;

    #[test]
    fn the_list_names_every_server_function_and_nothing_else() {
        let listed: BTreeSet<&str> = SERVER_FUNCTIONS.iter().map(|(path, _)| *path).collect();
        let registered: BTreeSet<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
        assert_eq!(listed, registered);
        assert_eq!(listed.len(), SERVER_FUNCTIONS.len(), "each stands once");
    }

    #[test]
    fn what_changes_something_is_a_post_below_do() {
        for (path, method) in leptos::server_fn::axum::server_fn_paths() {
            let expected = if path.starts_with("/do/") { http::Method::POST } else { http::Method::GET };
            assert_eq!(method, expected, "{path}");
        }
    }
}
