# What this was written for; .terraform.lock.hcl holds the provider's checksums.
terraform {
  required_version = ">= 1.9.0" # a validation may name another variable since then

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.58"
    }
  }
}
