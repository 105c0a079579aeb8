package io.claviger.application.gateway;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.budgets.SpendingRefusal;
import io.claviger.application.capacity.CapacityReports;
import io.claviger.application.capacity.CapacityReports.CapacityReport;
import io.claviger.application.capacity.port.CapacityRecords.RecordedLimit;
import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.sharing.MemberSight;
import io.claviger.domain.Fault;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.CallLimits.Meter;
import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.CallQuestion;
import io.claviger.domain.policy.CallQuestion.AskedCapacity;
import io.claviger.domain.policy.CallQuestion.AskedOperation;
import io.claviger.domain.policy.CallQuestion.AskedStorage;
import io.claviger.domain.policy.CallQuestion.AskedToken;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.domain.policy.CallQuestion.WebSocketTerms;
import io.claviger.domain.policy.KeyCandidates;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.LendableUse;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.CallableStandard.ObjectCall;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

final class CallExplanationReader implements CallExplanations {
  /** The maximum number of the provider's limits that are listed in an explanation. */
  private static final int MOST_LIMITS = 8;

  /** The id that is used for a user who does not exist. No user has this id. */
  private static final User.Id NOBODY = new User.Id(new UUID(0, 0));

  private final CallContexts contexts;
  private final UserStore users;
  private final MemberSight members;
  private final KeyAccess keys;
  private final RateLimiter rates;
  private final PaceLimiter paces;
  private final CallBudgets budgets;
  private final CapacityReports capacities;
  private final MintedCredentials minted;
  private final AuditedChanges changes;

  CallExplanationReader(
      Stores stores,
      KeyAccess keys,
      RateLimiter rates,
      PaceLimiter paces,
      CallBudgets budgets,
      CapacityReports capacities,
      MintedCredentials minted,
      AuditedChanges changes) {
    this.contexts = stores.contexts();
    this.users = stores.users();
    this.members = new MemberSight(stores.groups(), stores.callers());
    this.keys = keys;
    this.rates = rates;
    this.paces = paces;
    this.budgets = budgets;
    this.capacities = capacities;
    this.minted = minted;
    this.changes = changes;
  }

  @Override
  public Outcome<CallExplanation> explain(
      Actor actor, Instance.Ref service, ExplanationQuery question) {
    return Outcome.of(() -> explained(actor, service, question).explanation());
  }

  @Override
  public Outcome<Optional<MissingTerms>> missing(
      Actor actor, Instance.Ref service, ExplanationQuery question) {
    return Outcome.of(() -> explained(actor, service, question).missing());
  }

  /**
   * @param missing the share terms that the actor lacks
   */
  private record Explained(CallExplanation explanation, Optional<MissingTerms> missing) {}

  private Explained explained(Actor actor, Instance.Ref ref, ExplanationQuery question) {
    Instant now = changes.now();
    ServiceContext seen =
        contexts
            .find(ref, actor.id(), now)
            .filter(s -> actor.sees(own(actor, s, now)))
            .filter(s -> actor.isWithinRestriction(s.instance().id()))
            .orElseThrow(RefusedException::notFound);
    Optional<Handle> other = question.user().filter(user -> !user.equals(actor.handle()));
    if (other.isEmpty()) {
      Relationship own = own(actor, seen, now);
      return explained(
          actor.id(), own, actor.token(), Sight.OWN, seen, question, capacities.find(actor, ref));
    }
    Optional<User> found = other(actor, seen, other.get(), now);
    User.Id user = found.map(User::id).orElse(NOBODY);
    ServiceContext theirs =
        told(actor, user, contexts.find(ref, user, now).orElseThrow(RefusedException::notFound));
    boolean administrator = found.filter(User::administrator).isPresent();
    return explained(
        user,
        relationship(user, administrator, theirs, now),
        Optional.empty(),
        actor.administrator() ? Sight.OF_ADMINISTRATOR : Sight.OF_LENDER,
        theirs,
        question,
        capacities.find(actor, ref));
  }

  /**
   * The reason why the actor may see the explanation. The reason decides what the actor may learn
   * about the caller.
   */
  private enum Sight {
    OWN,
    OF_ADMINISTRATOR,
    OF_LENDER
  }

  /**
   * Removes what only administrators are allowed to know about another user: the limits that
   * administrators have set for the user and the user's groups, and memberships in groups whose
   * members the actor does not see. A group's share, however, is not removed if the user has made
   * calls with it, because everybody who sees the shares already knows that the user called through
   * the group.
   */
  private ServiceContext told(Actor actor, User.Id user, ServiceContext theirs) {
    if (actor.administrator()) {
      return theirs;
    }
    CallableInstance instance = theirs.instance();
    boolean hidden =
        theirs
            .share()
            .flatMap(HeldShare::holder)
            .filter(
                group -> !members.tells(actor, group.id(), user, instance.id(), instance.owner()))
            .isPresent();
    ServiceContext unlimited = theirs.withoutCallersLimits();
    return hidden ? unlimited.withoutShare() : unlimited;
  }

