package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.web.contract.ContractChecker;
import io.claviger.web.contract.Operation;
import io.claviger.web.pages.Pages;
import io.claviger.web.served.Served;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RoutesTest {
  @Test
  void every_route_has_an_operation_and_every_operation_a_route() {
    try (Served served = Served.start()) {
      Set<String> routes = new TreeSet<>();
      served
          .server()
          .paths()
          .forEach(
              (path, methods) ->
                  methods.stream()
                      .filter(method -> !method.equals("HEAD"))
                      .forEach(
                          method ->
                              routes.add(method + " " + path.replaceAll("\\{[a-z]+\\}", "{}"))));
      Set<String> operations =
          ContractChecker.ofServer().operations().stream()
              .map(Operation::route)
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(routes).isEqualTo(operations);
    }
  }

  @Test
  void a_path_can_not_be_added_twice() {
    assertThatThrownBy(() -> Served.withPages(Pages.Settings.LOCAL, List.of(TwiceMe.class), u -> u))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/v1/me");
  }

  /** Has a path that another feature has too. */
  public static final class TwiceMe implements RouteGroup {
    @Override
    public void addTo(Routes routes) {
      routes.at("/v1/me");
    }
  }
}
