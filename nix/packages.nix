# packages: each of the images' programs by itself, as a stream for `docker load`, and as an OCI layout whose digest is known.
scope@{
  pkgs,
  lib,
  rust,
  images,
  ...
}:
let
  program =
    name:
    pkgs.runCommand name {
      meta.mainProgram = name;
      # What is fetched, apart: `cargo xtask nix reproduce` fetches it before it moves the clock.
      passthru.vendored = rust.programs.cargoVendorDir;
    } "install -D -m 0555 ${rust.programs}/bin/${name} $out/bin/${name}";
  outputs =
    name: command:
    let
      image = import ./image.nix scope {
        inherit name command;
        program = program name;
      };
    in
    {
      ${name} = program name;
      "${name}-image" = image;
      "${name}-oci" = import ./oci.nix scope { inherit name image; };
    };
in
lib.mergeAttrsList (lib.mapAttrsToList outputs images)
