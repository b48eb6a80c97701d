# What the builds read: whole folders, named one by one, so that schemas, SQL, migrations, tables and embedded configuration
# pass whatever their suffix is. A file outside of these changes no build.
{ lib }:
let
  inherit (lib) fileset;
  workspace = [
    ../Cargo.toml
    ../Cargo.lock
    ../migrations
  ];
  # Members of the workspace that no image is made of: of these the manifests are read alone.
  aside = [
    "services/sandbox"
    "xtask"
    "xtask/bare-loader"
  ];
  crates = builtins.attrNames (lib.filterAttrs (_: type: type == "directory") (builtins.readDir ../services));
  tests = map (crate: fileset.maybeMissing (../services + "/${crate}/tests")) crates;
  tree =
    files:
    fileset.toSource {
      root = ../.;
      fileset = fileset.unions files;
    };
in
{
  # The programs: a changed test or tool builds no image again.
  programs = tree (
    workspace
    ++ [ (fileset.difference ../services (fileset.unions (tests ++ [ ../services/sandbox ]))) ]
    ++ map (crate: ../. + "/${crate}/Cargo.toml") aside
  );
  inherit aside;

  # What clippy and the tests read besides.
  everything = tree (
    workspace
    ++ [
      # Embedded, where xtask has come to install Ansible.
      (fileset.maybeMissing ../ansible/requirements.txt)
      ../clippy.toml
      # Tests hold the pin file against the layers.
      ../compose
      ../deny.toml
      ../docs
      # xtask holds Ansible's lock; the runbook is held against the alerts.
      ../ansible/requirements.txt
      ../otel/prometheus/alerts.yaml
      ../rustfmt.toml
      ../services
      ../xtask
    ]
  );

  # What the linters of the other languages read.
  repository = tree [ ../. ];
}
