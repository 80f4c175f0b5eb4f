//! Where the other side stops and waits for the trial: when a call has arrived, and when it is done but not answered.

use anyhow::Context as _;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinSet,
};

/// A trial that forgot about a call must not hold it for ever.
const LONGEST: Duration = Duration::from_mins(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Arrived,
    Done,
}

impl Moment {
    fn name(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Done => "done",
        }
    }
}

/// How a call goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    On,
    /// It never came through.
    Lost,
}

#[derive(Debug, Default)]
pub struct Cue(Mutex<Option<Armed>>);

#[derive(Debug)]
struct Armed {
    product: String,
    action: String,
    moment: Moment,
    reached: oneshot::Sender<()>,
    go: oneshot::Receiver<Go>,
}

/// The trial's end of it.
#[derive(Debug)]
pub struct Waiting {
    reached: oneshot::Receiver<()>,
    go: oneshot::Sender<Go>,
}

impl Cue {
    /// The first call like this stops at `moment`.
    pub fn arm(&self, product: &str, action: &str, moment: Moment) -> Waiting {
        let ((reached, told), (go, waits)) = (oneshot::channel(), oneshot::channel());
        let (product, action) = (product.to_owned(), action.to_owned());
        let armed = Armed { product, action, moment, reached, go: waits };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(armed);
        Waiting { reached: told, go }
    }

    /// A call is there. Answers at once unless it is the one that the trial waits for.
    pub async fn at(&self, product: &str, action: &str, moment: Moment) -> Go {
        let armed = {
            let mut armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let meant = |it: &Armed| it.product == product && it.action == action && it.moment == moment;
            if armed.as_ref().is_some_and(meant) { armed.take() } else { None }
        };
        let Some(Armed { reached, go, .. }) = armed else { return Go::On };
        let _ = reached.send(());
        match tokio::time::timeout(LONGEST, go).await {
            Ok(Ok(go)) => go,
            _ => Go::On,
        }
    }
}

impl Waiting {
    /// Until the call is there.
    pub async fn reached(&mut self) -> anyhow::Result<()> {
        let reached = tokio::time::timeout(LONGEST, &mut self.reached).await;
        reached.context("the call never came")?.context("nobody waits for the call any more")
    }

    pub fn go(self, go: Go) {
        // The call may be gone with the process that made it.
        let _ = self.go.send(go);
    }
}

/// The same for processes of the other side: they ask at this address.
#[derive(Debug)]
pub struct Door {
    pub address: SocketAddr,
    _serving: JoinSet<()>,
}

impl Door {
    pub async fn open(cue: Arc<Cue>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut guests = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let cue = cue.clone();
                guests.spawn(async move {
                    let _ = answer(stream, &cue).await;
                });
                while guests.try_join_next().is_some() {}
            }
        });
        Ok(Self { address, _serving: serving })
    }
}

async fn answer(stream: TcpStream, cue: &Cue) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let [product, action, moment] = words[..] else { return Ok(()) };
    let moment = if moment == Moment::Done.name() { Moment::Done } else { Moment::Arrived };
    let go = cue.at(product, action, moment).await;
    stream.get_mut().write_all(if go == Go::Lost { b"lost\n" } else { b"on\n" }).await
}

/// What a process of the other side asks; where nobody answers, it goes on.
pub async fn ask(address: SocketAddr, product: &str, action: &str, moment: Moment) -> Go {
    let asked = async {
        let mut stream = BufReader::new(TcpStream::connect(address).await?);
        let line = format!("{product} {action} {}\n", moment.name());
        stream.get_mut().write_all(line.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_line(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    if asked.await.is_ok_and(|answer| answer.trim() == "lost") { Go::Lost } else { Go::On }
}
