//! `crdrift man [COMMAND]`: manual pages, from the types that parse the command line.

use std::io;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::args::{Args, EXIT_CODES, ManArgs};
use crate::cli::console::Verbosity;
use crate::cli::failure::Failure;
use crate::cli::output::write_file;
use crate::cli::{Context, Exit, version};
use crate::source::nearest;
use crate::source::sanitize;

/// The page of the program itself.
const ROOT: &str = "crdrift";

/// The variables besides `CRDRIFT_…`, which every option names itself.
const ENVIRONMENT: [(&str, &str); 18] = [
    (
        "ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN",
        "The credentials; the token for temporary ones.",
    ),
    (
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE, ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_ROLE_ARN, \
         ALIBABA_CLOUD_ROLE_SESSION_NAME",
        "The token, provider and role of a workload without keys, and the name of its sessions.",
    ),
    (
        "ALIBABA_CLOUD_PROFILE",
        "The profile in the credential files, which must exist.",
    ),
    (
        "ALIBABA_CLOUD_CONFIG_FILE, ALIBABA_CLOUD_CREDENTIALS_FILE",
        "The paths of the credential files, which must exist.",
    ),
    (
        "ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
        "Set to true to skip the file of the aliyun command line.",
    ),
    (
        "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS",
        "Set to true to forbid profiles that run a command for their credentials.",
    ),
    (
        "ALIBABA_CLOUD_ECS_METADATA, ALIBABA_CLOUD_ECS_METADATA_DISABLED, ALIBABA_CLOUD_IMDSV1_DISABLED",
        "The role of this ECS instance; set the others to true to skip the role, and to skip requests without a token.",
    ),
    (
        "ALIBABA_CLOUD_CREDENTIALS_URI",
        "A URL that serves credentials.",
    ),
    (
        "ALIBABA_CLOUD_STS_ENDPOINT, ALIBABA_CLOUD_STS_REGION, ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED",
        "The endpoint or region of the security token service; set the last to true for the endpoint inside the VPC.",
    ),
    (
        "PGPASSWORD, PGPASSFILE, PGUSER",
        "The password of a PostgreSQL store, the file that has it, and the user.",
    ),
    (
        "JOB_COMPLETION_INDEX and CRDRIFT_SHARDS, CI_NODE_INDEX and CI_NODE_TOTAL",
        "The shard of --shard auto: the index of a pod from 0, or the number of a job from 1, and how many there are.",
    ),
    (
        "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY",
        "The proxies, and the hosts without a proxy.",
    ),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "The root certificates of this machine.",
    ),
    (
        "NO_COLOR, CLICOLOR_FORCE, TERM",
        "The colours of output, unless --color is given.",
    ),
    (
        "COLUMNS",
        "The width of texts at a terminal, unless --width is given; files and pipes are not wrapped.",
    ),
    (
        "LC_ALL, LC_CTYPE, LANG",
        "The locale: frames and symbols are ASCII where it is not UTF-8.",
    ),
    ("CI", "Set to any value to hide progress."),
    (
        "GITHUB_STEP_SUMMARY, GITHUB_OUTPUT",
        "The files to which -o github appends its summary and outputs.",
    ),
];

const FILES: [(&str, &str); 4] = [
    ("rules.yaml", "The default rules file."),
    (
        "~/.aliyun/config.json",
        "Credentials: the profiles of the aliyun command line.",
    ),
    (
        "~/.alibabacloud/credentials, ~/.alibabacloud/credentials.ini",
        "Credentials: the profiles of the SDKs.",
    ),
    (
        "/etc/ssl/certs",
        "The root certificates of the system; without any, the built-in ones are used.",
    ),
];

pub(in crate::cli) fn run(args: &ManArgs, context: &mut Context) -> Result<Exit, Failure> {
    let mut root = Args::command().disable_help_subcommand(true);
    root.build();
    if let Some(folder) = &args.out {
        write_below(&root, folder, context)?;
    } else {
        let page =
            page(find(&root, &args.command)?).map_err(|error| Failure::new(error.to_string()))?;
        context.print_with(|to| to.write_all(&page))?;
    }
    Ok(Exit::Success)
}

