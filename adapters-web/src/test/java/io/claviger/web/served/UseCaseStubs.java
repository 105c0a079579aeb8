package io.claviger.web.served;

import io.claviger.application.UseCases;
import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.Users;
import io.claviger.application.health.Readiness;
import io.claviger.application.identity.SignIn;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Optional;

/** Copies of the use cases in which one is replaced. */
public final class UseCaseStubs {
  private UseCaseStubs() {}

  public static UseCases accessTokens(UseCases usual, AccessTokens accessTokens) {
    return with(usual, "accessTokens", accessTokens);
  }

  public static UseCases signIn(UseCases usual, SignIn signIn) {
    return with(usual, "signIn", Optional.of(signIn));
  }

  public static UseCases readiness(UseCases usual, Readiness readiness) {
    return with(usual, "readiness", readiness);
  }

  /** Users whose every operation runs this first. */
  public static UseCases usersAfter(UseCases usual, Runnable first) {
    Users users = usual.users();
    return with(
        usual,
        "users",
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

  private static UseCases with(UseCases usual, String name, Object replacement) {
    return (UseCases)
        Proxy.newProxyInstance(
            UseCases.class.getClassLoader(),
            new Class<?>[] {UseCases.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals(name)) {
                return replacement;
              }
              try {
                return method.invoke(usual, arguments);
              } catch (InvocationTargetException e) {
                throw Objects.requireNonNull(e.getCause());
              }
            });
  }
}
