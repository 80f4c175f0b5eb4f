//! The end of a demonstration. Nothing is taken out of its record: it is given up as a whole, and an empty one begins.

use super::place::WIPED;
use crate::{auth::MachineSecrets, boot, clock::SystemClock, config::Settings};
use anyhow::Context as _;
use app::pages::demo::Ending;
use async_trait::async_trait;
use control::{Control, Opening, memory::MemoryGround, tasks::Tasks};
use domain::{Class, Refusal};
use std::sync::{Arc, OnceLock};
use tokio_util::sync::CancellationToken;

/// Asked once; then the house of the demonstration closes, and that of the empty record opens.
#[derive(Debug, Clone)]
pub struct Wiping {
    settings: Arc<Settings>,
    asked: CancellationToken,
    /// Where the first administrator of the empty record is made.
    place: Arc<OnceLock<String>>,
}

impl Wiping {
    /// None where nothing is made up.
    pub fn of(settings: &Settings) -> Option<Self> {
        let wiping = || Self {
            settings: Arc::new(settings.clone()),
            asked: CancellationToken::new(),
            place: Arc::new(OnceLock::new()),
        };
        settings.demo.then(wiping)
    }

    /// Until somebody has asked for it.
    pub async fn asked(&self) {
        self.asked.cancelled().await;
    }

    /// Once it was asked for: where to go on, in the empty record.
    pub fn place(&self) -> Option<&str> {
        self.place.get().map(String::as_str)
    }
}

#[async_trait]
impl Ending for Wiping {
    /// Begins the empty record; says where its first administrator is made.
    async fn wipe(&self) -> Result<String, Refusal> {
        if self.place().is_some() {
            return Err(Refusal::new(Class::Conflict, "The demonstration is being wiped already."));
        }
        match self.begin_empty().await {
            Ok(place) => {
                let place = self.place.get_or_init(|| place).clone();
                self.asked.cancel();
                Ok(place)
            }
            Err(error) => {
                let _ = std::fs::remove_file(self.settings.data.join(WIPED));
                tracing::error!("the empty record cannot be made: {error:#}");
                let why = "The empty record cannot be made, so nothing was wiped; the log says why.";
                Err(Refusal {
                    who_can_help: Some("Whoever runs Pilothouse here".to_owned()),
                    ..Refusal::new(Class::Unavailable, why)
                })
            }
        }
    }
}

impl Wiping {
    async fn begin_empty(&self) -> anyhow::Result<String> {
        let demo = &self.settings.data;
        let data = demo.parent().context("its folder stands in no other")?.to_owned();
        std::fs::write(demo.join(WIPED), "").context("the demonstration cannot be marked as wiped")?;
        let own = Settings { demo: false, data, ..Settings::clone(&self.settings) };
        let (journal, _) = boot::open(&own).await?;
        let tasks = Tasks::default();
        let opening = Opening {
            journal,
            clock: Arc::new(SystemClock::beginning_at(own.now)),
            secrets: Arc::new(MachineSecrets::default()),
            machines: MemoryGround::default().machines(),
            tasks: tasks.clone(),
            follow: None,
        };
        let link = Control::open(opening, |_, _| ()).await?.set_up_link().await;
        tasks.stop().await;
        // Whoever holds the administrator's token can sign in already, so no link opens anything.
        let link = link?.filter(|_| own.admin_token.is_none());
        Ok(link.map_or_else(|| "/sign-in".to_owned(), |secret| format!("/set-up/{secret}")))
    }
}