  private static Relationship own(Actor actor, ServiceContext service, Instant now) {
    return relationship(actor.id(), actor.administrator(), service, now);
  }

  private static Relationship relationship(
      User.Id user, boolean administrator, ServiceContext service, Instant now) {
    return HeldShare.relationship(user, administrator, service.instance(), service.share(), now);
  }

  /**
   * Finds the user about whose call an actor asks. Only administrators learn that a user does not
   * exist. Others get the same answer as for a user to whom the service is not lent, because they
   * must not learn which users exist.
   */
  private Optional<User> other(Actor actor, ServiceContext seen, Handle handle, Instant now) {
    Relationship own = own(actor, seen, now);
    if (!actor.mayManage() || !Permissions.allows(own, Action.SEE_SHARES)) {
      throw RefusedException.forbidden(
          "Only those who see the shares of this service may ask about another user.",
          actor.mayManage()
              ? MissingTerms.role(seen.instance().id(), own, Action.SEE_SHARES)
              : Optional.empty());
    }
    Optional<User> found = users.find(handle);
    if (found.isEmpty() && actor.administrator()) {
      throw RefusedException.invalid(Fault.unknownReference("user", "user"));
    }
    return found;
  }

  private Explained explained(
      User.Id user,
      Relationship relationship,
      Optional<AccessToken> token,
      Sight sight,
      ServiceContext target,
      ExplanationQuery question,
      Outcome<CapacityReport> capacity) {
    boolean userKeyTold = sight == Sight.OWN;
    boolean permitted = Permissions.allows(relationship, Action.USE);
    AccessDecision.Granted access = new AccessDecision.Granted(target);
    CallLimits limits = access.limits(user, token);
    CallableInstance instance = target.instance();
    KeyCandidates tried = keys.decisions().tried(permitted, instance, target.keys(), user);
    // Budgets, limits and tokens depend on whose key is used, so the steps about them would reveal
    // the owner of the key.
    KeyCandidates candidates = userKeyTold ? tried : tried.withoutUserKey();
    Optional<KeySource> source = KeyDecision.decide(candidates).source();
    boolean usesOwnKey = source.equals(Optional.of(KeySource.USER));
    Optional<UUID> owner = CallGrant.owner(user, instance);
    // A call for which no key is available counts against no budget and no such limit.
    List<BudgetMeter> meters = source.map(key -> limits.budgets(key, owner)).orElse(List.of());
    List<PaceMeter> pace = source.map(key -> limits.paceMeters(key, owner)).orElse(List.of());
    Optional<SpendingRefusal> usedUp = budgets.usedUp(meters);
    CallExplanation explanation =
        CallExplanation.of(
            new CallQuestion(
                candidates,
                userKeyTold,
                sight != Sight.OF_LENDER,
                question.operation().map(operation -> asked(operation, target)),
                question.model(),
                limits,
                access.limits(user, Optional.empty()),
                left(limits, userKeyTold || permitted),
                usedUp(pace, limits),
                reach(target),
                target.share().flatMap(HeldShare::holder).map(group -> "@" + group.handle()),
                withoutPrice(meters, instance, limits, question),
                usedUp.map(
                    why -> userKeyTold ? why.message() : CallRefusal.BUDGET_EXHAUSTED.message()),
                capacity
                    .asOptional()
                    .filter(report -> userKeyTold || report.everything())
                    .filter(report -> !usesOwnKey)
                    .flatMap(report -> asked(report, question.model())),
                usesOwnKey ? Optional.empty() : token(instance)));
    return new Explained(
        explanation,
        explanation
            .reason()
            .filter(reason -> userKeyTold)
            .flatMap(
                reason ->
                    reason.equals("not_permitted")
                        ? MissingTerms.role(instance.id(), relationship, Action.USE)
                        : access
                            .lendable(user, limits)
                            .flatMap(use -> missing(reason, use, question, target, usedUp))));
  }

  /**
   * Returns how many requests are left under the rate limits that the caller is allowed to know.
   *
   * @param counted whether to read the used amount of the limits; false if the explanation hides
   *     another user's share, because the used amount would reveal the share
   */
  private OptionalInt left(CallLimits limits, boolean counted) {
    List<Meter> shown = limits.meters().stream().filter(Meter::shownToCaller).toList();
    return counted ? rates.left(shown) : shown.stream().mapToInt(Meter::perMinute).min();
  }

  /**
   * Returns whether this node has a token for the service. Other nodes might have no token for this
   * service.
   */
  private Optional<AskedToken> token(CallableInstance instance) {
    if (!instance.credentialKind().isMinted()) {
      return Optional.empty();
    }
    MintedCredentials.CredentialState state = minted.state(instance, instance.apiKeySetAt());
    return Optional.of(
        state
            .lastError()
            .filter(why -> state.mintedAt().isEmpty())
            .map(
                why ->
                    new AskedToken(
                        Optional.of(why.reason().code()),
                        "At the step " + why.step() + ": " + why.detail()))
            .orElse(AskedToken.USUAL));
  }

