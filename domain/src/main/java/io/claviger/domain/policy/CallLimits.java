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
 * The limits of one call. All of them apply, and each is counted separately.
 *
 * @param accounts the accounts on which the call counts, except those without limits
 * @param charged the accounts of services and users to which a call is charged, whether or not they
 *     have limits; a budget that is set later begins with what was charged
 */
public record CallLimits(List<Account> accounts, List<String> charged) {

  /**
   * @param subject the name under which requests are counted; it is the same on every node
   * @param limits the limits of the account
   * @param kind whose account it is
   * @param shownToCaller whether the caller may see the budgets, rates and paces of the account
   */
  public record Account(String subject, Limits limits, Kind kind, boolean shownToCaller) {}

  /** Whose account it is. */
  public enum Kind {
    TOKEN,
    SERVICE,
    USER,
    GROUP,
    PROJECT
  }

  /**
   * A rate that a call counts against.
   *
   * @param perMinute requests in any 60 seconds
   * @param shownToCaller whether the caller may know how high the rate is and what is left of it
   */
  public record Meter(String subject, int perMinute, boolean shownToCaller) {
    /** A rate that the caller may know of. */
    public Meter(String subject, int perMinute) {
      this(subject, perMinute, true);
    }
  }

  /**
   * A limit on the pace of a call.
   *
   * @param most tokens in any 60 seconds, or calls at a time
   * @param shownToCaller whether the caller may know how high the limit is
   */
  public record PaceMeter(String subject, PaceKind kind, long most, boolean shownToCaller) {

    /**
     * The limit in words that the caller may read: {@code the limit of 1,000 tokens per minute}.
     */
    public String text() {
      return shownToCaller
          ? String.format(
              Locale.ROOT, "the limit of %,d %s", most, kind.wireName().replace('_', ' '))
          : "a limit that you share with others";
    }

    /** Says that nothing of the limit is left. */
    public String sentence() {
      return shownToCaller ? "T" + text().substring(1) + " is used up." : SHARED_LIMIT_USED_UP;
    }
  }

  /** Says that a limit is used up of which the caller may know no more. */
  public static final String SHARED_LIMIT_USED_UP =
      "A limit that you share with others is used up.";

  public CallLimits {
    accounts = List.copyOf(accounts);
    charged = List.copyOf(charged);
  }

  /** Limits of calls that are charged to no account. */
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
   * of the user and of their groups. If two of these belong to the same account, the call counts
   * there once.
   *
   * @param token the presented token; empty for a caller in the same process, who needs none
   * @param service the called service; its limits apply to each user whose share sets no limit of
   *     that kind
   * @param caller the user who calls
   * @param passedOnBy the project's owner when the call goes through a project; the calls of all
   *     members count on the owner's account too
   * @param set what administrators set for the user and their groups
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
   * Collects the limits of a call, with those of the project through which it goes.
   *
   * @param through the project; empty if the call goes to the service itself
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
   * @param limits the limits of each user whose share sets no limit of that kind
   * @param inAll the limits of all users together
   * @param owner the owner who sees its budgets: the caller if they are an owner, else the owning
   *     user
   */
  public record Of(UUID id, Limits limits, Limits inAll, UUID owner) {
    /** The same service, called by one of its owners. */
    public Of ownedBy(UUID user) {
      return new Of(id, limits, inAll, user);
    }

    /** A service without limits of all callers together. */
    public Of(UUID id, Limits limits) {
      this(id, limits, Limits.NONE, id);
    }
  }

  /**
   * An access token.
   *
   * @param inherited the limits of the tokens that it was created with
   */
  public record Token(UUID id, Limits limits, InheritedLimits inherited) {
    /** A token that inherits rates alone. */
    public Token(UUID id, Limits limits, List<TokenRate> inherited) {
      this(id, limits, InheritedLimits.of(inherited));
    }
  }

