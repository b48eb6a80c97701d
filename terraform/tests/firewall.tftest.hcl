# Who may reach what.

mock_provider "aws" {
  mock_resource "aws_vpc" {
    defaults = { ipv6_cidr_block = "2001:db8:1234:5600::/56" }
  }
}

variables {
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHh0 test"
  ssh_ranges = ["203.0.113.7/32", "2001:db8:ffff::/48"]
}

run "ssh_is_open_to_the_given_ranges_alone" {
  assert {
    condition = toset([
      for rule in aws_vpc_security_group_ingress_rule.ssh : coalesce(rule.cidr_ipv4, rule.cidr_ipv6)
    ]) == toset(["203.0.113.7/32", "2001:db8:ffff::/48"])
    error_message = "SSH is open to other ranges than those given."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.ssh : rule.from_port == 22 && rule.to_port == 22 && rule.ip_protocol == "tcp"])
    error_message = "The rule for SSH opens more than port 22."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.ssh["2001:db8:ffff::/48"].cidr_ipv4 == null
    error_message = "An IPv6 range stands in the IPv4 field."
  }
}

run "mysql_is_open_to_data_studio_on_its_tls_port_alone" {
  variables {
    mysql_tls_port = 13306
  }

  assert {
    condition = toset([
      for rule in aws_vpc_security_group_ingress_rule.data_studio : coalesce(rule.cidr_ipv4, rule.cidr_ipv6)
    ]) == toset(["142.251.74.0/23", "2001:4860:4807::/48"])
    error_message = "MySQL is open to other ranges than Data Studio's."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.data_studio : rule.from_port == 13306 && rule.to_port == 13306 && rule.ip_protocol == "tcp"])
    error_message = "The rule for Data Studio opens another port than MySQL's TLS port."
  }
}

run "without_ranges_mysql_is_closed" {
  variables {
    data_studio_ranges = []
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.data_studio) == 0
    error_message = "MySQL is open although nobody may come."
  }
}

run "one_host_opens_nothing_between_hosts" {
  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.between) == 0
    error_message = "A single host has a port open for other hosts."
  }
}

run "three_hosts_reach_each_other_by_group_and_on_listed_ports" {
  variables {
    hosts = { count = 3 }
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.between : rule.referenced_security_group_id == aws_security_group.host.id && rule.cidr_ipv4 == null && rule.cidr_ipv6 == null])
    error_message = "A port between hosts is open to addresses."
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.between : rule.from_port]) == toset([9092, 9093])
    error_message = "Other ports than Kafka's are open between hosts."
  }
}

run "the_group_that_came_with_the_network_lets_nothing_through" {
  assert {
    condition     = length(coalesce(aws_default_security_group.closed.ingress, [])) == 0 && length(coalesce(aws_default_security_group.closed.egress, [])) == 0
    error_message = "The default security group has rules."
  }
}
