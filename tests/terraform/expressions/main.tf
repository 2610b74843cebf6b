variable "env" { default = "prod" }
locals { target = "cri-b" }
resource "alicloud_cr_ee_sync_rule" "a" {
  instance_id           = data.alicloud_cr_ee_instances.all.ids[0]
  namespace_name        = "shop-${var.env}"
  sync_rule_name        = upper("x")
  tag_filter            = var.env == "prod" ? "v.*" : ".*"
  target_instance_id    = local.target
  target_region_id      = "cn-shenzhen"
  target_namespace_name = "%{ if true }shop%{ endif }"
}
