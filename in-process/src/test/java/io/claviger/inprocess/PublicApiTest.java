package io.claviger.inprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublicApiTest {
  static Stream<Class<?>> types() {
    return Arrays.stream(Claviger.class.getMethods())
        .flatMap(PublicApiTest::types)
        .filter(type -> type.getName().startsWith("io.claviger."))
        .distinct();
  }

  private static Stream<Class<?>> types(Method method) {
    return Stream.concat(Stream.of(method.getReturnType()), Stream.of(method.getParameterTypes()));
  }

  @ParameterizedTest
  @MethodSource("types")
  void compilers_know_which_arguments_and_results_may_be_null(Class<?> type) {
    assertThat(type.getPackage().isAnnotationPresent(NullMarked.class)).isTrue();
  }
}
