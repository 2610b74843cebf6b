resource "alicloud_cr_ee_sync_rule" "b" {
  instance_id           = "cri-b"
  namespace_name        = "shop"
  sync_rule_name        = "b"
  tag_filter            = "v.*"
  target_instance_id    = "cri-c"
  target_region_id      = "cn-beijing"
  target_namespace_name = "shop"
  provider              = alicloud.shenzhen
  sync_trigger          = "INITIATIVE"
}
