//! A topology with its ids masked.

use super::Mask;
use crate::graph::{self, Arrow, Graph, InstanceRow};

impl Mask {
    /// Masks the names of a topology. Arrows refer to instances by index, so that two with the same mask stay two.
    pub(super) fn mask_topology(&self, topology: &mut Graph) {
        let Graph {
            caption: _,
            detail: _,
            instances,
            arrows,
            counts: _,
            omitted: _,
        } = topology;
        for instance in instances {
            let graph::InstanceNode {
                name,
                region: _,
                incomplete: _,
                declared: _,
                rows,
            } = instance;
            self.mask(name);
            for InstanceRow { namespace, repo } in rows {
                self.mask_any(namespace);
                self.mask_any(repo);
            }
        }
        for arrow in arrows {
            let Arrow {
                from: _,
                to: _,
                state: _,
                count: _,
                rules,
            } = arrow;
            self.mask_all(rules);
        }
    }
}
