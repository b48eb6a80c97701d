{
  description = "garimpo: public posts from the X API through Apache Kafka into MySQL";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    crane.url = "github:ipetkov/crane";
  };

  # One output a file, all in ./nix; each is a function of the scope below.
  outputs =
    {
      self,
      nixpkgs,
      crane,
    }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      scope =
        system:
        import ./nix/scope.nix {
          inherit self crane;
          pkgs = nixpkgs.legacyPackages.${system};
        };
      forEach = output: nixpkgs.lib.genAttrs systems (system: import output (scope system));
    in
    {
      # nix build .#extractor-image .#transformer-image
      packages = forEach ./nix/packages.nix;

      # nix flake check
      checks = forEach ./nix/checks.nix;

      # nix develop
      devShells = forEach ./nix/devshell.nix;

      # nix run .#demo, nix run .#push -- IMAGE REPOSITORY
      apps = forEach ./nix/apps.nix;

      # nix fmt
      formatter = forEach ./nix/formatter.nix;
    };
}
