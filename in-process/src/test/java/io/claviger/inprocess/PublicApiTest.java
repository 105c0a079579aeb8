package io.claviger.inprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublicApiTest {
  /**
   * Returns the packages of all types of Claviger that a program meets: as arguments, results and
   * type arguments of operations, and of the methods of these types and the constructors of
   * records. A static method of an interface is for the program {@code claviger}, which makes the
   * use cases.
   */
  static Set<Package> packages() {
    Set<Class<?>> met = new LinkedHashSet<>(Set.of(Claviger.class));
    Deque<Class<?>> left = new ArrayDeque<>(met);
    while (!left.isEmpty()) {
      Class<?> type = left.remove();
      typesOf(type)
          .flatMap(PublicApiTest::classes)
          .filter(found -> found.getName().startsWith("io.claviger."))
          .filter(found -> Modifier.isPublic(found.getModifiers()))
          .filter(met::add)
          .forEach(left::add);
    }
    Set<Package> packages = new LinkedHashSet<>();
    met.forEach(type -> packages.add(type.getPackage()));
    return packages;
  }

  private static Stream<Type> typesOf(Class<?> type) {
    Class<?>[] kinds = type.getPermittedSubclasses();
    return Stream.of(
            Arrays.stream(type.getMethods())
                .filter(method -> !type.isInterface() || !Modifier.isStatic(method.getModifiers()))
                .flatMap(PublicApiTest::typesOf),
            Arrays.stream(type.isRecord() ? type.getConstructors() : new Constructor<?>[0])
                .map(Constructor::getGenericParameterTypes)
                .flatMap(Arrays::stream),
            kinds == null ? Stream.<Type>empty() : Arrays.<Type>stream(kinds))
        .flatMap(types -> types);
  }

  private static Stream<Type> typesOf(Method method) {
    return Stream.concat(
        Stream.of(method.getGenericReturnType()), Stream.of(method.getGenericParameterTypes()));
  }

  private static Stream<Class<?>> classes(Type type) {
    return switch (type) {
      case Class<?> one -> one.isArray() ? classes(one.getComponentType()) : Stream.of(one);
      case ParameterizedType generic ->
          Stream.concat(
              classes(generic.getRawType()),
              Arrays.stream(generic.getActualTypeArguments()).flatMap(PublicApiTest::classes));
      case GenericArrayType array -> classes(array.getGenericComponentType());
      case WildcardType wildcard ->
          Stream.concat(
                  Arrays.stream(wildcard.getUpperBounds()),
                  Arrays.stream(wildcard.getLowerBounds()))
              .flatMap(PublicApiTest::classes);
      case TypeVariable<?> variable -> Stream.empty();
      default -> throw new IllegalArgumentException(type.getTypeName());
    };
  }

  @ParameterizedTest
  @MethodSource("packages")
  void compilers_know_which_arguments_and_results_may_be_null(Package one) {
    assertThat(one.isAnnotationPresent(NullMarked.class)).isTrue();
  }
}
