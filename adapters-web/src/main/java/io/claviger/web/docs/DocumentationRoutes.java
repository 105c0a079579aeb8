package io.claviger.web.docs;

import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Resource;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import io.javalin.http.Context;
import java.util.Map;
import java.util.Optional;

/** Serves the API contract, both as a file and as a page that loads nothing from the internet. */
public final class DocumentationRoutes implements RouteGroup {
  private static final String SWAGGER_UI = Resource.webJar("org.webjars", "swagger-ui");

  /** All files of the documentation page, keyed by the names under which callers request them. */
  private static final Map<String, Resource> FILES =
      Map.of(
          "try", new Resource("/docs/try.html", "text/html; charset=utf-8"),
          "reference.js", new Resource("/docs/reference.js", "text/javascript; charset=utf-8"),
          "init.js", new Resource("/docs/init.js", "text/javascript; charset=utf-8"),
          "page.css", new Resource("/docs/page.css", "text/css; charset=utf-8"),
          "swagger-ui.css", new Resource(SWAGGER_UI + "swagger-ui.css", "text/css; charset=utf-8"),
          "swagger-ui-bundle.js",
              new Resource(SWAGGER_UI + "swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
          "favicon-16x16.png", new Resource(SWAGGER_UI + "favicon-16x16.png", "image/png"),
          "favicon-32x32.png", new Resource(SWAGGER_UI + "favicon-32x32.png", "image/png"));

  private static final Resource PAGE = new Resource("/docs/index.html", "text/html; charset=utf-8");
  private static final Resource CONTRACT =
      new Resource("/openapi.yaml", "application/yaml; charset=utf-8");

  @Override
  public void addTo(Routes routes) {
    routes.at("/openapi.yaml").open(ctx -> answer(ctx, CONTRACT));
    routes.at("/docs").open(ctx -> answer(ctx, PAGE));
    routes.at("/docs/{file}").open(DocumentationRoutes::file);
  }

  private static void file(Context ctx) {
    answer(
        ctx,
        Optional.ofNullable(FILES.get(Routes.parameter(ctx, "file")))
            .orElseThrow(() -> new ProblemException(Problems.NOT_FOUND)));
  }

  private static void answer(Context ctx, Resource resource) {
    ctx.header("Cache-Control", "public, max-age=300")
        .header(
            "Content-Security-Policy",
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                + " frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
        .header("Referrer-Policy", "no-referrer")
        .contentType(resource.mediaType())
        .result(resource.content());
  }
}
