resource "alicloud_cr_ee_sync_rule" "a" {
  instance_id           = "cri-a"
  namespace_name        = "shop"
  sync_rule_name        = "a"
  tag_filter            = "v.*"
  target_instance_id    = "cri-b"
  target_region_id      = "cn-b"
  target_namespace_name = "shop"
  for_each              = toset(["x"])
}
resource "alicloud_cr_ee_sync_rule" "b" {
  instance_id           = "cri-a"
  namespace_name        = "shop"
  sync_rule_name        = "b"
  tag_filter            = "v.*"
  target_instance_id    = "cri-b"
  target_region_id      = "cn-b"
  target_namespace_name = "shop"
  count                 = 1
}
resource "alicloud_cr_ee_sync_rule" "c" {
  instance_id           = "cri-a"
  namespace_name        = "shop"
  sync_rule_name        = "c"
  tag_filter            = "v.*"
  target_instance_id    = "cri-b"
  target_region_id      = "cn-b"
  target_namespace_name = "shop"
  dynamic "x" {
    for_each = []
  }
}
