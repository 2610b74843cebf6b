provider "alicloud" { region = "cn-a" }
resource "alicloud_cr_ee_sync_rule" "r" {
  instance_id           = "cri-a"
  namespace_name        = "shop"
  sync_rule_name        = "r"
  tag_filter            = "v.*"
  target_instance_id    = "cri-b"
  target_region_id      = "cn-b"
  target_namespace_name = "shop"
  target_user_id        = "222"
}
