# shellcheck shell=bash
# layout IMAGE: writes what IMAGE streams (docker's archive) to $out as an OCI layout; $out/digest names its manifest.

# Puts a file under its SHA-256 and prints its descriptor.
blob() {
    local file=$1 type=$2 sum
    sum=$(sha256sum "$file" | cut -d ' ' -f 1)
    cp "$file" "$out/blobs/sha256/$sum"
    jq -cnS --arg type "$type" --arg digest "sha256:$sum" --argjson size "$(stat -c %s "$file")" \
        '{mediaType: $type, digest: $digest, size: $size}'
}

layout() {
    local image=$1 oci=application/vnd.oci.image layers config manifest
    mkdir -p "$out/blobs/sha256" archive
    "$image" | tar -x -C archive
    layers=$(jq -r '.[0].Layers[]' archive/manifest.json | while read -r layer; do
        # -n: neither name nor time of the file is written.
        gzip -9 -n -c "archive/$layer" > layer.gz
        blob layer.gz "$oci.layer.v1.tar+gzip"
    done | jq -cs .)
    config=$(blob "archive/$(jq -r '.[0].Config' archive/manifest.json)" "$oci.config.v1+json")
    jq -cnS --arg type "$oci.manifest.v1+json" --argjson config "$config" --argjson layers "$layers" \
        '{schemaVersion: 2, mediaType: $type, config: $config, layers: $layers}' > manifest.json
    manifest=$(blob manifest.json "$oci.manifest.v1+json")
    jq -cS --argjson manifest "$manifest" \
        '{schemaVersion: 2, manifests: [$manifest + {platform: {os, architecture}}]}' \
        "$out/blobs/sha256/$(jq -r '.digest | ltrimstr("sha256:")' <<< "$config")" > "$out/index.json"
    echo '{"imageLayoutVersion":"1.0.0"}' > "$out/oci-layout"
    jq -r .digest <<< "$manifest" > "$out/digest"
}
