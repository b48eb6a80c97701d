# checks: what needs no network and no server. The end-to-end tests need both: `cargo xtask test`.
scope@{
  craneLib,
  rust,
  sources,
  tool,
  ...
}:
let
  inherit (rust) development;
  built = development // {
    cargoArtifacts = rust.developmentDependencies;
  };
in
{
  clippy = craneLib.cargoClippy (built // { cargoClippyExtraArgs = "--all-targets -- -D warnings"; });

  fmt = craneLib.cargoFmt {
    inherit (development) pname version;
    src = sources.everything;
    cargoExtraArgs = "--all";
  };

  tests = craneLib.cargoTest (built // { cargoTestExtraArgs = "--lib --bins"; });

  deny = craneLib.mkCargoDerivation (
    development
    // {
      pnameSuffix = "-deny";
      cargoArtifacts = null;
      doInstallCargoArtifacts = false;
      nativeBuildInputs = development.nativeBuildInputs ++ [ (tool "cargo-deny") ];
      buildPhaseCargoCommand = "cargo --offline deny check bans licenses sources";
    }
  );
}
// import ./linters.nix scope
