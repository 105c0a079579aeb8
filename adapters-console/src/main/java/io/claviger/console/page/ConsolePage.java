package io.claviger.console.page;

import io.claviger.web.pages.Visitors;
import io.claviger.web.server.Routes;

/** A page or several related pages of the console, with the actions of their forms. */
@FunctionalInterface
public interface ConsolePage {
  /**
   * @param visitors the object that finds out which user is signed in
   */
  void addTo(Routes routes, Visitors visitors);
}
