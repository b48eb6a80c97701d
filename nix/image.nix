# An image: the program and the CA certificates, nothing else. `result | docker load`.
{
  pkgs,
  version,
  revision,
  ...
}:
{
  name,
  command,
  program,
}:
pkgs.dockerTools.streamLayeredImage {
  name = "garimpo/${name}";
  tag = version;
  # Files by themselves, not links into a store: one layer, no package manager's folder.
  includeStorePaths = false;
  extraCommands = ''
    install -D -m 0555 ${program}/bin/${name} bin/${name}
    install -D -m 0444 ${pkgs.cacert}/etc/ssl/certs/ca-bundle.crt etc/ssl/certs/ca-certificates.crt
  '';
  created = "1970-01-01T00:00:01Z";
  mtime = "1970-01-01T00:00:01Z";
  config = {
    Entrypoint = [ "/bin/${name}" ];
    Cmd = command;
    User = "65532:65532";
    WorkingDir = "/";
    Labels = {
      "org.opencontainers.image.title" = "garimpo ${name}";
      "org.opencontainers.image.version" = version;
      "org.opencontainers.image.source" = "https://github.com/garimpo/garimpo";
      "org.opencontainers.image.revision" = revision;
      "org.opencontainers.image.licenses" = "MIT OR Apache-2.0";
    };
  };
}
