package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.web.contract.ContractChecker;
import io.claviger.web.contract.Operation;
import io.claviger.web.served.Served;
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
}
