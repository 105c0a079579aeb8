package io.claviger.journeys;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An operation of the API, as the contract names it: {@code PATCH /v1/users/{user}}. */
record Route(String method, String path) {
  private static final Pattern PATH = Pattern.compile("^  (/[^:]*):$");
  private static final Pattern METHOD = Pattern.compile("^    (get|put|post|patch|delete):$");

  static List<Route> all(Api anybody) {
    List<Route> routes = new ArrayList<>();
    String path = "";
    for (String line : anybody.get("/openapi.yaml").isStatus(200).body().lines().toList()) {
      Matcher atPath = PATH.matcher(line);
      Matcher atMethod = METHOD.matcher(line);
      if (atPath.matches()) {
        path = atPath.group(1);
      } else if (atMethod.matches() && !path.startsWith("/gateway")) {
        routes.add(new Route(atMethod.group(1).toUpperCase(Locale.ROOT), path));
      }
    }
    return routes;
  }

  /** Returns this operation once for each parameter of its path, with this text as its value. */
  List<Route> with(String text) {
    return Pattern.compile("\\{[a-z_]+}")
        .matcher(path)
        .results()
        .map(at -> path.substring(0, at.start()) + text + path.substring(at.end()))
        .map(named -> new Route(method, named))
        .toList();
  }

  /** The path for Alice's resources, or with an id that nothing has. */
  String atAlices() {
    return path.replaceAll("\\{(owner|user)}", "alice")
        .replace("{handle}", "mine")
        .replace("{provider}", "openai")
        .replace("{kind}", "files")
        .replace("{month}", "2026-01")
        .replaceAll("\\{[a-z_]+}", "01900000-0000-7000-8000-00000000000f");
  }
}
