package io.claviger.inprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Executable;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublicApiTest {
  private static final Set<Class<?>> USE_CASES =
      Arrays.stream(Claviger.class.getMethods())
          .<Class<?>>map(Method::getReturnType)
          .filter(Class::isInterface)
          .collect(Collectors.toSet());

  /**
   * Returns the packages of all types of Claviger that a program meets: as arguments, results, type
   * arguments and exceptions of operations, and of the methods and constructors of these types. The
   * static methods of use cases are left out: the program {@code claviger} makes use cases with
   * them.
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
                .filter(
                    method ->
                        !USE_CASES.contains(type) || !Modifier.isStatic(method.getModifiers()))
                .flatMap(
                    method ->
                        Stream.concat(Stream.of(method.getGenericReturnType()), typesOf(method))),
            Arrays.stream(type.getConstructors()).flatMap(PublicApiTest::typesOf),
            kinds == null ? Stream.<Type>empty() : Arrays.<Type>stream(kinds))
        .flatMap(types -> types);
  }

  private static Stream<Type> typesOf(Executable called) {
    return Stream.concat(
        Stream.of(called.getGenericParameterTypes()), Stream.of(called.getGenericExceptionTypes()));
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
