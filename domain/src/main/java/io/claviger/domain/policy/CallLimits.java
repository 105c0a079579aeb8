package io.claviger.domain.policy;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.objects.ObjectKind;
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
 * The limits of one call. All of these limits apply, and each is counted separately.
 *
 * @param accounts the accounts with limits against which the call counts
 * @param charged the accounts of services and users to which a call is charged, with or without
 *     limits. So a budget that is set later starts with the amount that its account has already
 *     been charged
 */
public record CallLimits(List<Account> accounts, List<String> charged) {

  /**
   * @param subject the name under which requests are counted; it is the same on all nodes
   * @param limits the limits of the account
   * @param kind the kind of the account's holder
   * @param shownToCaller whether the caller may see the budgets, rates and paces of the account
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
   * @param perMinute requests in any 60 seconds
   * @param shownToCaller whether the caller may know how high the rate is, and how much of the rate
   *     is left
   */
  public record Meter(String subject, int perMinute, boolean shownToCaller) {
    /** Creates a rate that is shown to the caller. */
    public Meter(String subject, int perMinute) {
      this(subject, perMinute, true);
    }
  }

  /**
   * A limit on tokens per minute or on concurrent calls, against which a call counts.
   *
   * @param most the limit: tokens in any 60 seconds, or calls at a time
   * @param shownToCaller whether the caller may know how high the limit is
   */
  public record PaceMeter(String subject, PaceKind kind, long most, boolean shownToCaller) {

    /**
     * The limit in words that may be shown to the caller: {@code the limit of 1,000 tokens per
     * minute}.
     */
    public String text() {
      return shownToCaller
          ? String.format(
              Locale.ROOT, "the limit of %,d %s", most, kind.wireName().replace('_', ' '))
          : "a limit that you share with others";
    }

    /** A sentence for the caller that says that this limit is used up. */
    public String sentence() {
      return shownToCaller ? "T" + text().substring(1) + " is used up." : SHARED_LIMIT_USED_UP;
    }
  }

  /** A sentence for the caller about a limit whose amount is not shown to the caller. */
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
   * Collects the limits of a call by a user without limits as a user or as a member of groups.
   *
   * @see #of(Optional, Of, ShareHolder, Optional, UserLimits)
   */
  public static CallLimits of(
      Optional<Token> token, Of service, ShareHolder caller, Optional<ShareHolder> passedOnBy) {
    return of(token, service, caller, passedOnBy, UserLimits.NONE);
  }

  /**
   * Collects the limits of the token, of all shares that allow the call, of the service as a whole,
   * of the user and of the user's groups. If two of these limits belong to the same account, the
   * call counts against that account once.
   *
   * @param token the presented token; empty for a caller in the same process, who needs no token
   * @param service the called service; its limits apply to each user whose share does not set the
   *     same kind of limit
   * @param caller the user who calls
   * @param passedOnBy the project's owner when the call is made through a project; the calls of all
   *     members also count against the owner's account
   * @param set the limits that administrators set for the user and their groups
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
   * Collects the limits of a call, including those of the project through which it is made.
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
   * @param limits the limits for each user; a share replaces the kinds of limits that it sets
   *     itself
   * @param inAll the limits for all users together
   * @param owner the owner who sees the service's budgets: the caller if the caller is an owner,
   *     otherwise the owning user
   */
  public record Of(UUID id, Limits limits, Limits inAll, UUID owner) {
    /** Returns the same service for a call by one of its owners. */
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
   * @param inherited the limits of the tokens with which this token was created
   */
  public record Token(UUID id, Limits limits, InheritedLimits inherited) {
    /** Creates a token that inherits only rates. */
    public Token(UUID id, Limits limits, List<TokenRate> inherited) {
      this(id, limits, InheritedLimits.of(inherited));
    }
  }

  /**
   * A user, with the share that allows the user to call the service.
   *
   * @param limits the limits of the share; no limits when the user needs no share
   * @param pool the group that holds the share; empty when the share is the user's own
   * @param giver the co-owner who gave the share; the limits of the co-owner's own share apply too
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
   * @param limits the limits for each person who calls through the project: the members, the owner
   *     and everybody else. Each person's calls are counted separately. The counts are not reset
   *     when the project is bound to another service
   */
  public record Through(UUID project, Limits limits) {}

  /**
   * A group whose share allows its members to call the service.
   *
   * @param limits the limits for all members together. An absent limit means that the members
   *     together are not limited: the service's own limits apply to each user
   */
  public record Pool(UUID group, Limits limits) {}

  public boolean allow(String method, String path) {
    return isBounded() && accounts.stream().allMatch(a -> a.limits().allow(method, path));
  }

  /**
   * Whether an operation on stored objects is allowed. Limits that list operations allow an
   * operation on stored objects in two cases: the limits list the operation, or they lend storage
   * of the object's kind, which includes the operations on it.
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
   * Whether the number of limits is small enough for all of them to be stored and counted for a
   * call. A user who has more limits of groups than {@link UserLimits#MOST} can't make calls,
   * because ignoring some of the limits would allow too much.
   */
  private boolean isBounded() {
    return accounts.stream().filter(account -> account.kind() == Kind.GROUP).count()
        <= UserLimits.MOST;
  }

