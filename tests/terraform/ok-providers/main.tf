provider "alicloud" {
  alias  = "shanghai"
  region = "cn-shanghai"
}
provider "alicloud" {
  alias  = "shenzhen"
  region = "cn-shenzhen"
}
resource "alicloud_cr_ee_sync_rule" "a" {
  instance_id           = "cri-a"
  namespace_name        = "shop"
  sync_rule_name        = "a"
  tag_filter            = "v.*"
  target_instance_id    = "cri-b"
  target_region_id      = "cn-shenzhen"
  target_namespace_name = "shop"
  provider              = alicloud.shanghai
  target_user_id        = 1234567890123456
}
