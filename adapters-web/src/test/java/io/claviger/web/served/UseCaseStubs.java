package io.claviger.web.served;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Objects;

/** Use cases that are not the usual ones. */
public final class UseCaseStubs {
  private UseCaseStubs() {}

  /** Use cases whose every operation runs this first. */
  public static <T> InMemoryUseCases before(InMemoryUseCases usual, Class<T> type, Runnable first) {
    T cases = usual.get(type);
    return usual.with(
        type,
        type.cast(
            Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> {
                  first.run();
                  try {
                    return method.invoke(cases, arguments);
                  } catch (InvocationTargetException e) {
                    throw Objects.requireNonNull(e.getCause());
                  }
                })));
  }
}
