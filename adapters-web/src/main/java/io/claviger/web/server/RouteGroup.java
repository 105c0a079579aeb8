package io.claviger.web.server;

/**
 * Routes that belong together. The only constructor of a group takes everything that the group
 * needs.
 */
@FunctionalInterface
public interface RouteGroup {
  void addTo(Routes routes);
}
