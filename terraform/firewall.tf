# Who may reach what. Rootless Docker hides clients' addresses, so these groups are the only filter by address there is.

resource "aws_security_group" "host" {
  name        = "${var.name}-host"
  description = "Hosts of the garimpo mirror"
  vpc_id      = aws_vpc.mirror.id
  tags        = { Name = "${var.name}-host" }
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  for_each = toset(var.ssh_ranges)

  security_group_id = aws_security_group.host.id
  description       = "SSH from ${each.value}"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = strcontains(each.value, ":") ? null : each.value
  cidr_ipv6         = strcontains(each.value, ":") ? each.value : null
}

resource "aws_vpc_security_group_ingress_rule" "data_studio" {
  for_each = toset(var.data_studio_ranges)

  security_group_id = aws_security_group.host.id
  description       = "MySQL over TLS from Data Studio, ${each.value}"
  ip_protocol       = "tcp"
  from_port         = var.mysql_tls_port
  to_port           = var.mysql_tls_port
  cidr_ipv4         = strcontains(each.value, ":") ? null : each.value
  cidr_ipv6         = strcontains(each.value, ":") ? each.value : null
}

locals {
  # Between hosts, where there are several: the ports the inventory publishes on private addresses.
  between = var.hosts.count == 1 ? {} : {
    kafka            = 9092
    kafka-controller = 9093
  }
}

resource "aws_vpc_security_group_ingress_rule" "between" {
  for_each = local.between

  security_group_id            = aws_security_group.host.id
  description                  = "${each.key} from the mirror's own hosts"
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  referenced_security_group_id = aws_security_group.host.id
}

resource "aws_vpc_security_group_egress_rule" "ipv4" {
  security_group_id = aws_security_group.host.id
  description       = "Packages, images and the repository"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "ipv6" {
  security_group_id = aws_security_group.host.id
  description       = "Packages, images and the repository"
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
}
