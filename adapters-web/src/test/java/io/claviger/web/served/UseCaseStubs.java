package io.claviger.web.served;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/** Use cases that are not the usual ones. */
public final class UseCaseStubs {
  private UseCaseStubs() {}

  /** Use cases whose every operation runs this first. */
  public static <T> InMemoryUseCases before(InMemoryUseCases usual, Class<T> type, Runnable first) {
    return answered(
        usual,
        type,
        (operation, arguments) -> {
          first.run();
          return Optional.empty();
        });
  }

  /**
   * Use cases whose operations return the result of this function, and do their usual work if the
   * result is empty.
   *
   * @param answer a function of an operation's name and arguments
   */
  public static <T> InMemoryUseCases answered(
      InMemoryUseCases usual, Class<T> type, BiFunction<String, Object[], Optional<?>> answer) {
    T cases = usual.get(type);
    return usual.with(
        type,
        type.cast(
            Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> {
                  Optional<?> other = answer.apply(method.getName(), arguments);
                  if (other.isPresent()) {
                    return other.get();
                  }
                  try {
                    return method.invoke(cases, arguments);
                  } catch (InvocationTargetException e) {
                    throw Objects.requireNonNull(e.getCause());
                  }
                })));
  }
}
