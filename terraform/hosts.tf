# Machines like the lab's: Debian, prepared once as the lab's administrator prepares them, then no root any more.

locals {
  architecture = startswith(var.hosts.size, "t4g.") ? "arm64" : "x86_64"
  host_names   = [for number in range(var.hosts.count) : "${var.name}-${number + 1}"]
}

data "aws_ami" "debian" {
  most_recent = true
  owners      = ["136693071363"] # Debian's own account

  filter {
    name   = "name"
    values = ["debian-13-*"]
  }

  filter {
    name   = "architecture"
    values = [local.architecture]
  }
}

resource "aws_key_pair" "ansible" {
  key_name   = "${var.name}-ansible"
  public_key = var.public_key
}

resource "aws_instance" "host" {
  #checkov:skip=CKV_AWS_88:The lab's machines are reached by SSH and by Data Studio; both by given ranges only
  #checkov:skip=CKV_AWS_126:Minute-wise monitoring costs as much as a third of the machine; Prometheus on it looks more closely
  #checkov:skip=CKV2_AWS_41:It asks nothing of AWS, so it gets no role
  for_each = toset(local.host_names)

  ami                         = data.aws_ami.debian.id
  instance_type               = var.hosts.size
  subnet_id                   = aws_subnet.lab.id
  vpc_security_group_ids      = [aws_security_group.host.id]
  associate_public_ip_address = true
  key_name                    = aws_key_pair.ansible.key_name
  ebs_optimized               = true
  user_data                   = file("${path.module}/../ansible/roles/preflight/files/prepare-host.sh")
  tags                        = { Name = each.key }
  volume_tags                 = merge(local.tags, { Name = each.key })

  credit_specification {
    cpu_credits = "standard" # unlimited, the default of these sizes, sends a bill for every busy hour
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1 # containers stand one hop further
  }

  root_block_device {
    volume_type           = "gp3"
    volume_size           = var.hosts.disk_gb
    encrypted             = true
    delete_on_termination = true
  }

  # Its first boot fetches packages, and prepares it only once.
  depends_on = [
    aws_route.out_ipv4,
    aws_route.out_ipv6,
    aws_route_table_association.lab,
    aws_vpc_security_group_egress_rule.ipv4,
    aws_vpc_security_group_egress_rule.ipv6,
  ]

  lifecycle {
    # A newer image of Debian must not throw away a host and its posts: `terraform apply -replace` says so by name.
    ignore_changes = [ami, user_data]
  }
}
