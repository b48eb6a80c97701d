# What is refused before anything is made or paid for.

mock_provider "aws" {
  mock_resource "aws_vpc" {
    defaults = { ipv6_cidr_block = "2001:db8:1234:5600::/56" }
  }
}

variables {
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHh0 test"
  ssh_ranges = ["203.0.113.7/32"]
}

run "ssh_from_anywhere" {
  command = plan
  variables {
    ssh_ranges = ["203.0.113.7/32", "0.0.0.0/0"]
  }
  expect_failures = [var.ssh_ranges]
}

run "ssh_from_nowhere" {
  command = plan
  variables {
    ssh_ranges = []
  }
  expect_failures = [var.ssh_ranges]
}

run "ssh_from_any_ipv6_address" {
  command = plan
  variables {
    ssh_ranges = ["::/0"]
  }
  expect_failures = [var.ssh_ranges]
}

run "mysql_for_everybody" {
  command = plan
  variables {
    data_studio_ranges = ["0.0.0.0/0"]
  }
  expect_failures = [var.data_studio_ranges]
}

run "a_port_that_rootless_docker_cannot_publish" {
  command = plan
  variables {
    mysql_tls_port = 443
  }
  expect_failures = [var.mysql_tls_port]
}

run "a_private_key_in_place_of_the_public_one" {
  command = plan
  variables {
    public_key = "-----BEGIN OPENSSH PRIVATE KEY-----"
  }
  expect_failures = [var.public_key]
}

run "two_hosts" {
  command = plan
  variables {
    hosts = { count = 2 }
  }
  expect_failures = [var.hosts]
}

run "a_machine_too_small_for_the_stack" {
  command = plan
  variables {
    hosts = { size = "t4g.micro" }
  }
  expect_failures = [var.hosts]
}

run "a_disk_too_small_for_the_images" {
  command = plan
  variables {
    hosts = { disk_gb = 8 }
  }
  expect_failures = [var.hosts]
}

run "a_public_network" {
  command = plan
  variables {
    network = "142.251.74.0/24"
  }
  expect_failures = [var.network]
}
