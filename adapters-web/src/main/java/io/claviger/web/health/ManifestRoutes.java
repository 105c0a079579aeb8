package io.claviger.web.health;

import io.claviger.web.json.JsonWriter;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;

/** {@code /v1}: the name and version of this program, and links to the parts of its API. */
public final class ManifestRoutes implements RouteGroup {
  private final byte[] manifest;

  public ManifestRoutes(String version) {
    this.manifest =
        JsonWriter.bytes(
            new Manifest(
                "claviger",
                version,
                new ManifestLinks(
                    "/docs", "/openapi.yaml", "/health/live", "/health/ready", "/v1/me")));
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1").open(ctx -> ctx.contentType("application/json").result(manifest));
  }

  private record Manifest(String name, String version, ManifestLinks links) {}

  private record ManifestLinks(
      String documentation, String contract, String live, String ready, String me) {}
}
