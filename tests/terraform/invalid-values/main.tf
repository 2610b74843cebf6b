provider "alicloud" { region = "cn-a" }
resource "alicloud_cr_ee_sync_rule" "a" {
  instance_id           = "cri a"
  namespace_name        = "Shop"
  repo_name             = "web"
  sync_rule_name        = " x"
  tag_filter            = "v(.*"
  sync_trigger          = "AUTOMATIC"
  target_instance_id    = "cri-b"
  target_region_id      = "cn-b"
  target_namespace_name = "shop"
  target_user_id        = "me"
}
resource "alicloud_cr_ee_sync_rule" "b" {
  sync_scope = "INSTANCE"
  tag_filter = ""
}
