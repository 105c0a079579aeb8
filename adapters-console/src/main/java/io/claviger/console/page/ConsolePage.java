package io.claviger.console.page;

import io.claviger.web.pages.Visitors;
import io.claviger.web.server.Routes;

/** A page of the console, or several that belong together, with what can be done there. */
@FunctionalInterface
public interface ConsolePage {
  /**
   * @param visitors knows who is signed in with a browser
   */
  void addTo(Routes routes, Visitors visitors);
}
