package io.claviger.application.usage;

import io.claviger.domain.definitions.Provider;
import java.util.List;

/**
 * How calls are charged.
 *
 * @param provider the provider whose prices apply
 * @param accounts the accounts of services and users to which calls are charged, whether or not
 *     there is a budget
 */
public record ChargePolicy(Provider provider, List<String> accounts) {
  /** The policy for calls that are charged to nobody, such as those with the caller's own key. */
  public static ChargePolicy toNobody(Provider provider) {
    return new ChargePolicy(provider, List.of());
  }

  public ChargePolicy {
    accounts = List.copyOf(accounts);
  }
}
