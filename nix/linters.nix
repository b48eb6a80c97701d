# The linters of the other languages, as the table of `cargo xtask lint` names them, by nixpkgs' own versions.
{
  pkgs,
  lib,
  sources,
  tool,
  ...
}:
let
  table = builtins.fromTOML (builtins.readFile ../xtask/linters/linters.toml);
  # A pattern without a slash fits names, one with a slash paths from the root; find's star passes slashes anyway.
  finds =
    pattern:
    if lib.hasInfix "/" pattern then
      "-path ${lib.escapeShellArg "./${lib.replaceStrings [ "**/" ] [ "" ] pattern}"}"
    else
      "-name ${lib.escapeShellArg pattern}";
  place = word: if word == "{files}" then ''"''${files[@]}"'' else lib.escapeShellArg word;
  check =
    name: linter:
    pkgs.runCommand "lint-${name}"
      (
        (linter.env or { })
        // {
          nativeBuildInputs = [ (tool (linter.package or name)) ];
        }
      )
      ''
        # A copy: some leave a cache beside what they read.
        cp -r ${sources.repository} repository
        chmod -R u+w repository
        cd repository
        export HOME=$TMPDIR
        mapfile -t files < <(find . -type f \( ${lib.concatMapStringsSep " -o " finds linter.files} \) | sort)
        if [ ''${#files[@]} -gt 0 ]; then
          ${lib.concatMapStringsSep " " place (linter.sandboxed or linter.command)}
        fi
        touch $out
      '';
in
lib.mapAttrs' (name: linter: lib.nameValuePair "lint-${name}" (check name linter)) table
// {
  lint-nix = pkgs.runCommand "lint-nix" { nativeBuildInputs = [ (tool "deadnix") ]; } ''
    deadnix --fail ${sources.repository}/flake.nix ${sources.repository}/nix
    touch $out
  '';
}
