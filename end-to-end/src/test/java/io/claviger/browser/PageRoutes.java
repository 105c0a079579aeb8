package io.claviger.browser;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.requests.RequestReferences;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.bootstrap.node.Node;
import io.claviger.console.Console;
import io.claviger.domain.accounts.AddressNets;
import io.claviger.web.WebFeatures;
import io.claviger.web.pages.Pages;
import io.claviger.web.requests.RequestPage;
import io.claviger.web.server.CallerOrigins;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import io.claviger.web.server.ServerLimits;
import io.claviger.wiring.NodeContext;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The paths on which a node has pages.
 *
 * @param methods by the pattern of the path
 */
record PageRoutes(Map<String, Set<String>> methods) {
  /** Paths of the console that answer with something other than a page. */
  static final Set<String> NO_PAGES =
      new TreeSet<>(
          Set.of(
              "/console/assets/{hash}/{file}",
              "/console/suggestions",
              "/console/this-month",
              "/console/audit/export",
              "/console/reviews/{id}/export",
              "/console/usage/export",
              "/console/models/try",
              "/console/projects/{owner}/{handle}/people/end",
              "/console/search/names",
              "/console/services/{owner}/{handle}/connect/try",
              "/console/services/{owner}/{handle}/people/end",
              "/console/sign-in/callback"));

  /**
   * Forms that stand on a page while a device or a change waits, a connection is open or an
   * identity is linked, or on none.
   */
  static final Set<String> SELDOM_FORMS =
      new TreeSet<>(
          Set.of(
              "/console/account/connections/end",
              "/console/account/identity/unlink",
              "/console/approvals/{id}/approve",
              "/console/approvals/{id}/decline",
              "/console/people/{user}/resume",
              "/console/device/again",
              "/console/device/approve",
              "/console/device/deny",
              "/console/services/{owner}/{handle}/connections/end",
              "/console/sign-in/logout"));

  /** The routes of a node. */
  static PageRoutes of(Node node) {
    NodeContext context = node.context();
    Routes routes =
        new Routes(
            context.get(AccessTokens.class),
            new CallerOrigins(AddressNets.NONE, Optional.empty()),
            ServerLimits.STANDARD,
            RequestPage.links(context.get(RequestReferences.class), node::api));
    context
        .make(
            RouteGroup.class,
            Stream.of(Console.FEATURES, WebFeatures.ALL).<Class<?>>flatMap(List::stream).toList(),
            new NodeUrls(0, port -> node.api(), () -> ""),
            new Pages.Settings(
                Optional.empty(),
                new LocalSignIn(true),
                "",
                Console.frame(),
                Pages.Settings.STANDARD_KEY_AGE))
        .forEach(group -> group.addTo(routes));
    return new PageRoutes(routes.pages());
  }

  /** The patterns with this method that lead to none of these addresses. */
  Set<String> unseen(String method, Set<String> addresses) {
    Set<String> seen =
        addresses.stream()
            .flatMap(address -> patternOf(address).stream())
            .collect(Collectors.toSet());
    return methods.entrySet().stream()
        .filter(path -> path.getKey().startsWith("/console") && path.getValue().contains(method))
        .map(Map.Entry::getKey)
        .filter(pattern -> !seen.contains(pattern))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the most specific pattern for a path. */
  private Optional<String> patternOf(String address) {
    String path = address.replaceAll("[?#].*", "");
    return methods.keySet().stream()
        .filter(pattern -> path.matches(pattern.replaceAll("\\{[a-z]+\\}", "[^/]+")))
        .min(Comparator.comparing(pattern -> pattern.chars().filter(c -> c == '{').count()));
  }
}