/// Returns the command with a name such as `policy test`.
fn find<'a>(root: &'a Command, words: &[String]) -> Result<&'a Command, Failure> {
    words.iter().try_fold(root, |command, word| {
        command.find_subcommand(word).ok_or_else(|| {
            let guess = nearest(word, command.get_subcommands().map(Command::get_name));
            let help = guess.map_or_else(String::new, |name| format!("did you mean {name}? "));
            Failure::usage(format!("unknown command {}", sanitize(word)))
                .help(format!("{help}`crdrift --help` lists the commands"))
        })
    })
}

fn write_below(root: &Command, folder: &Path, context: &mut Context) -> Result<(), Failure> {
    let mut commands = vec![root];
    let mut written = 0;
    while let Some(command) = commands.pop() {
        let path = folder.join(format!("{}.1", name(command)));
        write_file(&path, &context.secrets, |to| to.write_all(&page(command)?))
            .map_err(|error| Failure::unwritable(&path.display().to_string(), &error))?;
        written += 1;
        commands.extend(command.get_subcommands());
    }
    context.log(
        Verbosity::Normal,
        &format!("crdrift: {written} pages in {}\n", folder.display()),
    );
    Ok(())
}

/// Returns the name of the page, such as `crdrift-plan`.
fn name(command: &Command) -> &str {
    command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
}

/// Returns the page of a command, in roff.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone())
        .title(name(command).to_uppercase())
        .date(version::DATE)
        .source(concat!("crdrift ", env!("CARGO_PKG_VERSION")))
        .manual("crdrift");
    let is_root = name(command) == ROOT;
    let mut to = Vec::new();
    man.render_title(&mut to)?;
    man.render_name_section(&mut to)?;
    man.render_synopsis_section(&mut to)?;
    man.render_description_section(&mut to)?;
    man.render_options_section(&mut to)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut to)?;
    }
    let mut rest = Roff::new();
    exit_status(&mut rest, command);
    environment(&mut rest, is_root);
    if is_root {
        rest.control("SH", ["FILES"]);
        terms(&mut rest, &FILES);
    }
    examples(&mut rest, command);
    if !is_root {
        rest.control("SH", ["SEE ALSO"]);
        rest.text([bold(ROOT), roman("(1)")]);
    }
    rest.to_writer(&mut to)?;
    Ok(to)
}

/// Returns the part of a command's help under a heading.
fn help_section(command: &Command, heading: &str) -> Option<String> {
    let help = command
        .get_after_long_help()
        .or_else(|| command.get_after_help())?
        .to_string();
    let part = help
        .split("\n\n")
        .find_map(|part| part.strip_prefix(heading).map(str::to_owned))?;
    Some(part.trim_matches('\n').to_owned())
}

fn exit_status(to: &mut Roff, command: &Command) {
    to.control("SH", ["EXIT STATUS"]);
    let own = help_section(command, "Exit codes:");
    let all = EXIT_CODES.trim_start_matches("Exit codes:\n");
    for line in own.as_deref().unwrap_or(all).lines() {
        if let Some((code, meaning)) = line.trim().split_once("  ") {
            term(to, code, meaning.trim());
        }
    }
}

fn environment(to: &mut Roff, is_root: bool) {
    to.control("SH", ["ENVIRONMENT"]);
    if is_root {
        to.text([roman("Each long option can be set with the variable that the option names: a switch with 1, true, yes, on or 0, false, no, off, several values one on each line. The command line has precedence over every variable that contradicts it. Other variables:")]);
        terms(to, &ENVIRONMENT);
    } else {
        let text = "Each long option names its variable above. Credentials, proxies, certificates and colours: ";
        to.text([roman(text), bold(ROOT), roman("(1).")]);
    }
}

fn examples(to: &mut Roff, command: &Command) {
    let Some(examples) = help_section(command, "Examples:") else {
        return;
    };
    to.control("SH", ["EXAMPLES"]);
    to.control("nf", []);
    for line in examples.lines() {
        to.text([roman(line.trim_start())]);
    }
    to.control("fi", []);
}

fn terms(to: &mut Roff, rows: &[(&str, &str)]) {
    for (name, meaning) in rows {
        term(to, name, meaning);
    }
}

fn term(to: &mut Roff, name: &str, meaning: &str) {
    to.control("TP", []);
    to.text([bold(name)]);
    to.text([roman(meaning)]);
}
