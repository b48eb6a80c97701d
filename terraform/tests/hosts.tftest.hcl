# Machines, disks, and what is left after destroy.

mock_provider "aws" {
  mock_resource "aws_vpc" {
    defaults = { ipv6_cidr_block = "2001:db8:1234:5600::/56" }
  }
}

variables {
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHh0 test"
  ssh_ranges = ["203.0.113.7/32"]
  tags       = { cost-centre = "lab" }
  hosts      = { count = 3, size = "t4g.medium", disk_gb = 40 }
}

run "count_size_and_disk_are_as_given" {
  assert {
    condition     = toset(keys(aws_instance.host)) == toset(["garimpo-1", "garimpo-2", "garimpo-3"])
    error_message = "Not the three hosts that were asked for."
  }

  assert {
    condition     = alltrue([for host in aws_instance.host : host.instance_type == "t4g.medium" && host.root_block_device[0].volume_size == 40])
    error_message = "A host has another size or disk."
  }
}

run "credits_are_standard_so_that_no_busy_hour_is_billed" {
  assert {
    condition     = alltrue([for host in aws_instance.host : host.credit_specification[0].cpu_credits == "standard"])
    error_message = "Unlimited credits."
  }
}

run "the_metadata_service_wants_a_token_and_is_out_of_containers_reach" {
  assert {
    condition     = alltrue([for host in aws_instance.host : host.metadata_options[0].http_tokens == "required" && host.metadata_options[0].http_put_response_hop_limit == 1])
    error_message = "IMDSv1, or a hop for containers."
  }
}

run "every_volume_is_encrypted_and_ends_with_its_host" {
  assert {
    condition     = alltrue([for host in aws_instance.host : host.root_block_device[0].encrypted && host.root_block_device[0].delete_on_termination])
    error_message = "A root volume is readable or would be left behind."
  }

  # No other kind of volume: what is added has to be asserted here as well.
  assert {
    condition     = alltrue([for host in aws_instance.host : length(host.ebs_block_device) == 0 && length(host.ephemeral_block_device) == 0])
    error_message = "A host has a volume that no rule here looks at."
  }
}

run "the_image_fits_the_processor" {
  assert {
    condition     = anytrue([for filter in data.aws_ami.debian.filter : filter.name == "architecture" && contains(filter.values, "arm64")])
    error_message = "A t4g host with an image of another architecture."
  }
}

run "no_host_has_a_role_of_aws" {
  assert {
    condition     = alltrue([for host in aws_instance.host : host.iam_instance_profile == null])
    error_message = "A host may act on the account."
  }
}

run "everything_carries_the_tags" {
  assert {
    condition     = local.tags == tomap({ cost-centre = "lab", project = "garimpo", environment = "mirror", managed-by = "terraform" })
    error_message = "Tags are missing."
  }

  # Volumes are made by the host, not by the provider, and do not get its default tags.
  assert {
    condition     = alltrue([for name, host in aws_instance.host : host.volume_tags == tomap(merge(local.tags, { Name = name }))])
    error_message = "A volume has no tags."
  }
}
