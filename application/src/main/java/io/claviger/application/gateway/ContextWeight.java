package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ProjectContext;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.fairness.CapacityPolicy;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.ConnectionTerms;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * An upper bound for the memory of a cached entry in bytes. The bound includes the entry, its place
 * in the index and its grant, on a JVM with compressed references.
 */
final class ContextWeight {
  /**
   * The estimated bytes of the entry in the cache, the entry in the index, the key of the entry,
   * and the grant without its texts.
   */
  private static final int ENTRY = 2_900;

  /**
   * The estimated bytes of a token's ids, times, flags and short names. The length of these names
   * is limited.
   */
  private static final int TOKEN = 600;

  private static final int INSTANCE = 700;
  private static final int SHARE = 800;
  private static final int PROJECT = 400;

  /** The estimated bytes of an inherited rate limit and its copy in the account of a grant. */
  private static final int INHERITED_RATE = 400;

  /**
   * The estimated bytes of a budget, of the budget's meter in a grant, and of the budget's account.
   */
  private static final int BUDGET = 500;

  /** The estimated bytes of the id of a service that an imported token can be used for. */
  private static final int SERVICE_ID = 80;

  /**
   * The estimated bytes of limits on tokens per minute and on concurrent calls, and of the copies
   * of these limits in the accounts of a grant.
   */
  private static final int PACE = 400;

  /**
   * The estimated bytes of a group's limits and their account in a grant, without the lists in the
   * limits.
   */
  private static final int HELD_LIMITS = 400;

  /** The estimated bytes of the limits that an owner states for a provider. */
  private static final int PROVIDER_LIMITS = 300;

  /**
   * The estimated bytes of a grant's data for minting tokens, without the settings of the
   * credential.
   */
  private static final int MINTED = 200;

  /** The estimated bytes of a setting of a credential and its entries in two maps. */
  private static final int CREDENTIAL_SETTING = 100;

  private static final int SEALED = 80;

  /**
   * The estimated overhead of a text, in bytes. The overhead includes the value object that
   * contains the text, and the place of this object in a set or list.
   */
  private static final int HELD_TEXT = 88;

  /**
   * Only API standards that are larger than this are counted. All services with the same API
   * standard share one object, so a smaller standard hardly matters.
   */
  private static final int LARGE_STANDARD = 16_384;

  private ContextWeight() {}

  static long ofService(CallContext<ServiceContext> context) {
    return ofCaller(context) + context.target().map(ContextWeight::of).orElse(0L);
  }

  static long ofProject(CallContext<ProjectContext> context) {
    long target =
        context
            .target()
            .map(
                t ->
                    PROJECT
                        + of(t.project().limits())
                        + t.bound().map(ContextWeight::of).orElse(0L)
                        + t.ownersShare().map(ContextWeight::of).orElse(0L))
            .orElse(0L);
    return ofCaller(context) + target;
  }

  static long ofCaller(CallContext<?> context) {
    return ENTRY
        + TOKEN
        + text(context.token().name().value())
        + context.token().restriction().map(ContextWeight::of).orElse(0)
        + (long) SERVICE_ID
            * context
                .token()
                .imported()
                .flatMap(AccessToken.Imported::services)
                .map(Set::size)
                .orElse(0)
        + (long) INHERITED_RATE * context.token().inherited().rates().size()
        + (long) BUDGET * context.token().inherited().budgets().size()
        + (long) PACE * context.token().inherited().paces().size()
        + of(context.token().limits());
  }

  private static int of(TokenRestriction restriction) {
    return text(restriction.ref());
  }

  private static long of(ServiceContext target) {
    return of(target.instance())
        + Math.max(0, of(target.standard()) - LARGE_STANDARD)
        + target.share().map(ContextWeight::of).orElse(0L)
        + of(target.keys())
        + of(target.callersLimits());
  }

  /** The endpoint is counted again for each of the two key bindings in a grant. */
  private static long of(CallableInstance instance) {
    Endpoint endpoint = instance.endpoint();
    return INSTANCE
        + 3L * (endpoint.host().length() + endpoint.path().length())
        + instance.placement().field().length()
        + instance.sent().lines().stream().mapToInt(line -> text(line)).sum()
        + instance.organization().map(o -> text(o.value())).orElse(0)
        + of(instance.limits())
        + of(instance.inAll())
        + of(instance.capacity())
        + of(instance.credential())
        + of(instance.connections());
  }

  private static long of(ConnectionTerms connections) {
    return connections.equals(ConnectionTerms.USUAL)
        ? 0
        : 100 + of(connections.origins().names(), Function.identity());
  }

  /** Settings are counted twice, because the binding in a grant also contains the settings. */
  private static long of(CredentialSettings credential) {
    return (credential.kind().isMinted() ? MINTED : 0)
        + credential.values().values().stream()
            .mapToLong(value -> CREDENTIAL_SETTING + 2L * text(value))
            .sum();
  }

  /**
   * The group's name is counted twice, because a grant contains the name again as part of a key.
   */
  private static long of(CapacityPolicy capacity) {
    return (capacity.stated().isNone() ? 0 : PROVIDER_LIMITS)
        + capacity.group().map(group -> 2L * text(group.value())).orElse(0L);
  }

  private static long of(HeldShare share) {
    return SHARE
        + of(share.terms().limits())
        + share.giver().map(giver -> of(giver.limits())).orElse(0L)
        + share.holder().map(group -> of(group.pooled())).orElse(0L);
  }

  private static long of(UserLimits limits) {
    return of(limits.own())
        + limits.groups().stream()
            .mapToLong(group -> 2L * HELD_LIMITS + of(group.each()) + of(group.pooled()))
            .sum();
  }

  private static long of(SealedKeys keys) {
    return of(keys.apiKey()) + of(keys.headers()) + of(keys.userKey()) + of(keys.namingKey());
  }

  private static long of(Optional<SealedValue> sealed) {
    return sealed.map(value -> (long) SEALED + value.length()).orElse(0L);
  }

  /**
   * Models are counted again, because a grant has its own set of models if several limits apply.
   */
  private static long of(Limits limits) {
    long models =
        limits.models().map(set -> of(set, ModelPattern::value) + 24L * set.size()).orElse(0L);
    long operations = limits.operations().map(set -> of(set, Operation::value)).orElse(0L);
    long pace = limits.pace().isNone() ? 0 : PACE;
    return models + operations + pace + (long) BUDGET * limits.budgets().all().size();
  }

  private static long of(CallableStandard standard) {
    return of(standard.operations(), Operation::value)
        + of(standard.requestHeaders(), RequestHeader::value)
        + of(standard.responseHeaders(), ResponseHeader::value)
        + of(standard.queryParameters(), Function.identity());
  }

  private static <V> long of(Collection<V> values, Function<V, String> text) {
    long sum = 64;
    for (V value : values) {
      sum += HELD_TEXT + bytes(text.apply(value));
    }
    return sum;
  }

  private static int text(String text) {
    return HELD_TEXT + bytes(text);
  }

  /**
   * Returns the size of a text. A text in Latin-1 takes one byte per character. Any other text
   * takes two bytes per character.
   */
  private static int bytes(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) > 0xff) {
        return 2 * text.length();
      }
    }
    return text.length();
  }
}