  /**
   * A user with the share by which they call the service.
   *
   * @param limits the limits of the share; none when the user needs no share
   * @param pool the group that holds the share; empty when it is the user's own
   * @param giver the co-owner who gave the share on the strength of their own
   */
  public record ShareHolder(
      UUID user, Limits limits, Optional<Pool> pool, Optional<ShareHolder> giver) {
    public ShareHolder(UUID user, Limits limits, Optional<ShareHolder> giver) {
      this(user, limits, Optional.empty(), giver);
    }
  }

  /**
   * A project through which a call goes.
   *
   * @param limits what each person may do through it, members, its owner and strangers alike. They
   *     count for each of them alone, and on, if the project is bound to another service
   */
  public record Through(UUID project, Limits limits) {}

  /**
   * A group whose members call the service by its share.
   *
   * @param limits what all members may do together; without one of these limits, the members
   *     together are not limited, because the service's limits apply to each user
   */
  public record Pool(UUID group, Limits limits) {}

  public boolean allow(String method, String path) {
    return isBounded() && accounts.stream().allMatch(a -> a.limits().allow(method, path));
  }

  /**
   * Whether an operation on stored objects is allowed. Limits that list operations allow it if they
   * list it, or if they lend the kind: who lends storage means the operations on it.
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
   * Whether the limits are few enough to be kept and counted for a call. A user in more groups with
   * limits than {@link UserLimits#MOST} may call nothing, because leaving some limits out would
   * allow too much.
   */
  private boolean isBounded() {
    return accounts.stream().filter(account -> account.kind() == Kind.GROUP).count()
        <= UserLimits.MOST;
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

  /** The most output tokens that a call may ask for. Empty if calls may leave it open. */
  public OptionalInt maxOutputTokens() {
    return accounts.stream()
        .flatMap(account -> account.limits().maxOutputTokens().stream())
        .mapToInt(Integer::intValue)
        .min();
  }

  /** What may be left at the provider, within what the service lends. */
  public StorageLimits storage() {
    return accounts.stream()
        .map(account -> account.limits().storage())
        .reduce(StorageLimits.NONE, StorageLimits::and);
  }

  /** The budgets that a call is charged to, with any key. */
  public List<BudgetMeter> budgets() {
    return accounts.stream().flatMap(CallLimits::budgets).toList();
  }

  /**
   * The budgets to which a call with a key from this source is charged, chosen so that calls with
   * people's own keys use up nothing that others may still spend. A call with the caller's own key
   * for somebody else's service is charged only to budgets of tokens. On the caller's own service,
   * the pooled budget of a group counts for the caller alone, because the provider may be the
   * caller's own server, which can state any usage.
   *
   * @param owner the caller, if they own the service
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
   * Counts pooled budgets for one member alone. Of several budgets that then have the same account,
   * takes the smallest.
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
   * The accounts of services and users to which a call with a key from this source is charged,
   * whether or not they have limits. A new pooled budget starts with what its users' accounts were
   * charged, so users' accounts are not charged for calls to the users' own services.
   *
   * @param owner the caller, if they own the service
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
   * Whether calls with a key from this source are limited in a way that is not enforced on batches,
   * so that the caller may make none. With the caller's own key, files reach the caller's own
   * account, so nobody reads or records what a batch would ask for.
   */
  public boolean boundMoreThanBatches(KeySource source) {
    return source == KeySource.USER && (boundModels(source) || operations().isPresent());
  }

  /** Whether limits on models, on their output or on what they cost hold with such a key. */
  boolean boundModels(KeySource source) {
    return !budgets(source, Optional.empty()).isEmpty()
        || maxOutputTokens().isPresent()
        || models().isPresent();
  }

  /**
   * What all limits allow together. Rates, paces and budgets are those that the caller may see: the
   * others count what other people use as well.
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

  /** The smallest budget that the caller may see of each unit, window and zone. */
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
   * Tokens are counted on the same accounts as by {@link #budgets(KeySource, Optional)}, because
   * what a provider states must not hold up others who did not use their key. Calls at a time count
   * like requests, with any key.
   *
   * @param owner the caller, if they own the service
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
