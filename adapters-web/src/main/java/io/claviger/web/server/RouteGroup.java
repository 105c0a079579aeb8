package io.claviger.web.server;

/**
 * Routes that belong together. The only constructor of a group has everything that the group needs
 * as its parameters.
 */
@FunctionalInterface
public interface RouteGroup {
  void addTo(Routes routes);
}
