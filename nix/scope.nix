# What every output is a function of.
{
  self,
  crane,
  pkgs,
}:
let
  inherit (pkgs) lib;
in
rec {
  inherit self pkgs lib;
  craneLib = crane.mkLib pkgs;
  sources = import ./source.nix { inherit lib; };
  rust = import ./rust.nix {
    inherit
      pkgs
      lib
      craneLib
      sources
      images
      ;
  };
  # Each program is an image of its name, with what it does when it is told nothing.
  images = {
    extractor = [ "run" ];
    transformer = [ "run" ];
    # For mirrors and tests, which have no token of X.
    simulator = [ ];
  };
  version = (builtins.fromTOML (builtins.readFile ../Cargo.toml)).workspace.package.version;
  # Not known where the flake is no git checkout, or is built with overridden inputs.
  revision = self.rev or self.dirtyRev or "unknown";
  # What stands in for nixpkgs where that cannot be fetched builds the images and Rust; most of what else it holds does not
  # even evaluate.
  standIn = !(pkgs ? nixfmt);
  # A program of the development shell or of a check: of a stand-in, one that fails when it is built and says so.
  tool =
    name:
    if standIn then
      pkgs.runCommand "missing-${name}" { } "echo '${name} needs the real nixpkgs' >&2; exit 1"
    else
      pkgs.${name};
}
