package io.claviger.web.served;

import io.claviger.application.accounts.Users;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Objects;

/** Use cases that are not the usual ones. */
public final class UseCaseStubs {
  private UseCaseStubs() {}

  /** Users whose every operation runs this first. */
  public static InMemoryUseCases usersAfter(InMemoryUseCases usual, Runnable first) {
    Users users = usual.get(Users.class);
    return usual.with(
        Users.class,
        (Users)
            Proxy.newProxyInstance(
                Users.class.getClassLoader(),
                new Class<?>[] {Users.class},
                (proxy, method, arguments) -> {
                  first.run();
                  try {
                    return method.invoke(users, arguments);
                  } catch (InvocationTargetException e) {
                    throw Objects.requireNonNull(e.getCause());
                  }
                }));
  }
}
