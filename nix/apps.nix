# apps: `nix run .#demo` in a checkout, `nix run .#push -- extractor registry.example/garimpo/extractor`.
scope@{
  pkgs,
  lib,
  images,
  version,
  revision,
  standIn,
  ...
}:
let
  packages = import ./packages.nix scope;
  app = description: script: {
    type = "app";
    program = "${script}";
    meta = { inherit description; };
  };
  # Where these are missing the demo fetches its own, which it knows for Debian alone.
  servers = lib.optionals (!standIn) [
    pkgs.jdk17_headless
    pkgs.maven
    pkgs.mysql84
  ];
  skopeo = if standIn then "skopeo" else lib.getExe pkgs.skopeo;
in
{
  demo = app "The whole pipeline on throw-away Kafka and MySQL, from a checkout" (
    pkgs.writeShellScript "demo" ''
      set -euo pipefail
      export PATH=${
        lib.makeBinPath (
          [
            pkgs.cargo
            pkgs.rustc
            pkgs.stdenv.cc
            pkgs.gnumake
            pkgs.perl
          ]
          ++ servers
        )
      }''${PATH:+:$PATH}
      [ -f xtask/Cargo.toml ] || { echo 'demo: run it in a checkout of garimpo' >&2; exit 2; }
      exec cargo xtask demo "$@"
    ''
  );

  push = app "Copies an image to a registry by its digest and prints it" (
    pkgs.writeShellScript "push" ''
      set -euo pipefail
      case "''${1:-}" in
      ${lib.concatMapStringsSep "\n" (name: "  ${name}) layout=${packages."${name}-oci"} ;;") (builtins.attrNames images)}
        *) echo 'push: name an image: push ${lib.concatStringsSep "|" (builtins.attrNames images)} REPOSITORY [TAG…]' >&2; exit 2 ;;
      esac
      [ -n "''${2:-}" ] || { echo 'push: name a repository, such as registry.example/garimpo/extractor' >&2; exit 2; }
      repository=$2
      shift 2
      # A registry's clean-up of untagged versions would take a digest that is pinned: the commit is always a tag.
      [ $# -gt 0 ] || set -- ${lib.escapeShellArg (if revision == "unknown" then version else revision)}
      for tag; do
        ${skopeo} copy --preserve-digests ''${PUSH_OPTIONS:-} "oci:$layout" "docker://$repository:$tag" >&2
      done
      echo "$repository@$(cat "$layout/digest")"
    ''
  );
}
