//! Commands as lists of arguments: what teams type today, kept for reading and copying.

use super::{
    names::{CommandId, PartId},
    read::{Reader, Value, record, words},
    template::Template,
};

words! {
    /// What a command is for.
    pub enum CommandKind {
        /// Before a deployment.
        Check = "check",
        Version = "version",
        Tag = "tag",
        Publish = "publish",
        Build = "build",
        Test = "test",
        Deploy = "deploy",
        Rollback = "rollback",
        Status = "status",
        Logs = "logs",
        Database = "database",
        Flag = "flag",
        Monitor = "monitor",
        /// To find out what is wrong.
        Diagnose = "diagnose",
        /// Of Pilothouse itself.
        Own = "own",
    }
}

words! {
    /// What a good run looks like.
    pub enum Expectation {
        EmptyOutput = "empty_output",
        AllPass = "all_pass",
        Success = "success",
        NoCritical = "no_critical",
        /// The exit code is the verdict.
        ExitCodeDecides = "exit_code_decides",
    }
}

record! {
    /// A command.
    pub struct Command {
        pub id: CommandId,
        pub title: String,
        pub kind: CommandKind,
        /// The program and its arguments, each on its own; no shell is involved.
        pub argv: Vec<Template>,
        /// Another way to do the same.
        pub or: Vec<Template>,
        pub expects: Option<Expectation>,
    }
    check Command::sound;
}

impl Command {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.argv.is_empty() {
            reader.contradiction(value, "argv", "is empty; the first entry is the program");
        }
    }
}

record! {
    /// What to do about a symptom.
    pub struct Troubleshooting {
        pub id: PartId,
        pub title: String,
        pub symptom: String,
        /// It counts as one after so long.
        pub after: Option<super::span::Span>,
        pub look_at: Vec<String>,
        pub fixes: Vec<String> as "do",
        pub commands: Vec<CommandId> => Command,
        /// Who takes over when that does not help.
        pub escalate: Option<crate::slug::RoleId> => Role,
    }
}
