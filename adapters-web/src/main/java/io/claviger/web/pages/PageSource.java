package io.claviger.web.pages;

import io.claviger.application.UseCases;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.function.Supplier;

/** Adds pages to those on which people sign in. */
@FunctionalInterface
public interface PageSource {
  /**
   * @param visitors knows who is signed in with a browser
   * @param gatewayUrl returns the beginning of every address of the gateway, without a slash at its
   *     end
   */
  void addTo(Routes routes, UseCases useCases, Visitors visitors, Supplier<String> gatewayUrl);

  /** The addresses of the style sheets, for the pages on which people sign in too. */
  default List<String> styleSheets() {
    return List.of();
  }
}
