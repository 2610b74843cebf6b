# One source region, one provider without an alias.
provider "alicloud" {
  region = "cn-shanghai"
}

resource "alicloud_cr_ee_sync_rule" "shop_web" {
  instance_id           = "cri-shanghai00000001"
  namespace_name        = "shop"
  repo_name             = "web"
  sync_rule_name        = "shop-web"
  tag_filter            = "v[0-9.]+"
  target_instance_id    = "cri-shenzhen00000002"
  target_region_id      = "cn-shenzhen"
  target_namespace_name = "shop"
  target_repo_name      = "web"

  lifecycle {
    ignore_changes = [tag_filter]
  }
}

resource "alicloud_cr_ee_sync_rule" "base" {
  instance_id           = ("cri-shanghai00000001")
  namespace_name        = "base"
  repo_name             = null
  sync_rule_name        = "base-${"shenzhen"}"
  tag_filter            = ".*"
  target_instance_id    = "cri-shenzhen00000002"
  target_region_id      = "cn-shenzhen"
  target_namespace_name = "base"
}
