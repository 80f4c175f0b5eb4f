//! What has happened in the demonstration over ninety days.

use domain::rollout::ActionKind;

/// Slug, name and playbook of each.
pub(super) const PRODUCTS: [(&str, &str, &str); 6] = [
    ("shop", "Shop", "orca"),
    ("agents", "Agents", "mesh-os"),
    ("portal", "Customer portal", "sarvanom"),
    // Its tool is made up as well: it says what it would do.
    ("tickets", "Ticket office", "demo"),
    // These two run on this machine.
    ("coffee", "Coffee bar", "demo"),
    ("bakery", "Bakery", "demo"),
];

/// A release and what became of it.
pub(super) struct Chapter {
    /// So many days before the demonstration begins.
    pub ago: u16,
    pub product: &'static str,
    pub version: &'static str,
    pub title: &'static str,
    pub then: &'static [Act],
}

pub(super) enum Act {
    Ask,
    /// Role and comment.
    Approve(&'static str, &'static str),
    Reject(&'static str, &'static str),
    /// Built anew, which voids approvals.
    Rebuild,
    Cancel(&'static str),
    /// CI reports that these passed.
    Passed(&'static [&'static str]),
    /// CI reports that one failed.
    Failed(&'static str),
    /// Gate, environment, role and comment of a sign-off.
    Sign(&'static str, &'static str, &'static str, &'static str),
    /// The message that the captain sent.
    Tell(&'static str, &'static str),
    /// How to get back.
    WayBack(&'static str),
    /// Somebody asks for more time before production.
    Hold(&'static str),
    /// A tool of the team's own deployed it.
    Deploy(&'static str),
    /// It goes to production by the playbook's usual strategy.
    Promote,
    PromoteBy(&'static str),
    /// The next step of this kind fails.
    Fails(ActionKind),
    /// It goes to production, and back from where it is watched.
    Abort(&'static str),
    /// It has been live for a day, and goes back.
    Back(&'static str),
    /// Releases may come in again.
    Resume(&'static str),
}
use Act::{
    Abort, Approve, Ask, Back, Cancel, Deploy, Failed, Fails, Hold, Passed, Promote, PromoteBy, Rebuild, Reject,
    Resume, Sign, Tell, WayBack,
};

/// What CI checks in the shop.
const SHOP_CI: Act = Passed(&["lint", "typecheck", "test", "build"]);

/// The oldest first.
pub(super) const STORY: [Chapter; 29] = [
    Chapter {
        ago: 88,
        product: "tickets",
        version: "3.0.0",
        title: "Tickets for the whole family",
        then: &[Ask, Approve("product_manager", "Tried with three families."), Promote],
    },
    Chapter {
        ago: 84,
        product: "shop",
        version: "1.0.0",
        title: "The shop opens",
        then: &[
            Ask,
            Approve("engineering_lead", "Load test passed at twice the expected traffic."),
            Approve("product_manager", "Support has the guide."),
            SHOP_CI,
            Deploy("staging"),
            Deploy("production"),
        ],
    },
    Chapter {
        ago: 80,
        product: "tickets",
        version: "3.0.1",
        title: "Receipts by e-mail",
        then: &[Ask, Approve("product_manager", ""), Promote],
    },
    Chapter {
        ago: 73,
        product: "tickets",
        version: "3.1.0",
        title: "Seats to choose from",
        then: &[Ask, Approve("product_manager", "The hall plans are right."), Promote],
    },
    Chapter {
        ago: 71,
        product: "portal",
        version: "2.0.0",
        title: "One account for all services",
        then: &[
            Ask,
            Approve("engineering_leadership", "Migration rehearsed twice."),
            Approve("product_leadership", "Customers were told in time."),
        ],
    },
    Chapter {
        ago: 66,
        product: "tickets",
        version: "3.1.1",
        title: "Prices with tax",
        then: &[Ask, Approve("product_manager", ""), PromoteBy("blue_green")],
    },
    Chapter {
        ago: 63,
        product: "shop",
        version: "1.0.1",
        title: "Prices in the customer's own currency",
        then: &[Ask, Approve("engineering_lead", ""), SHOP_CI, Deploy("staging"), Deploy("production")],
    },
    Chapter {
        ago: 59,
        product: "tickets",
        version: "3.2.0",
        title: "Gift cards",
        then: &[
            Ask,
            Approve("product_manager", "Works as shown."),
            Fails(ActionKind::Weight),
            Promote,
            Resume("The balancer takes weights again."),
        ],
    },
    Chapter {
        ago: 57,
        product: "tickets",
        version: "3.2.1",
        title: "Gift cards, once more",
        then: &[Ask, Approve("product_manager", ""), Promote],
    },
    Chapter {
        ago: 55,
        product: "agents",
        version: "0.1.0",
        title: "Agents answer questions about orders",
        then: &[Ask, Approve("release_manager", "Evidence is complete."), Approve("product_manager", "")],
    },
    Chapter {
        ago: 50,
        product: "shop",
        version: "1.0.2",
        title: "Addresses abroad",
        then: &[Ask, Approve("engineering_lead", ""), SHOP_CI, Deploy("staging"), Deploy("production")],
    },
    Chapter {
        ago: 45,
        product: "tickets",
        version: "3.3.0",
        title: "Waiting list",
        then: &[
            Ask,
            Approve("product_manager", "Customers have asked for it."),
            Abort("Customers on the waiting list were told twice."),
            Resume("3.3.1 tells them once."),
        ],
    },
    Chapter {
        ago: 43,
        product: "tickets",
        version: "3.3.1",
        title: "Waiting list, told once",
        then: &[Ask, Approve("product_manager", ""), Promote],
    },
    Chapter {
        ago: 31,
        product: "tickets",
        version: "3.4.0",
        title: "Tickets in the phone's wallet",
        then: &[Ask, Approve("product_manager", ""), Promote],
    },
    Chapter {
        ago: 29,
        product: "shop",
        version: "1.0.3",
        title: "Slow pages are quick again",
        then: &[
            Ask,
            Approve("engineering_lead", "Half a second less."),
            SHOP_CI,
            Deploy("staging"),
            Deploy("production"),
        ],
    },
    Chapter {
        ago: 22,
        product: "tickets",
        version: "3.4.1",
        title: "Larger print",
        then: &[Ask, Approve("product_manager", ""), PromoteBy("blue_green")],
    },
    Chapter {
        ago: 12,
        product: "tickets",
        version: "3.5.0",
        title: "Early birds",
        then: &[
            Ask,
            Approve("product_manager", "The prices are agreed."),
            Promote,
            Back("Yesterday's prices show at the till."),
            Resume("3.5.1 reads prices anew."),
        ],
    },
    Chapter {
        ago: 10,
        product: "tickets",
        version: "3.5.1",
        title: "Early birds with today's prices",
        then: &[Ask, Approve("product_manager", ""), Promote],
    },
    Chapter {
        ago: 4,
        product: "shop",
        version: "1.1.0",
        title: "Search with filters",
        then: &[
            Ask,
            Approve("product_manager", "Finds what customers asked for."),
            Approve("engineering_lead", ""),
            SHOP_CI,
            Deploy("staging"),
            Sign("qa_sign_off", "production", "qa_engineer", "Tried by hand on three browsers."),
            Tell("freeze", "The freeze for 1.1.0 begins on Thursday at noon UTC."),
            WayBack("Deploy 1.0.3 again; nothing is migrated."),
        ],
    },
    Chapter {
        ago: 4,
        product: "tickets",
        version: "3.6.0",
        title: "Season tickets",
        then: &[Ask, Approve("product_manager", "Works as shown."), Promote],
    },
    Chapter {
        ago: 3,
        product: "portal",
        version: "2.1.0",
        title: "Invoices to download",
        then: &[
            Ask,
            Approve("product_manager", "Invoices look right."),
            Rebuild,
            Passed(&["unit", "integration", "contract"]),
            Failed("performance"),
            Hold("The performance test has to be understood first."),
        ],
    },
    Chapter {
        ago: 3,
        product: "shop",
        version: "1.2.0",
        title: "Checkout without an account",
        then: &[
            Ask,
            Approve("engineering_lead", ""),
            Reject(
                "product_manager",
                "The refund e-mail still names the old address; support would get all the questions.",
            ),
        ],
    },
    Chapter {
        ago: 2,
        product: "portal",
        version: "2.1.1",
        title: "Longer sessions",
        then: &[Ask, Cancel("Solved at the identity provider instead.")],
    },
    Chapter { ago: 2, product: "shop", version: "1.2.1", title: "Faster product pages", then: &[] },
    Chapter {
        ago: 2,
        product: "agents",
        version: "0.2.0",
        title: "Agents remember earlier conversations",
        then: &[Ask, Approve("release_manager", "Change ticket and evidence are complete.")],
    },
    Chapter {
        ago: 2,
        product: "coffee",
        version: "1.4.2",
        title: "Orders by table",
        then: &[Ask, Approve("product_manager", "Works as shown.")],
    },
    Chapter {
        ago: 2,
        product: "bakery",
        version: "2.0.1",
        title: "Opening hours on holidays",
        then: &[Ask, Approve("product_manager", "")],
    },
    Chapter {
        ago: 1,
        product: "coffee",
        version: "1.5.0",
        title: "Pay with your watch",
        then: &[Ask, Approve("product_manager", "Our guests asked for it.")],
    },
    Chapter { ago: 1, product: "bakery", version: "2.1.0", title: "Order bread for tomorrow", then: &[Ask] },
];
