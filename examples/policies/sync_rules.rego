# A policy for `crdrift plan -o terraform-json=plan.json`, for conftest or Open Policy Agent:
#
#   conftest test plan.json --policy examples/policies
package main

import rego.v1

rule_changes contains change if {
    some change in input.resource_changes
    change.type == "alicloud_cr_ee_sync_rule"
}

# A filter without a release line copies more images than a region has space for.
deny contains message if {
    some change in rule_changes
    filter := change.change.after.tag_filter
    not regex.match(`^v`, filter)
    message := sprintf("%s: tag_filter %s does not begin with v", [change.address, filter])
}

# Unmanaged rules are not deleted without a review.
deny contains message if {
    some change in rule_changes
    change.change.actions == ["delete"]
    message := sprintf("%s is live and in no rules file", [change.address])
}

deny contains "the plan is not complete: something could not be read" if not input.complete