  /**
   * Returns the most used limit among the limits that apply to the model. If the question names no
   * model, returns the most used limit of all.
   */
  private static Optional<AskedCapacity> asked(CapacityReport report, Optional<ModelName> model) {
    int waiting = report.waiting().calls();
    List<String> allowed =
        report.limits().stream()
            .filter(
                limit ->
                    model.isEmpty()
                        || limit.model().isEmpty()
                        || limit.model().get().equals(model.get().value()))
            .sorted(Comparator.comparingDouble(limit -> -(double) limit.used() / limit.allowed()))
            .limit(MOST_LIMITS)
            .map(CallExplanationReader::words)
            .toList();
    return waiting == 0 && allowed.isEmpty()
        ? Optional.empty()
        : Optional.of(new AskedCapacity(!report.everything(), waiting, allowed));
  }

  private static String words(RecordedLimit limit) {
    boolean stated = limit.stated().orElse(Long.MAX_VALUE) == limit.allowed();
    String name = limit.limit().replace("_per_minute", " a minute").replace('_', ' ');
    return String.format(
        Locale.ROOT,
        "%,d %s%s (%s)",
        limit.allowed(),
        name.equals("concurrent calls") ? "calls at a time" : name,
        limit.model().map(" of %s"::formatted).orElse(""),
        stated ? "stated" : "learned");
  }

  private static Optional<MissingTerms> missing(
      String reason,
      LendableUse use,
      ExplanationQuery question,
      ServiceContext target,
      Optional<SpendingRefusal> usedUp) {
    return switch (reason) {
      case "model_not_allowed" ->
          question.model().flatMap(model -> use.missingModel(model.value()));
      case "operation_not_allowed" ->
          question
              .operation()
              .flatMap(
                  asked ->
                      use.missingOperation(
                          target.standard().operations(), asked.method(), asked.pathAnywhere()));
      case "budget_exhausted" ->
          usedUp.flatMap(SpendingRefusal::exhausted).flatMap(use::missingBudget);
      default -> Optional.empty();
    };
  }

  /**
   * If a limit on tokens per minute or on concurrent calls is used up, so that no call can be made,
   * returns the name of this limit. If the caller must not know the limit, the text only says that
   * such a limit exists.
   */
  private Optional<String> usedUp(List<PaceMeter> pace, CallLimits limits) {
    List<Meter> shared = limits.meters().stream().filter(meter -> !meter.shownToCaller()).toList();
    return rates.left(shared).orElse(1) == 0
        ? Optional.of(CallLimits.SHARED_LIMIT_USED_UP)
        : paces.usedUp(pace).map(PaceMeter::sentence);
  }

  /**
   * Returns the model that a budget refuses because the model has no price. If the question names
   * no model, the model of the service is assumed, provided that the limits allow this model.
   */
  private Optional<ModelName> withoutPrice(
      List<BudgetMeter> meters,
      CallableInstance instance,
      CallLimits limits,
      ExplanationQuery question) {
    boolean usesNothing =
        question
            .operation()
            .filter(o -> !OperationKind.of(o.method(), o.pathAnywhere()).needsPrice())
            .isPresent();
    return usesNothing
        ? Optional.empty()
        : budgets
            .withoutPrice(meters, instance.id(), instance.provider(), question.model())
            .filter(model -> limits.allowModel(model.value()));
  }

  private Reach reach(ServiceContext target) {
    CallableInstance instance = target.instance();
    return keys.destinations()
        .judge(instance, instance.sendsSecret(target.keys().headers().isPresent()));
  }

  private static AskedOperation asked(Operation operation, ServiceContext target) {
    CallableStandard standard = target.standard();
    String method = operation.method();
    String path = operation.pathAnywhere();
    Optional<ObjectCall> stored = standard.objectCall(method, path);
    return new AskedOperation(
        method,
        stored.map(ObjectCall::path).orElse(path),
        standard.operation(method, path).isPresent(),
        stored.map(
            known ->
                new AskedStorage(
                    known.kind(),
                    target.instance().lentStorage(),
                    known.operation().namesObject(),
                    target.instance().neverLent(known.kind()))),
        Optional.of(target.instance().connections())
            .filter(terms -> isOfSocket(standard, path))
            .map(terms -> new WebSocketTerms(terms.longest().minutes(), terms.origins().names())));
  }

  /**
   * Whether a call with this path opens a WebSocket, judging by the path itself or by the name of
   * the operation.
   */
  private static boolean isOfSocket(CallableStandard standard, String path) {
    ProviderApi api = standard.format().api();
    return api.socketAt(path).isPresent() || api.needsSocket(path);
  }
}
