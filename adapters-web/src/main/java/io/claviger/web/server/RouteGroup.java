package io.claviger.web.server;

/**
 * Routes that belong together. Everything that a group needs is a parameter of its only
 * constructor.
 */
@FunctionalInterface
public interface RouteGroup {
  void addTo(Routes routes);
}
