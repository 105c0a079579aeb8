package io.claviger.console.page;

import io.claviger.web.server.Resource;
import io.claviger.web.server.StaticFiles;
import java.util.Map;

/** The style sheets and scripts of the pages. */
public final class Assets {
  private static final String CSS = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  public static final StaticFiles FILES =
      new StaticFiles(
          "/console/assets/",
          Map.of(
              "console.css", new Resource("/console/console.css", CSS),
              "htmx.js", new Resource(ofWebJar("htmx.org", "dist/htmx.min.js"), SCRIPT),
              "console.js", new Resource("/console/console.js", SCRIPT),
              "mark.svg", new Resource("/console/mark.svg", "image/svg+xml")));

  private Assets() {}

  private static String ofWebJar(String name, String file) {
    return Resource.webJar("org.webjars.npm", name) + file;
  }
}
