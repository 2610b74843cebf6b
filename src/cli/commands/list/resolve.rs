//! Instances by the names people use: an alias of a rules file, or an id.

use acr_client::Target;
use acr_client::credentials::Identity;

use crate::cli::args::ListArgs;
use crate::cli::failure::Failure;
use crate::model::{AccountId, DesiredState, Instance};

/// An instance somebody named.
pub(super) struct ResolvedInstance<'a> {
    /// The name: its alias where it has one, else its id.
    pub(super) name: String,
    /// How to ask it.
    pub(super) target: Target,
    declared: Option<&'a Instance>,
}

impl ResolvedInstance<'_> {
    /// Whether it can be read with our credentials at all.
    pub(super) fn is_read(&self) -> bool {
        self.declared.is_none_or(|instance| instance.read)
    }

    /// The account that is declared to own it.
    pub(super) fn account(&self) -> Option<&AccountId> {
        self.declared?.account.as_ref()
    }
}

/// Finds every instance that is named, in the order of the command line.
pub(super) fn resolve_instances<'a>(
    args: &ListArgs,
    declared: &'a DesiredState,
) -> Result<Vec<ResolvedInstance<'a>>, Failure> {
    let instances: Result<Vec<_>, _> = args
        .instances
        .iter()
        .map(|name| find(name, args, declared))
        .collect();
    let instances = instances?;
    if (args.region.is_some() || args.endpoint.is_some())
        && instances.iter().all(|it| it.declared.is_some())
    {
        return Err(Failure::usage(
            "--region and --endpoint are for instances that no rules file declares",
        )
        .help("leave them out: the rules file tells where its instances are"));
    }
    Ok(instances)
}

fn find<'a>(
    name: &str,
    args: &ListArgs,
    declared: &'a DesiredState,
) -> Result<ResolvedInstance<'a>, Failure> {
    let is_named = |it: &&Instance| it.alias.as_str() == name || it.id.as_str() == name;
    if let Some(instance) = declared.instances.iter().find(is_named) {
        let (name, target) = (instance.alias.to_string(), Target::from(instance));
        return Ok(ResolvedInstance {
            name,
            target,
            declared: Some(instance),
        });
    }
    if args.region.is_none() && args.endpoint.is_none() && args.emulator.emulate.is_none() {
        let aliases: Vec<_> = declared
            .instances
            .iter()
            .map(|it| it.alias.as_str())
            .collect();
        let help = match aliases.as_slice() {
            [] => {
                "for the id of an instance give --region; for an alias give --rules FILE".to_owned()
            }
            aliases => format!(
                "declared are {}; for the id of another instance give --region",
                aliases.join(", ")
            ),
        };
        return Err(Failure::new(format!("no rules file declares \"{name}\"")).help(help));
    }
    let target = Target {
        instance_id: name.into(),
        region: args.region.as_deref().unwrap_or_default().into(),
        endpoint: args.endpoint.as_deref().map(Into::into),
        identity: Identity::default(),
    };
    Ok(ResolvedInstance {
        name: name.to_owned(),
        target,
        declared: None,
    })
}
