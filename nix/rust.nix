# The workspace by crane: dependencies once, apart from our own code.
{
  pkgs,
  lib,
  craneLib,
  sources,
  images,
}:
let
  common = {
    pname = "garimpo";
    version = "0";
    strictDeps = true;
    # librdkafka's configure asks for it; OpenSSL, curl and zlib are neither wanted nor found.
    nativeBuildInputs = [ pkgs.perl ];
  };

  # Static with glibc: since 2.34 it resolves names by files and DNS without a shared library. By cargo's own variables and
  # not RUSTFLAGS, which would undo crane's remapping of paths; with a target, so that procedural macros stay dynamic.
  static = common // {
    src = sources.programs;
    doCheck = false;
    CARGO_PROFILE = "dist";
    CARGO_BUILD_TARGET = pkgs.stdenv.hostPlatform.rust.rustcTarget;
    CARGO_BUILD_RUSTFLAGS = "-C target-feature=+crt-static";
    cargoExtraArgs = "--locked " + lib.concatMapStringsSep " " (name: "--package ${name}") (builtins.attrNames images);
    # A compiler of the system's brings the system's own libc.a.
    buildInputs = lib.optional (!(pkgs.stdenv.cc.nativeLibc or false)) pkgs.glibc.static;
  };

  development = common // {
    src = sources.everything;
    CARGO_PROFILE = "dev";
    cargoExtraArgs = "--locked --workspace";
  };
in
rec {
  inherit development;

  # crane's pass of `cargo check` serves clippy, which looks at `development` alone.
  staticDependencies = craneLib.buildDepsOnly (static // { cargoCheckCommand = ":"; });
  programs = craneLib.buildPackage (
    static
    // {
      cargoArtifacts = staticDependencies;
      # Cargo wants a target in every member of the workspace.
      postUnpack = lib.concatMapStrings (crate: "install -D /dev/null $sourceRoot/${crate}/src/lib.rs\n") sources.aside;
    }
  );

  developmentDependencies = craneLib.buildDepsOnly development;
}
