#!/bin/sh
# fmt, validate and test, without an account and without the provider: python3 with PyPI's `tf` serves its schema (stub).
set -eu
cd "$(dirname "$0")"
terraform=$(command -v terraform || command -v tofu || true)
if [ -z "$terraform" ]; then
    echo 'left out: terraform fmt, validate and test (neither terraform nor tofu is on the PATH)'
    exit 0
fi
settings=$(mktemp)
trap 'rm -f "$settings"' EXIT
# Both names: OpenTofu asks its own registry.
cat >"$settings" <<END
provider_installation {
  dev_overrides {
    "registry.terraform.io/hashicorp/aws" = "$PWD/stub"
    "registry.opentofu.org/hashicorp/aws" = "$PWD/stub"
  }
  direct {}
}
END
export TF_CLI_CONFIG_FILE="$settings" CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
"$terraform" fmt -check -recursive
"$terraform" validate -no-color
"$terraform" test -no-color
