package io.claviger.domain.policy;

import io.claviger.domain.ModelName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The limits that hold for one call: all of them do, each on its own account.
 *
 * @param accounts whose limits they are; those without any are left out
 */
public record CallLimits(List<Account> accounts) {

  /**
   * @param subject what requests are counted for, the same on every node
   */
  public record Account(String subject, Limits limits) {}

  /**
   * A rate that a call counts against.
   *
   * @param perMinute requests in any 60 seconds
   */
  public record Meter(String subject, int perMinute) {}

  public CallLimits {
    accounts = List.copyOf(accounts);
  }

  /**
   * @param token whose limits hold for all that is called with it
   * @param service which is called; its limits hold for each caller, in what their own leave open
   * @param caller who calls it, and their share's limits
   * @param passedOnBy who lends it on through a project, and their share's limits: what all members
   *     call counts against them, too
   */
  public static CallLimits of(Of token, Of service, Of caller, Optional<Of> passedOnBy) {
    List<Account> accounts = new ArrayList<>(3);
    add(accounts, "token:" + token.id(), token.limits());
    add(accounts, onService(service, caller), caller.limits().orElse(service.limits()));
    passedOnBy
        .filter(by -> !by.id().equals(caller.id()))
        .ifPresent(
            by -> add(accounts, onService(service, by), by.limits().orElse(service.limits())));
    return new CallLimits(accounts);
  }

  /** Something that has limits. */
  public record Of(UUID id, Limits limits) {}

  public boolean allow(String method, String path) {
    return accounts.stream().allMatch(a -> a.limits().allow(method, path));
  }

  /** The only models that may be asked for; empty where any may. */
  public Optional<Set<ModelName>> models() {
    Optional<Set<ModelName>> allowed = Optional.empty();
    for (Account account : accounts) {
      Optional<Set<ModelName>> these = account.limits().models();
      if (these.isPresent() && allowed.isPresent()) {
        Set<ModelName> both = new HashSet<>(allowed.get());
        both.retainAll(these.get());
        allowed = Optional.of(Set.copyOf(both));
      } else if (these.isPresent()) {
        allowed = these;
      }
    }
    return allowed;
  }

  public List<Meter> meters() {
    return accounts.stream()
        .filter(a -> a.limits().requestsPerMinute().isPresent())
        .map(a -> new Meter(a.subject(), a.limits().requestsPerMinute().orElseThrow()))
        .toList();
  }

  private static String onService(Of service, Of user) {
    return "service:" + service.id() + ":" + user.id();
  }

  private static void add(List<Account> accounts, String subject, Limits limits) {
    if (!limits.isNone()) {
      accounts.add(new Account(subject, limits));
    }
  }
}
