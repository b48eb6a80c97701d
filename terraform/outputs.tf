# What becomes the inventory: `terraform output -raw inventory > ../ansible/inventories/aws/hosts.yml`.

locals {
  first = local.host_names[0]
  # One host does everything; of three each carries a broker, and the first the rest: MySQL's accounts without TLS are bound
  # to the internal network of its host.
  placement = {
    kafka       = local.host_names
    mysql       = [local.first]
    transformer = [local.first]
    extractor   = [local.first]
    telemetry   = [local.first]
  }
}

output "inventory" {
  description = "Inventory for Ansible, in YAML."
  value = yamlencode({
    aws = {
      hosts = {
        for name, host in aws_instance.host : name => {
          ansible_host    = host.public_ip
          private_address = host.private_ip
        }
      }
      vars = {
        ansible_user      = "garimpo"
        garimpo_source    = "simulator" # the mirror never holds the lab's X token
        garimpo_collector = false
        mysql_tls_port    = var.mysql_tls_port
        trusted_lan       = true # the mirror's own network; its groups let nobody else between the hosts
      }
      children = {
        for group, names in local.placement : group => { hosts = { for name in names : name => null } }
      }
    }
  })
}

output "hosts" {
  description = "Public addresses by name."
  value       = { for name, host in aws_instance.host : name => host.public_ip }
}
