package io.claviger.domain.policy;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.objects.ObjectKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The limits of one call. All limits apply, and use is counted separately for each limit.
 *
 * @param accounts the accounts with limits against which the call counts
 * @param charged the accounts of services and users that are charged for the call, even if they
 *     have no limits. So a budget that is set later starts with the earlier charges to its account
 */
public record CallLimits(List<Account> accounts, List<String> charged) {

  /**
   * @param subject the name under which requests are counted; it is the same on all nodes
   * @param limits the limits of the account
   * @param kind the kind of the account's holder
   * @param shownToCaller whether the caller may see the account's budgets, rates and paces
   */
  public record Account(String subject, Limits limits, Kind kind, boolean shownToCaller) {}

  /** The kind of an account's holder. */
  public enum Kind {
    TOKEN,
    SERVICE,
    USER,
    GROUP,
    PROJECT
  }

  /**
   * A rate against which a call counts.
   *
   * @param perMinute the maximum number of requests in any 60 seconds
   * @param shownToCaller whether the caller is allowed to know the rate, and how much of it is left
   */
  public record Meter(String subject, int perMinute, boolean shownToCaller) {
    /** Creates a rate that is shown to the caller. */
    public Meter(String subject, int perMinute) {
      this(subject, perMinute, true);
    }
  }

  /**
   * A limit against which a call counts: tokens per minute, or concurrent calls.
   *
   * @param most the limit: a number of tokens in any 60 seconds, or a number of concurrent calls
   * @param shownToCaller whether the caller is allowed to know the amount of the limit
   */
  public record PaceMeter(String subject, PaceKind kind, long most, boolean shownToCaller) {

    /**
     * Returns the limit in words that may be shown to the caller, such as {@code the limit of 1,000
     * tokens per minute}.
     */
    public String text() {
      return shownToCaller
          ? String.format(
              Locale.ROOT, "the limit of %,d %s", most, kind.wireName().replace('_', ' '))
          : "a limit that you share with others";
    }

    /** Returns a sentence that tells the caller that this limit is used up. */
    public String sentence() {
      return shownToCaller ? "T" + text().substring(1) + " is used up." : SHARED_LIMIT_USED_UP;
    }
  }

  /**
   * The sentence that tells the caller that a limit is used up. The sentence does not contain the
   * limit's amount, which the caller must not know.
   */
  public static final String SHARED_LIMIT_USED_UP =
      "A limit that you share with others is used up.";

  public CallLimits {
    accounts = List.copyOf(accounts);
    charged = List.copyOf(charged);
  }

  /** The limits of calls that are charged to no account. */
  public CallLimits(List<Account> accounts) {
    this(accounts, List.of());
  }

  /**
   * Collects the limits of a call if administrators have set no limits for the user or the user's
   * groups.
   *
   * @see #of(Optional, Of, ShareHolder, Optional, UserLimits)
   */
  public static CallLimits of(
      Optional<Token> token, Of service, ShareHolder caller, Optional<ShareHolder> passedOnBy) {
    return of(token, service, caller, passedOnBy, UserLimits.NONE);
  }

  /**
   * Collects the limits of the token, of all shares that allow the call, of the whole service, of
   * the user and of the user's groups. If several of these limits belong to one account, the call
   * counts against the account once.
   *
   * @param token the presented token; empty if the caller is in the same process, and so needs no
   *     token
   * @param service the called service. The service's limits apply to each user, except for those
   *     kinds of limits that the user's share sets itself
   * @param caller the user who calls
   * @param passedOnBy the project's owner if the call is made through a project. The calls of all
   *     members also count against the owner's account
   * @param set the limits that administrators set for the user and the user's groups
   */
  public static CallLimits of(
      Optional<Token> token,
      Of service,
      ShareHolder caller,
      Optional<ShareHolder> passedOnBy,
      UserLimits set) {
    return of(token, service, caller, passedOnBy, set, Optional.empty());
  }

  /**
   * Collects a call's limits, including the limits of the project through which it is made.
   *
   * @param through the project; empty if the call is made to the service itself
   * @see #of(Optional, Of, ShareHolder, Optional, UserLimits)
   */
  public static CallLimits of(
      Optional<Token> token,
      Of service,
      ShareHolder caller,
      Optional<ShareHolder> passedOnBy,
      UserLimits set,
      Optional<Through> through) {
    CallAccounts accounts = new CallAccounts(caller.user());
    token.ifPresent(accounts::addToken);
    accounts.addChain(service, caller);
    passedOnBy.ifPresent(coOwner -> accounts.addChain(service, coOwner));
    accounts.addInAll(service);
    accounts.addSet(set);
    through.ifPresent(accounts::addThrough);
    return new CallLimits(accounts.all(), accounts.charged());
  }

