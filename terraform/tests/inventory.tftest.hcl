# What Ansible is given.

mock_provider "aws" {
  mock_resource "aws_vpc" {
    defaults = { ipv6_cidr_block = "2001:db8:1234:5600::/56" }
  }

  mock_resource "aws_instance" {
    defaults = { public_ip = "198.51.100.4", private_ip = "10.77.0.4" }
  }
}

variables {
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHh0 test"
  ssh_ranges = ["203.0.113.7/32"]
}

run "the_mirror_collects_from_the_simulator_and_never_holds_the_x_token" {
  assert {
    condition     = yamldecode(output.inventory).aws.vars.garimpo_source == "simulator" && yamldecode(output.inventory).aws.vars.garimpo_collector == false
    error_message = "The mirror would collect from X."
  }
}

run "one_host_carries_everything" {
  assert {
    condition     = alltrue([for group in values(yamldecode(output.inventory).aws.children) : keys(group.hosts) == ["garimpo-1"]])
    error_message = "A group without the only host."
  }

  assert {
    condition     = yamldecode(output.inventory).aws.hosts["garimpo-1"] == { ansible_host = "198.51.100.4", private_address = "10.77.0.4" }
    error_message = "The inventory does not lead to the host."
  }
}

run "three_hosts_carry_a_broker_each_and_one_extractor" {
  variables {
    hosts = { count = 3 }
  }

  assert {
    condition     = length(yamldecode(output.inventory).aws.children.kafka.hosts) == 3
    error_message = "Not a broker on each host."
  }

  assert {
    condition     = length(yamldecode(output.inventory).aws.children.extractor.hosts) == 1 && length(yamldecode(output.inventory).aws.children.mysql.hosts) == 1
    error_message = "More than one extractor or MySQL."
  }
}

run "the_port_of_the_firewall_is_the_port_of_the_inventory" {
  variables {
    mysql_tls_port = 13306
  }

  assert {
    condition     = yamldecode(output.inventory).aws.vars.mysql_tls_port == 13306
    error_message = "MySQL would listen where the firewall is closed."
  }
}
