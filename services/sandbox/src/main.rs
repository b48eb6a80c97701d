//! The `sandbox` program: the set-up alone, and the processes the sandbox runs beside those it starts.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use sandbox::guard::{self, ExecArguments, GuardArguments};
use sandbox::setup::{Cache, Progress, set_up, set_up_jdbc};

#[derive(Parser)]
#[command(name = "sandbox", about = "Throw-away Kafka, MySQL, simulator and trace sink, without root")]
struct Arguments {
    #[command(subcommand)]
    mode: Mode,
}

#[derive(Subcommand)]
enum Mode {
    /// Find or fetch what the sandbox starts: Java, Apache Kafka, MySQL, and a JDBC client for the tests
    ///
    /// `java`, `mvn` and `mysqld` on the PATH and KAFKA_HOME are used where they fit (GARIMPO_IGNORE_SYSTEM=1 ignores
    /// them); the rest is fetched into ~/.cache/garimpo (or GARIMPO_CACHE), once.
    Setup,
    /// Receive OTLP over http/protobuf, keep it in memory, answer questions at /spans, /traces and /metrics
    TraceSink {
        /// Address to listen on; port 0 takes a free one, which is told on stdout
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
    /// Run a program until this process loses its parent (used by the sandbox itself)
    #[command(hide = true)]
    Guard(GuardArguments),
    /// Become a program that dies with its guard (used by `guard`)
    #[command(hide = true)]
    GuardExec(ExecArguments),
}

fn main() -> ExitCode {
    let ended = match Arguments::parse().mode {
        Mode::Setup => setup(),
        Mode::TraceSink { listen } => trace_sink(listen),
        Mode::Guard(arguments) => guard::guard(&arguments).map(|()| ExitCode::SUCCESS).map_err(Into::into),
        Mode::GuardExec(arguments) => guard::exec(&arguments).map(|()| ExitCode::SUCCESS).map_err(Into::into),
    };
    // The message alone: a backtrace tells a user of the set-up nothing.
    ended.unwrap_or_else(|error| {
        eprintln!("sandbox: {error:#}");
        ExitCode::FAILURE
    })
}

fn setup() -> anyhow::Result<ExitCode> {
    let (cache, progress) = (Cache::of_this_user()?, Progress::to_stderr());
    let tools = set_up(&cache, &progress)?;
    let jdbc = set_up_jdbc(&cache, &progress)?;
    println!("Java   {}", tools.java.program.display());
    println!("Kafka  {}", tools.kafka.jars().display());
    println!("MySQL  {} ({})", tools.mysql.version(), tools.mysql.server()[0]);
    println!("JDBC   {}", jdbc.jars().display());
    Ok(ExitCode::SUCCESS)
}

fn trace_sink(listen: SocketAddr) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(sandbox::trace_sink::serve(listen))?;
    Ok(ExitCode::SUCCESS)
}
