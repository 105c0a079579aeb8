package io.claviger.web.server;

/** Routes that belong together. A group takes what it needs by its only constructor. */
@FunctionalInterface
public interface RouteGroup {
  void addTo(Routes routes);
}
