package io.claviger.architecture;

import static io.claviger.architecture.ProductionCode.CLASSES;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.Console;
import io.claviger.console.page.ConsolePage;
import io.claviger.web.WebFeatures;
import io.claviger.web.server.RouteGroup;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Routes and pages that are written but not listed would be served by nobody. */
class ListedFeaturesTest {
  /** What a server says about itself; it adds these groups by itself. */
  private static final String OF_THE_SERVER = "io.claviger.web.health";

  @Test
  void every_group_of_routes_and_every_page_is_listed() {
    TreeSet<String> missing = new TreeSet<>();
    CLASSES.stream()
        .filter(type -> !type.isInterface() && !type.getPackageName().equals(OF_THE_SERVER))
        .filter(
            type -> type.isAssignableTo(RouteGroup.class) || type.isAssignableTo(ConsolePage.class))
        .forEach(type -> missing.add(type.getName()));
    assertThat(missing).hasSizeGreaterThan(70);

    listed().forEach(type -> missing.remove(type.getName()));

    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("listed")
  void what_is_listed_has_one_constructor(Class<?> type) {
    assertThat(type.getDeclaredConstructors()).hasSize(1);
  }

  static Stream<Class<?>> listed() {
    return Stream.of(WebFeatures.ALL, Console.FEATURES).flatMap(List::stream);
  }
}
