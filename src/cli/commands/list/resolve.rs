//! The instances of a command line, resolved by alias or id.

use acr_client::Target;
use acr_client::credentials::Identity;

use crate::cli::args::ListArgs;
use crate::cli::failure::Failure;
use crate::cli::selection::suggest_alias;
use crate::model::{AccountId, DesiredState, Instance};

/// An instance of the command line.
pub(super) struct ResolvedInstance<'a> {
    /// Its alias or, if it is not declared, its id.
    pub(super) name: String,
    pub(super) target: Target,
    declared: Option<&'a Instance>,
}

impl ResolvedInstance<'_> {
    /// Returns whether it can be read: it is not declared `read: false`.
    pub(super) fn is_readable(&self) -> bool {
        self.declared.is_none_or(|instance| instance.read)
    }

    /// Returns the account that is declared to own it.
    pub(super) fn account(&self) -> Option<&AccountId> {
        self.declared?.account.as_ref()
    }
}

/// Resolves every instance, in the order of the command line.
///
/// # Errors
///
/// A name that no rules file declares, or options for undeclared instances without any.
pub(super) fn resolve_instances<'a>(
    args: &ListArgs,
    declared: &'a DesiredState,
) -> Result<Vec<ResolvedInstance<'a>>, Failure> {
    let mut instances = Vec::new();
    for name in &args.instances {
        instances.push(resolve(name, args, declared)?);
    }
    if (args.region.is_some() || args.endpoint.is_some())
        && instances.iter().all(|it| it.declared.is_some())
    {
        return Err(Failure::usage(
            "--region and --endpoint are for instances that no rules file declares",
        )
        .help("remove them: the rules file declares the regions of its instances"));
    }
    Ok(instances)
}

fn resolve<'a>(
    name: &str,
    args: &ListArgs,
    declared: &'a DesiredState,
) -> Result<ResolvedInstance<'a>, Failure> {
    let mut instances = declared.instances.iter();
    if let Some(instance) = instances.find(|it| it.alias.as_str() == name || it.id.as_str() == name)
    {
        return Ok(ResolvedInstance {
            name: instance.alias.to_string(),
            target: Target::from(instance),
            declared: Some(instance),
        });
    }
    if args.region.is_none() && args.endpoint.is_none() && args.emulator.emulate.is_none() {
        let aliases: Vec<_> = declared
            .instances
            .iter()
            .map(|it| it.alias.as_str())
            .collect();
        let help = if aliases.is_empty() {
            "for the id of an instance add --region; for an alias add --rules FILE".to_owned()
        } else {
            let declared = suggest_alias(name, &aliases);
            format!("{declared}; for the id of another instance add --region")
        };
        return Err(Failure::new(format!("no rules file declares \"{name}\"")).help(help));
    }
    Ok(ResolvedInstance {
        name: name.to_owned(),
        target: Target {
            instance_id: name.into(),
            region: args.region.as_deref().unwrap_or_default().into(),
            endpoint: args.endpoint.as_deref().map(Into::into),
            identity: Identity::default(),
        },
        declared: None,
    })
}
