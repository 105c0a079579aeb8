package io.claviger.application.gateway;

import io.claviger.application.budgets.SpendingRequest;
import io.claviger.application.credentials.CredentialUse;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.keys.SecretOpener;
import io.claviger.application.keys.SecretOpener.Bound;
import io.claviger.application.usage.ChargePolicy;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.CallLimits.Meter;
import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.StorageLimits;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.usage.UsageAccount;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The grant for a kind of calls. The grant contains the access, the key and the limits. A grant
 * depends only on the cached rows, so many calls can share a grant.
 *
 * @param meters the rate limits that each call counts against
 * @param pace the limits on tokens per minute and on concurrent calls that each call counts against
 * @param spending the rules for charging each call to budgets
 * @param basis the basis of the authorization
 * @param key the stored key that is used for the calls; empty if no stored key is used
 * @param headers the stored values of the service's custom headers, if any
 * @param naming the service's naming key, from which the pseudonyms of callers are derived; empty
 *     if this key does not exist yet
 * @param names the pseudonyms that distinguish the caller from other callers at the provider; they
 *     are derived from the naming key
 * @param minted the data from which the tokens of the calls are minted; empty if the calls need no
 *     token
 */
record CallGrant(
    AccessDecision.Granted access,
    List<Meter> meters,
    List<PaceMeter> pace,
    SpendingRequest.Rules spending,
    AuthorizedCall.AuthorizationBasis basis,
    AuthorizedCall.Terms terms,
    Optional<Bound> key,
    Optional<Bound> headers,
    Optional<Bound> naming,
    CallerNames.Remembered names,
    Optional<CredentialUse> minted) {

  static CallGrant of(
      User.Id caller,
      Handle handle,
      AccessDecision.Granted access,
      KeySource source,
      CallLimits limits,
      Optional<AccessToken> token) {
    ServiceContext target = access.target();
    List<PaceMeter> pace = limits.paceMeters(source, owner(caller, target.instance()));
    List<BudgetMeter> budgets = limits.budgets(source, owner(caller, target.instance()));
    SpendingRequest.Rules spending =
        new SpendingRequest.Rules(
            caller,
            target.instance().id(),
            target.instance().provider(),
            budgets,
            limits.maxOutputTokens(),
            pace.stream().anyMatch(meter -> meter.kind().countsTokens()));
    return new CallGrant(
        access,
        limits.meters(),
        pace,
        spending,
        basis(caller, handle, access, source, limits, budgets, pace, token),
        terms(caller, access, source, limits, spending),
        key(caller, source, target),
        SecretOpener.boundHeaders(target.instance(), target.keys()),
        SecretOpener.boundNamingKey(target.instance(), target.keys()),
        new CallerNames.Remembered(),
        minted(source, target));
  }

  /**
   * Returns this grant without isolation, for requests that the gateway itself makes. The gateway's
   * own requests need no isolation, because no caller makes them.
   */
  CallGrant ofNobody() {
    return with(terms.withoutTurns(), basis.ofNobody(), Optional.empty(), names);
  }

  /**
   * Returns this grant for a call that was authorized before, and is not counted twice by any rate
   * limit.
   *
   * @param counted the names under which rate limits have counted the call
   */
  CallGrant countedBy(Set<String> counted) {
    return counted.isEmpty()
        ? this
        : new CallGrant(
            access,
            meters.stream().filter(meter -> !counted.contains(meter.subject())).toList(),
            pace,
            spending,
            basis,
            terms,
            key,
            headers,
            naming,
            names,
            minted);
  }

  CallGrant withNaming(Optional<Bound> made) {
    return with(terms, basis, made, new CallerNames.Remembered());
  }

  private CallGrant with(
      AuthorizedCall.Terms others,
      AuthorizedCall.AuthorizationBasis from,
      Optional<Bound> stored,
      CallerNames.Remembered made) {
    return new CallGrant(
        access, meters, pace, spending, from, others, key, headers, stored, made, minted);
  }

  /**
   * The rules that isolate the calls from other callers' calls with the same key; empty if the
   * caller's own key is used.
   */
  Optional<Isolation> isolation() {
    return basis.isolation();
  }

  KeySource source() {
    return basis.source();
  }

  private static AuthorizedCall.Terms terms(
      User.Id caller,
      AccessDecision.Granted access,
      KeySource source,
      CallLimits limits,
      SpendingRequest.Rules spending) {
    CallableInstance instance = access.target().instance();
    return new AuthorizedCall.Terms(
        access.name(),
        access.target().standard(),
        instance.timeout(),
        instance.isSystemLevel(),
        instance.streamsUsage(spending.dependOnBody()),
        access.lendable(caller, limits),
        capacity(caller, access, source),
        access.target().responsible());
  }

  private static Optional<CredentialUse> minted(KeySource source, ServiceContext target) {
    CallableInstance instance = target.instance();
    return source == KeySource.CENTRAL && instance.credentialKind().isMinted()
        ? Optional.of(
            new CredentialUse(
                instance.credentialBinding(),
                instance.owner(),
                SecretOpener.boundCredential(instance, target.keys()),
                instance.apiKeySetAt(),
                instance.isSystemLevel()))
        : Optional.empty();
  }

  private static Optional<CapacityTerms> capacity(
      User.Id caller, AccessDecision.Granted access, KeySource source) {
    CallableInstance instance = access.target().instance();
    return source == KeySource.USER
        ? Optional.empty()
        : Optional.of(
            CapacityTerms.of(
                instance.capacity(),
                instance.id().value(),
                instance.owner().value(),
                access.borrower(caller)));
  }

  /**
   * Returns how calls are isolated from other callers' calls with the same key. The result is empty
   * if the caller's own key is used.
   *
   * @param token the token of the call; empty if the caller is in the same process and so can't
   *     refer to stored objects
   */
  static Optional<Isolation> isolation(
      User.Id caller,
      AccessDecision.Granted access,
      KeySource source,
      CallLimits limits,
      Optional<AccessToken> token) {
    if (source == KeySource.USER) {
      return Optional.empty();
    }
    ServiceContext target = access.target();
    StorageKinds lent = target.instance().lentStorage();
    StorageLimits narrowed = limits.storage();
    return Optional.of(
        new Isolation(
            narrowed.lent(lent).kinds(),
            narrowed.shared(),
            lent.kinds().contains(ObjectKind.CONTAINERS),
            token.map(presented -> access.objectCaller(caller, presented)),
            narrowed.quota(),
            batched(target.standard(), limits),
            access.ownsService(caller),
            target.instance().provider().knowsTools(),
            target.instance().provider().storesImages()));
  }

  private static Set<String> batched(CallableStandard standard, CallLimits limits) {
    return standard.format().api().batchOperations().stream()
        .filter(path -> standard.operation("POST", path).isPresent() && limits.allow("POST", path))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether each call counts against limits per minute or against limits on concurrent calls. */
  boolean isLimited() {
    return !meters.isEmpty() || !pace.isEmpty();
  }

  boolean isDecidedByBody() {
    return basis.models().isPresent() || spending.dependOnBody();
  }

  /**
   * Returns the stored key that is used for calls. The result is empty for a deployment key,
   * because deployment keys are not stored.
   */
  private static Optional<Bound> key(User.Id caller, KeySource source, ServiceContext target) {
    return switch (source) {
      case USER -> SecretOpener.boundUserKey(target.instance(), target.keys(), caller);
      case CENTRAL -> SecretOpener.boundApiKey(target.instance(), target.keys());
      case DEPLOYMENT, KEYLESS -> Optional.empty();
    };
  }

  private static AuthorizedCall.AuthorizationBasis basis(
      User.Id caller,
      Handle handle,
      AccessDecision.Granted access,
      KeySource source,
      CallLimits limits,
      List<BudgetMeter> budgets,
      List<PaceMeter> pace,
      Optional<AccessToken> token) {
    CallableInstance instance = access.target().instance();
    return new AuthorizedCall.AuthorizationBasis(
        account(caller, handle, access),
        source,
        instance.destination(),
        keySetAt(source, access.target()),
        access.target().standard().handle(),
        instance.organization(),
        instance.headersVersion(),
        limits.models(),
        new ChargePolicy(
            instance.provider(),
            limits.charged(source, owner(caller, access.target().instance())),
            budgets,
            limits.meters().stream().map(Meter::subject).toList()),
        new AuthorizedCall.ConnectionBasis(instance.connections(), atATime(pace), false),
        isolation(caller, access, source, limits, token));
  }

  private static List<PaceMeter> atATime(List<PaceMeter> pace) {
    return pace.isEmpty()
        ? pace
        : pace.stream().filter(meter -> meter.kind() == PaceKind.CONCURRENT).toList();
  }

  static Optional<UUID> owner(User.Id caller, CallableInstance instance) {
    return Optional.of(instance.owner()).filter(caller::equals).map(User.Id::value);
  }

  static UsageAccount account(User.Id caller, Handle handle, AccessDecision.Granted access) {
    CallableInstance instance = access.target().instance();
    return new UsageAccount(
        caller,
        handle,
        instance.id(),
        instance.ref(),
        instance.owner(),
        access.project().map(p -> new UsageAccount.ThroughProject(p.id(), p.ref(), p.owner())));
  }

  /**
   * Returns when the key of this source was stored. The result is empty for a deployment key,
   * because deployment keys are not stored.
   */
  private static Optional<Instant> keySetAt(KeySource source, ServiceContext target) {
    return switch (source) {
      case USER -> target.userKeySetAt();
      case CENTRAL -> target.instance().apiKeySetAt();
      case DEPLOYMENT, KEYLESS -> Optional.empty();
    };
  }
}
