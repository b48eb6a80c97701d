# formatter: Nix files as `nixfmt` writes them.
{ tool, ... }: tool "nixfmt-tree"
