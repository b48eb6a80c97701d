provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}

locals {
  tags = tomap(merge(var.tags, {
    project     = var.name
    environment = "mirror"
    managed-by  = "terraform"
  }))
}
