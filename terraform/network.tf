# One network, one subnet: machines of the lab stand in one room.

resource "aws_vpc" "mirror" {
  #checkov:skip=CKV2_AWS_11:Flow logs cost more a month than the machines' disk, and nothing here holds personal accounts
  cidr_block                       = var.network
  assign_generated_ipv6_cidr_block = true # one of Data Studio's ranges is IPv6
  enable_dns_hostnames             = true
  tags                             = { Name = var.name }
}

# AWS makes a group with every VPC that lets its members talk; taken over without rules, so that nothing rests on it.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.mirror.id
  tags   = { Name = "${var.name}-closed" }
}

resource "aws_subnet" "lab" {
  vpc_id                          = aws_vpc.mirror.id
  cidr_block                      = var.network
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.mirror.ipv6_cidr_block, 8, 0)
  assign_ipv6_address_on_creation = true
  map_public_ip_on_launch         = false # instances say it themselves
  tags                            = { Name = "${var.name}-lab" }
}

resource "aws_internet_gateway" "out" {
  vpc_id = aws_vpc.mirror.id
  tags   = { Name = var.name }
}

resource "aws_route_table" "out" {
  vpc_id = aws_vpc.mirror.id
  tags   = { Name = var.name }
}

resource "aws_route" "out_ipv4" {
  route_table_id         = aws_route_table.out.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.out.id
}

resource "aws_route" "out_ipv6" {
  route_table_id              = aws_route_table.out.id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.out.id
}

resource "aws_route_table_association" "lab" {
  subnet_id      = aws_subnet.lab.id
  route_table_id = aws_route_table.out.id
}
