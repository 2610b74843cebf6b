provider "alicloud" { region = "cn-a" }
resource "alicloud_cr_ee_sync_rule" "a" {
  instance_id           = "cri-a"
  namespace_name        = "shop"
  sync_rule_name        = "a"
  tag_filter            = "v.*"
  target_instance_id    = "cri-b"
  target_region_id      = "cn-b"
  target_namespace_name = "shop"
}
resource "alicloud_cr_ee_sync_rule" "b" {
  instance_id           = "cri-a"
  namespace_name        = "shop"
  sync_rule_name        = "b"
  tag_filter            = "v.*"
  target_instance_id    = "cri-b"
  target_region_id      = "cn-c"
  target_namespace_name = "shop"
}
