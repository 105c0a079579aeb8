package io.claviger.web.pages;

import io.claviger.application.UseCases;
import io.claviger.web.server.Routes;

/** Adds pages to those on which people sign in. */
@FunctionalInterface
public interface PageSource {
  /**
   * @param visitors knows who is signed in with a browser
   */
  void addTo(Routes routes, UseCases useCases, Visitors visitors);
}
