package io.claviger.domain.policy;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The limits of one call. All of them hold, and each is counted separately.
 *
 * @param accounts the limits with what they are counted for; those without any limit are left out
 */
public record CallLimits(List<Account> accounts) {

  /**
   * @param subject the name under which requests are counted; it is the same on every node
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
   * Collects the limits of the token and of all shares that allow the call. Where two would count
   * on one account, the call counts there once.
   *
   * @param token the presented token; empty for a caller in the same process, who needs none
   * @param service the called service; its limits hold for each user whose share sets no limit of
   *     that kind
   * @param caller the user who calls
   * @param passedOnBy the project's owner when the call goes through a project; the calls of all
   *     members count on the owner's account too
   */
  public static CallLimits of(
      Optional<Token> token, Of service, Grantee caller, Optional<Grantee> passedOnBy) {
    Map<String, Limits> accounts = new LinkedHashMap<>();
    token.ifPresent(t -> addToken(accounts, t));
    addChain(accounts, service, caller);
    passedOnBy.ifPresent(by -> addChain(accounts, service, by));
    return new CallLimits(
        accounts.entrySet().stream().map(e -> new Account(e.getKey(), e.getValue())).toList());
  }

  /** Something that has limits, by its id. */
  public record Of(UUID id, Limits limits) {}

  /**
   * An access token.
   *
   * @param inherited the rates of the tokens that it was created with, the strictest last
   */
  public record Token(UUID id, Limits limits, List<TokenRate> inherited) {
    public Token {
      inherited = List.copyOf(inherited);
    }
  }

  /**
   * A user with the share by which they call the service.
   *
   * @param limits the limits of the share; none when the user needs no share
   * @param pool the group that holds the share; empty when it is the user's own
   * @param giver the co-owner who gave the share on the strength of their own
   */
  public record Grantee(UUID user, Limits limits, Optional<Pool> pool, Optional<Grantee> giver) {
    /** A user with a share of their own. */
    public Grantee(UUID user, Limits limits, Optional<Grantee> giver) {
      this(user, limits, Optional.empty(), giver);
    }
  }

  /**
   * A group whose members call the service by its share.
   *
   * @param limits what all members may do together; what it leaves open has no limit, because the
   *     service's limits hold for each user
   */
  public record Pool(UUID group, Limits limits) {}

  public boolean allow(String method, String path) {
    return accounts.stream().allMatch(a -> a.limits().allow(method, path));
  }

  public boolean allowModel(String model) {
    return models().isEmpty() || ModelPattern.anyMatches(models().get(), model);
  }

  /** The only models that may be called. Empty when all may be called. */
  public Optional<Set<ModelPattern>> models() {
    return accounts.stream()
        .flatMap(account -> account.limits().models().stream())
        .reduce(ModelPattern::common);
  }

  /** The only operations that may be called. Empty when all may be called. */
  private Optional<Set<Operation>> operations() {
    return accounts.stream()
        .flatMap(account -> account.limits().operations().stream())
        .reduce(Operation::common);
  }

  /** What all limits allow together. */
  public EffectiveLimits effective() {
    return new EffectiveLimits(
        meters().stream().map(Meter::perMinute).min(Comparator.naturalOrder()),
        models(),
        operations());
  }

  public List<Meter> meters() {
    return accounts.stream()
        .filter(a -> a.limits().requestsPerMinute().isPresent())
        .map(a -> new Meter(a.subject(), a.limits().requestsPerMinute().orElseThrow()))
        .toList();
  }

  private static void addToken(Map<String, Limits> accounts, Token token) {
    token.inherited().forEach(rate -> add(accounts, onToken(rate.token()), rate.limits()));
    boolean implied = TokenRate.isImplied(token.inherited(), token.limits().requestsPerMinute());
    add(accounts, onToken(token.id()), implied ? token.limits().withoutRate() : token.limits());
  }

  private static void addChain(Map<String, Limits> accounts, Of service, Grantee first) {
    Optional<Grantee> next = Optional.of(first);
    while (next.isPresent()) {
      Grantee grantee = next.get();
      add(accounts, onService(service, grantee), grantee.limits().orElse(service.limits()));
      grantee.pool().ifPresent(pool -> add(accounts, onService(service, pool), pool.limits()));
      next = grantee.giver();
    }
  }

  private static String onToken(UUID token) {
    return "token:" + token;
  }

  private static String onService(Of service, Grantee grantee) {
    return "service:" + service.id() + ":" + grantee.user();
  }

  private static String onService(Of service, Pool pool) {
    return "service:" + service.id() + ":group:" + pool.group();
  }

  private static void add(Map<String, Limits> accounts, String subject, Limits limits) {
    if (!limits.isNone()) {
      Limits unused = accounts.putIfAbsent(subject, limits);
    }
  }
}