  /**
   * A service.
   *
   * @param limits the limits for each user. A share replaces the kinds of limits that it sets
   *     itself
   * @param inAll the limits that apply to all users together
   * @param owner the owner to whom the service's budgets are shown: the caller if the caller is an
   *     owner, otherwise the owning user
   */
  public record Of(UUID id, Limits limits, Limits inAll, UUID owner) {
    /** Returns this service for a call by one of its owners. */
    public Of ownedBy(UUID user) {
      return new Of(id, limits, inAll, user);
    }

    /** Creates a service without limits for all users together. */
    public Of(UUID id, Limits limits) {
      this(id, limits, Limits.NONE, id);
    }
  }

  /**
   * An access token.
   *
   * @param inherited the limits of the tokens that were used to create this token
   */
  public record Token(UUID id, Limits limits, InheritedLimits inherited) {
    /** Creates a token that inherits only rates, but no budgets and no pace limits. */
    public Token(UUID id, Limits limits, List<TokenRate> inherited) {
      this(id, limits, InheritedLimits.of(inherited));
    }
  }

  /**
   * A user with the share that allows the user to call the service.
   *
   * @param limits the limits of the share; no limits if the user needs no share
   * @param pool the group that has the share; empty if the share is the user's own
   * @param giver the co-owner who gave the share. The limits of the co-owner's own share also apply
   */
  public record ShareHolder(
      UUID user, Limits limits, Optional<Pool> pool, Optional<ShareHolder> giver) {
    public ShareHolder(UUID user, Limits limits, Optional<ShareHolder> giver) {
      this(user, limits, Optional.empty(), giver);
    }
  }

  /**
   * A project through which a call is made.
   *
   * @param limits the limits for each person who calls through the project: members, the owner and
   *     everybody else. Each person's calls are counted separately. The counts are not reset when
   *     the project is bound to another service
   */
  public record Through(UUID project, Limits limits) {}

  /**
   * A group whose share allows its members to call the service.
   *
   * @param limits the limits for all members together. If a limit is absent, the members together
   *     have no such limit: the service's own limits apply to each user separately
   */
  public record Pool(UUID group, Limits limits) {}

  public boolean allow(String method, String path) {
    return isBounded() && accounts.stream().allMatch(a -> a.limits().allow(method, path));
  }

  /**
   * Whether an operation on stored objects is allowed. Limits that contain a list of operations
   * allow the operation in two cases: if the list contains it, or if the limits allow storage of
   * the object's kind, which includes the operations on such objects.
   */
  public boolean allowStored(ObjectKind kind, String method, String path) {
    return isBounded()
        && accounts.stream()
            .map(Account::limits)
            .allMatch(
                each ->
                    each.allow(method, path)
                        || each.storage()
                            .kinds()
                            .filter(lent -> lent.kinds().contains(kind))
                            .isPresent());
  }

  /**
   * Whether there are so few limits that all of them can be stored and counted for a call. A user
   * with more group limits than {@link UserLimits#MOST} can't make calls, because if some of these
   * limits were ignored, too much would be allowed.
   */
  private boolean isBounded() {
    return accounts.stream().filter(account -> account.kind() == Kind.GROUP).count()
        <= UserLimits.MOST;
  }

  public boolean allowModel(String model) {
    return models().isEmpty() || ModelPattern.anyMatches(models().get(), model);
  }

  /** Returns the only models that may be called; empty if all models may be called. */
  public Optional<Set<ModelPattern>> models() {
    return accounts.stream()
        .flatMap(account -> account.limits().models().stream())
        .reduce(ModelPattern::common);
  }

  /** Returns the only operations that may be called; empty if all operations may be called. */
  private Optional<Set<Operation>> operations() {
    return accounts.stream()
        .flatMap(account -> account.limits().operations().stream())
        .reduce(Operation::common);
  }

  /**
   * Returns the largest output maximum that a call may state. If the result is empty, a call need
   * not state an output maximum.
   */
  public OptionalInt maxOutputTokens() {
    return accounts.stream()
        .flatMap(account -> account.limits().maxOutputTokens().stream())
        .mapToInt(Integer::intValue)
        .min();
  }

  /**
   * Returns which objects calls may store at the provider, within the storage that the service
   * lends.
   */
  public StorageLimits storage() {
    return accounts.stream()
        .map(account -> account.limits().storage())
        .reduce(StorageLimits.NONE, StorageLimits::and);
  }

  /** Returns all budgets to which a call might be charged, whichever key it uses. */
  public List<BudgetMeter> budgets() {
    return accounts.stream().flatMap(CallLimits::budgets).toList();
  }

  /**
   * Returns the budgets to which a call with a key from the given source is charged. A call with
   * the caller's own key must not use up a budget that other people share. The provider might even
   * be the caller's own server, which can state any usage. So for somebody else's service, such a
   * call is charged only to budgets of tokens. For the caller's own service, a group's pooled
   * budget applies to the caller alone, on an account that counts nothing else.
   *
   * @param owner the caller, if the caller owns the service
   */
  public List<BudgetMeter> budgets(KeySource source, Optional<UUID> owner) {
    Stream<BudgetMeter> charged =
        accounts.stream()
            .filter(account -> source != KeySource.USER || account.kind() == Kind.TOKEN)
            .flatMap(CallLimits::budgets);
    return isPaidBy(owner, source)
        ? charged.map(meter -> apart(meter, owner.orElseThrow())).toList()
        : charged.toList();
  }

