package io.claviger.application.usage;

import io.claviger.domain.definitions.Provider;
import java.util.List;

/**
 * How calls are charged.
 *
 * @param provider by whose prices
 * @param accounts to which accounts of services and users, whether or not there is a budget
 */
public record Charging(Provider provider, List<String> accounts) {
  /** Calls that are charged to nobody, such as those with the caller's own key. */
  public static Charging toNobody(Provider provider) {
    return new Charging(provider, List.of());
  }

  public Charging {
    accounts = List.copyOf(accounts);
  }
}
