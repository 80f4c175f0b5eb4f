//! The contract for HAProxy: something stands between the driver and it, which writes down what went through and loses replies.

use crate::{
    contract::{self, Mood, Stand},
    haproxy::{TOKEN, done, made, settings},
    running::{Running, say},
    tasks::{task, weight},
};
use async_trait::async_trait;
use control::driver::{Driver, Task};
use domain::rollout::Action;
use drivers::haproxy::Haproxy;
use serde_json::json;
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::UnixListener,
    task::JoinSet,
};

struct Between {
    driver: Haproxy,
    running: Running,
    through: Arc<Mutex<Through>>,
    _work: JoinSet<()>,
}

#[derive(Default)]
struct Through {
    mood: Option<Mood>,
    /// Nothing comes back until it is mended.
    broken: bool,
    commands: Vec<String>,
}

async fn between() -> Between {
    let running = Running::start().await;
    let through = Arc::new(Mutex::new(Through::default()));
    let listener = UnixListener::bind(running.socket("between.sock")).expect("a socket");
    let (admin, operator) = (running.socket("admin.sock"), running.socket("operator.sock"));
    let mut work = JoinSet::new();
    let shared = Arc::clone(&through);
    work.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            if stream.read_line(&mut line).await.is_err() {
                continue;
            }
            let (mood, broken) = {
                let through = shared.lock().expect("what went through");
                (through.mood, through.broken)
            };
            if broken || mood == Some(Mood::NotNow) {
                continue;
            }
            let moves = line.contains("weight");
            let socket = if mood == Some(Mood::Decline) { &operator } else { &admin };
            let reply = say(socket, line.trim()).await.unwrap_or_default();
            if moves && mood != Some(Mood::Decline) {
                shared.lock().expect("what went through").commands.push(line);
            }
            if moves && mood == Some(Mood::LoseReply) {
                shared.lock().expect("what went through").broken = true;
                continue;
            }
            // The driver may be gone.
            let _ = stream.write_all(reply.as_bytes()).await;
        }
    });
    let driver = made(settings(&running, json!({ "socket": running.socket("between.sock") })), running.folder.path());
    done(&driver, &task(0, Action::Deploy)).await;
    Between { driver, running, through, _work: work }
}

#[async_trait]
impl Stand for Between {
    fn driver(&self) -> &dyn Driver {
        &self.driver
    }

    fn nowhere(&self) -> Box<dyn Driver> {
        let nobody = self.running.socket("nobody.sock");
        Box::new(made(settings(&self.running, json!({ "socket": nobody })), self.running.folder.path()))
    }

    fn task(&self, number: u8) -> Task {
        task(number, weight(10 + number))
    }

    async fn effects(&self, task: &Task) -> usize {
        let Action::Weight { share } = task.action else { panic!("a weight") };
        let wanted = format!("green weight {};", share.amount());
        self.through.lock().expect("what went through").commands.iter().filter(|line| line.contains(&wanted)).count()
    }

    async fn next(&self, mood: Mood) {
        self.through.lock().expect("what went through").mood = Some(mood);
    }

    async fn mend(&self) {
        let mut through = self.through.lock().expect("what went through");
        (through.mood, through.broken) = (None, false);
    }

    fn secrets(&self) -> Vec<String> {
        vec![TOKEN.to_owned()]
    }
}

#[tokio::test]
async fn the_contract_holds() {
    contract::holds(&between().await).await;
}