  private static boolean isPaidBy(Optional<UUID> owner, KeySource source) {
    return owner.isPresent() && (source == KeySource.CENTRAL || source == KeySource.KEYLESS);
  }

  private static BudgetMeter apart(BudgetMeter meter, UUID owner) {
    return new BudgetMeter(apart(meter.account(), owner), meter.budget(), meter.shownToCaller());
  }

  /** Returns the account of what a group shares for the calls of an owner, who takes no part. */
  private static String apart(String account, UUID owner) {
    return BudgetHolder.of(account).apartFor(owner).account();
  }

  /**
   * Returns the accounts of services and users that are charged for a call with a key from the
   * given source, even if they have no limits. A user's calls of their own services are not charged
   * to the user's account: a new pooled budget starts with the charges to the accounts of its
   * users, and must not include such calls.
   *
   * @param owner the caller, if the caller owns the service
   */
  public List<String> charged(KeySource source, Optional<UUID> owner) {
    if (source == KeySource.USER) {
      return List.of();
    }
    return isPaidBy(owner, source)
        ? charged.stream().filter(account -> !account.startsWith("user:")).toList()
        : charged;
  }

  private static Stream<BudgetMeter> budgets(Account account) {
    return account.limits().budgets().all().stream()
        .map(budget -> new BudgetMeter(account.subject(), budget, account.shownToCaller()));
  }

  /**
   * Whether calls with a key from the given source have a limit that can't be enforced on batches,
   * so that the caller may not create batches. With the caller's own key, files are stored in the
   * caller's own account, and Claviger does not read the requests of a batch in these files.
   */
  public boolean boundMoreThanBatches(KeySource source) {
    return source == KeySource.USER && (boundModels(source) || operations().isPresent());
  }

  /** Whether limits on models, output or costs apply to calls with a key from the given source. */
  boolean boundModels(KeySource source) {
    return !budgets(source, Optional.empty()).isEmpty()
        || maxOutputTokens().isPresent()
        || models().isPresent();
  }

  /**
   * Returns the result of all limits together. Rates, pace limits and budgets are included only if
   * the caller may see them, because hidden limits also count the use of other people.
   */
  public EffectiveLimits effective() {
    OptionalInt output = maxOutputTokens();
    return new EffectiveLimits(
        meters().stream()
            .filter(Meter::shownToCaller)
            .map(Meter::perMinute)
            .min(Comparator.naturalOrder()),
        models(),
        operations(),
        output.isPresent() ? Optional.of(output.getAsInt()) : Optional.empty(),
        List.copyOf(shownBudgets()),
        storage(),
        accounts.stream()
            .filter(Account::shownToCaller)
            .map(account -> account.limits().pace())
            .reduce(PaceTerms.NONE, PaceTerms::and));
  }

  /** Returns the smallest visible budget for each unit, window and zone. */
  private Collection<Budget> shownBudgets() {
    Map<Budget.Key, Budget> smallest = new LinkedHashMap<>();
    budgets().stream()
        .filter(BudgetMeter::shownToCaller)
        .map(BudgetMeter::budget)
        .forEach(
            budget ->
                smallest.merge(
                    budget.key(), budget, (one, two) -> two.amount() < one.amount() ? two : one));
    return smallest.values();
  }

  public List<Meter> meters() {
    return accounts.stream()
        .filter(a -> a.limits().requestsPerMinute().isPresent())
        .map(
            a ->
                new Meter(
                    a.subject(), a.limits().requestsPerMinute().orElseThrow(), a.shownToCaller()))
        .toList();
  }

  /**
   * Returns the pace limits of a call with a key from the given source, one for each account and
   * kind. Tokens count only against the accounts whose budgets are in {@link #budgets(KeySource,
   * Optional)}, so that usage stated by a caller's own provider does not slow down other people.
   * Concurrent calls count against all accounts, like requests, whatever the key is.
   *
   * @param owner the caller, if the caller owns the service
   */
  public List<PaceMeter> paceMeters(KeySource source, Optional<UUID> owner) {
    List<PaceMeter> meters = new ArrayList<>();
    for (Account account : accounts) {
      boolean countsTokens = source != KeySource.USER || account.kind() == Kind.TOKEN;
      account
          .limits()
          .pace()
          .each()
          .forEach(
              (kind, most) -> {
                if (kind.countsTokens() && !countsTokens) {
                  return;
                }
                String subject =
                    kind.countsTokens() && isPaidBy(owner, source)
                        ? apart(account.subject(), owner.orElseThrow())
                        : account.subject();
                meters.add(new PaceMeter(subject, kind, most, account.shownToCaller()));
              });
    }
    return List.copyOf(meters);
  }
}
