# One source region, one provider without an alias.
provider "alicloud" {
  region = "cn-shanghai"
}

resource "alicloud_cr_ee_sync_rule" "shop_web" {
  instance_id           = "cri-shanghai00000001"
  namespace_name        = "shop"
  repo_name             = "web"
  sync_rule_name        = "shop-web