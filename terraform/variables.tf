# What may differ between two mirrors. Everything else is the lab's shape and stands in the files by concern.

variable "name" {
  description = "Name of the mirror; begins every name and is the tag `project`."
  type        = string
  default     = "garimpo"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}$", var.name))
    error_message = "name: 2 to 21 of a-z, 0-9 and -, beginning with a letter."
  }
}

variable "region" {
  description = "Region of AWS. us-east-1 is the cheapest; sa-east-1 is nearest to the lab at about 1.6 times the price."
  type        = string
  default     = "us-east-1"
}

variable "tags" {
  description = "Further tags on everything, for the bill."
  type        = map(string)
  default     = {}
}

variable "ssh_ranges" {
  description = "Where SSH is allowed from, IPv4 or IPv6 in CIDR form. No default: name your own."
  type        = list(string)

  validation {
    condition     = length(var.ssh_ranges) > 0 && alltrue([for range in var.ssh_ranges : can(cidrhost(range, 0))])
    error_message = "ssh_ranges: at least one range in CIDR form, such as 203.0.113.7/32."
  }

  validation {
    condition     = alltrue([for range in var.ssh_ranges : !can(regex("/0$", range))])
    error_message = "ssh_ranges: the whole internet is no range to log in from; name the lab's or your own address with /32."
  }
}

variable "data_studio_ranges" {
  description = "Where Data Studio connects from, as Google publishes it; an empty list closes MySQL's port."
  type        = list(string)
  default     = ["142.251.74.0/23", "2001:4860:4807::/48"]

  validation {
    condition     = alltrue([for range in var.data_studio_ranges : can(cidrhost(range, 0)) && !can(regex("/0$", range))])
    error_message = "data_studio_ranges: ranges in CIDR form, never the whole internet."
  }
}

variable "mysql_tls_port" {
  description = "MySQL's published port, TLS only; the same as the inventory's."
  type        = number
  default     = 3306

  validation {
    condition     = var.mysql_tls_port >= 1024 && var.mysql_tls_port <= 65535
    error_message = "mysql_tls_port: 1024 to 65535; rootless Docker publishes nothing below."
  }
}

variable "public_key" {
  description = "Public half of the SSH key that Ansible uses."
  type        = string

  validation {
    condition     = can(regex("^ssh-(ed25519|rsa) [A-Za-z0-9+/=]+( |$)", var.public_key))
    error_message = "public_key: one line that begins with ssh-ed25519 or ssh-rsa: the content of id_ed25519.pub, never of the private half."
  }
}

variable "hosts" {
  description = "The lab's machines: how many, how big. 1 host carries everything; 3 carry a broker each."
  type = object({
    count   = optional(number, 1)
    size    = optional(string, "t4g.small")
    disk_gb = optional(number, 30)
  })
  default = {}

  validation {
    condition     = contains([1, 3], var.hosts.count)
    error_message = "hosts.count: 1, or 3: two brokers survive the loss of none, and more than three are no mirror of the lab."
  }

  validation {
    condition     = can(regex("^(t3|t3a|t4g)\\.(small|medium|large|xlarge)$", var.hosts.size))
    error_message = "hosts.size: t3, t3a or t4g, small or bigger: the stack needs 2 vCPU and 2 GiB."
  }

  validation {
    condition     = var.hosts.disk_gb >= 20 && var.hosts.disk_gb <= 500
    error_message = "hosts.disk_gb: 20 to 500: images and logs take about 8, posts come on top."
  }
}

variable "network" {
  description = "IPv4 range of the mirror's network."
  type        = string
  default     = "10.77.0.0/24"

  validation {
    condition     = can(cidrnetmask(var.network)) && can(regex("^(10\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.)", var.network))
    error_message = "network: a private IPv4 range in CIDR form."
  }
}
