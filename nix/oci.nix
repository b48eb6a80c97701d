# The image as an OCI layout: its digest is known before anything is pushed, and `skopeo copy --preserve-digests` keeps it.
# Assembled by tar, gzip and jq: the digest hangs on no registry client's version.
{ pkgs, ... }:
{ name, image }:
pkgs.runCommand "${name}-oci" {
  nativeBuildInputs = [
    pkgs.gnutar
    pkgs.gzip
    pkgs.jq
  ];
} (builtins.readFile ./oci.sh + "\nlayout ${image}\n")
