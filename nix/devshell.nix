# devShells: every tool of the project.
{
  pkgs,
  lib,
  tool,
  ...
}:
let
  table = builtins.fromTOML (builtins.readFile ../xtask/linters/linters.toml);
  linters = lib.mapAttrsToList (name: linter: linter.package or name) table;
in
{
  default = pkgs.mkShell {
    name = "garimpo";
    packages = map tool (
      [
        # Rust, and what librdkafka's build asks for
        "cargo"
        "cargo-deny"
        "clippy"
        "perl"
        "rust-analyzer"
        "rustc"
        "rustfmt"
        # what the sandbox starts
        "chromium"
        "jdk17_headless"
        "maven"
        "mysql84"
        # images and the stack
        "cosign"
        "docker-compose"
        "jq"
        "skopeo"
        # hosts
        "age"
        "ansible"
        "opentofu"
        "sops"
        # this flake; the registry that `cargo xtask nix check` pushes to
        "deadnix"
        "distribution"
        "nixfmt"
      ]
      ++ linters
    );
  };
}
