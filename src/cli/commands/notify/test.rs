//! `crdrift notify test`: samples to one target.

use std::fmt::Write as _; // to a String, which cannot fail
use std::sync::Arc;

use crate::cli::args::NotifyTestArgs;
use crate::cli::failure::Failure;
use crate::cli::runtime::block_on;
use crate::cli::{Context, Exit};
use crate::notify::{DeliveryResult, sample_documents};
use crate::source::sanitize_line;
use crate::store::StoreError;

pub(super) fn run(args: &NotifyTestArgs, context: &mut Context) -> Result<Exit, Failure> {
    let (_, settings) = super::load(&args.config, context)?;
    let Some(target) = settings.target(&args.name).cloned() else {
        let names: Vec<_> = settings.targets.iter().map(|it| it.name.as_str()).collect();
        let help = format!("the targets are {}", names.join(", "));
        let reason = format!("no target {:?} in the watch file", args.name);
        return Err(Failure::usage(reason).help(help));
    };
    let language = settings.language_of(&target);
    // The samples are in no store.
    let no_store = || {
        Err(StoreError::Document {
            reason: "a sample".to_owned(),
        })
    };
    let deliverer = super::deliverer(settings, Arc::new(no_store), context);
    let documents = sample_documents(language, context.now_ms());
    let results = block_on(async {
        let mut results = Vec::new();
        for document in documents {
            let id = uuid::Uuid::new_v4().simple().to_string();
            results.push(deliverer.send_sample(&target, &id, document).await);
        }
        Ok(results)
    })?;
    let mut text = String::new();
    for (event, result) in ["opened", "resolved"].into_iter().zip(&results) {
        let answer = sanitize_line(result.text()).into_owned();
        let _ = writeln!(
            text,
            "{}: {event}: {}: {answer}",
            target.name,
            result.as_str()
        );
    }
    context.print(&text)?;
    let is_delivered = |result: &DeliveryResult| matches!(result, DeliveryResult::Delivered(_));
    if results.iter().all(is_delivered) {
        context.finish("2 samples delivered", Exit::Success);
        return Ok(Exit::Success);
    }
    let help = results
        .iter()
        .find(|it| !is_delivered(it))
        .map_or("", describe_remedy);
    Err(Failure::new(format!("{} does not take every sample", target.name)).help(help))
}

/// Returns what to check for a result.
fn describe_remedy(result: &DeliveryResult) -> &'static str {
    match result {
        DeliveryResult::Broken(_) => {
            "check `url` and `secret`, and the keywords of the robot: `prefix` has to contain one"
        }
        DeliveryResult::Refused(_) => "compare the answer with the documentation of the service",
        DeliveryResult::Retry(_) | DeliveryResult::GaveUp(_) | DeliveryResult::Delivered(_) => {
            "check the network and the proxy, and rerun crdrift notify test"
        }
    }
}