  public boolean allowModel(String model) {
    return models().isEmpty() || ModelPattern.anyMatches(models().get(), model);
  }

  /** The only models that may be called; empty if all models may be called. */
  public Optional<Set<ModelPattern>> models() {
    return accounts.stream()
        .flatMap(account -> account.limits().models().stream())
        .reduce(ModelPattern::common);
  }

  /** The only operations that may be called; empty if all operations may be called. */
  private Optional<Set<Operation>> operations() {
    return accounts.stream()
        .flatMap(account -> account.limits().operations().stream())
        .reduce(Operation::common);
  }

  /**
   * The largest maximum of output tokens that a call may state; empty if a call need not state one.
   */
  public OptionalInt maxOutputTokens() {
    return accounts.stream()
        .flatMap(account -> account.limits().maxOutputTokens().stream())
        .mapToInt(Integer::intValue)
        .min();
  }

  /**
   * The objects that calls may store at the provider, within the storage that the service lends.
   */
  public StorageLimits storage() {
    return accounts.stream()
        .map(account -> account.limits().storage())
        .reduce(StorageLimits.NONE, StorageLimits::and);
  }

  /** The budgets to which a call may be charged, for any key. */
  public List<BudgetMeter> budgets() {
    return accounts.stream().flatMap(CallLimits::budgets).toList();
  }

  /**
   * The budgets to which a call with a key from this source is charged. Calls with a caller's own
   * key must not use up a budget that other people share. A call with the caller's own key for
   * somebody else's service is charged only to budgets of tokens. On the caller's own service, the
   * pooled budget of a group applies to the caller alone. The reason is that the provider may be
   * the caller's own server, which can state any usage.
   *
   * @param owner the caller, if the caller owns the service
   */
  public List<BudgetMeter> budgets(KeySource source, Optional<UUID> owner) {
    Stream<BudgetMeter> charged =
        accounts.stream()
            .filter(account -> source != KeySource.USER || account.kind() == Kind.TOKEN)
            .flatMap(CallLimits::budgets);
    return isPaidBy(owner, source) ? apart(charged, owner.orElseThrow()) : charged.toList();
  }

  private static boolean isPaidBy(Optional<UUID> owner, KeySource source) {
    return owner.isPresent() && (source == KeySource.CENTRAL || source == KeySource.KEYLESS);
  }

  /**
   * Turns pooled budgets into budgets that only one member uses. If several budgets have the same
   * account as a result, the smallest of them is used.
   */
  private static List<BudgetMeter> apart(Stream<BudgetMeter> charged, UUID owner) {
    Map<List<Object>, BudgetMeter> smallest = new LinkedHashMap<>();
    charged.forEach(
        meter -> {
          String account = BudgetHolder.of(meter.account()).apartFor(owner).account();
          BudgetMeter unused =
              smallest.merge(
                  List.of(account, meter.budget().key()),
                  new BudgetMeter(account, meter.budget(), meter.shownToCaller()),
                  (one, two) -> two.budget().amount() < one.budget().amount() ? two : one);
        });
    return List.copyOf(smallest.values());
  }

  /**
   * The accounts of services and users to which a call with a key from this source is charged, even
   * if they have no limits. A user's account is not charged for calls to the user's own services,
   * because a new pooled budget starts with the charges of its users' accounts.
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
   * Whether calls with a key from this source have a limit that can't be enforced on batches. If
   * this is true, the caller may not make batches. With the caller's own key, files go to the
   * caller's own account, and Claviger does not read the requests of a batch in these files.
   */
  public boolean boundMoreThanBatches(KeySource source) {
    return source == KeySource.USER && (boundModels(source) || operations().isPresent());
  }

  /** Whether limits on models, output or costs apply to calls with such a key. */
  boolean boundModels(KeySource source) {
    return !budgets(source, Optional.empty()).isEmpty()
        || maxOutputTokens().isPresent()
        || models().isPresent();
  }

  /**
   * The result of all limits together. It includes only the rates, paces and budgets that the
   * caller may see; all other limits also count the use of other people.
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

  /** The smallest budget of each unit, window and zone among those that the caller may see. */
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
   * The limits on the pace of a call with a key from this source, one for each account and kind.
   * Tokens count against the same accounts as in {@link #budgets(KeySource, Optional)}, because
   * usage that the caller's own provider states must not slow down other people. Concurrent calls
   * are counted like requests, for any key.
   *
   * @param owner the caller, if the caller owns the service
   */
  public List<PaceMeter> paceMeters(KeySource source, Optional<UUID> owner) {
    Map<List<Object>, PaceMeter> smallest = new LinkedHashMap<>();
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
                        ? BudgetHolder.of(account.subject()).apartFor(owner.orElseThrow()).account()
                        : account.subject();
                PaceMeter unused =
                    smallest.merge(
                        List.of(subject, kind),
                        new PaceMeter(subject, kind, most, account.shownToCaller()),
                        (one, two) -> two.most() < one.most() ? two : one);
              });
    }
    return List.copyOf(smallest.values());
  }
}
