package io.claviger.application.gateway;

import io.claviger.application.accounts.LastUseRecorder;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.ProjectContext;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenBar;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.NoKeyReason;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.OperationDecision;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.standards.CallableStandard.ObjectCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

final class CachedCallAuthorization implements CallAuthorization {
  private static final String UNCOUNTED =
      "At this provider, creating or continuing a conversation can call a model. With your own API"
          + " key, the limits of your access token would not count this call. Send the conversation's"
          + " messages with each request, or use a token without limits.";

  private final AuthorizationCache cache;
  private final TokenAcceptance acceptance;
  private final LastUseRecorder lastUse;
  private final RejectedTokens rejected;
  private final CallKeys keys;
  private final CallAdmission admission;
  private final CallRefusals refusals;
  private final AuditedChanges changes;

  CachedCallAuthorization(
      AuthorizationCache cache,
      TokenAcceptance acceptance,
      LastUseRecorder lastUse,
      RejectedTokens rejected,
      CallKeys keys,
      CallAdmission admission,
      UsageCounter usage,
      AuditedChanges changes) {
    this.cache = cache;
    this.acceptance = acceptance;
    this.lastUse = lastUse;
    this.rejected = rejected;
    this.keys = keys;
    this.admission = admission;
    this.refusals = new CallRefusals(usage);
    this.changes = changes;
  }

  /** The caller, and the decision whether the caller may use the called service or project. */
  private record FoundCaller(AccessToken token, TokenUser user, AccessDecision access) {
    static FoundCaller on(CallContext<?> context, AccessDecision access) {
      return new FoundCaller(context.token(), context.user(), access);
    }
  }

  /**
   * The cached rows of a call.
   *
   * @param decide the rule for the kind of the call's target
   */
  private record KnownCaller<T>(
      CacheRegion.Entry<T> entry, BiFunction<CallContext<T>, Instant, AccessDecision> decide) {
    CallContext<T> context() {
      return entry.context();
    }

    FoundCaller at(Instant now) {
      return FoundCaller.on(context(), decide.apply(context(), now));
    }
  }

  /**
   * The grant, which contains what is needed to make a call, or the reason why the call is refused.
   */
  private sealed interface GrantDecision {
    record Go(CallGrant grant) implements GrantDecision {}

    /**
     * @param source where the key of the call would have come from if the call had been allowed
     * @param missing the share terms that the caller lacks; empty if no share would help
     * @param detail the human-readable text that replaces the message of the reason
     */
    record No(
        CallRefusal why,
        Optional<KeySource> source,
        Optional<MissingTerms> missing,
        Optional<String> detail)
        implements GrantDecision {
      No(CallRefusal why, Optional<KeySource> source, Optional<MissingTerms> missing) {
        this(why, source, missing, Optional.empty());
      }

      No(CallRefusal why) {
        this(why, Optional.empty(), Optional.empty());
      }
    }
  }

  @Override
  public Optional<AuthorizationOutcome> authorizeAtOnce(CallRequest call) {
    return atOnce(call, null, Set.of());
  }

  @Override
  public Optional<AuthorizationOutcome> authorizeAtOnce(
      CallRequest call, AuthorizedCall.AuthorizationBasis byHead) {
    return atOnce(call, byHead, Set.of());
  }

  @Override
  public Optional<AuthorizationOutcome> authorizeAgainAtOnce(
      CallRequest call, AuthorizedCall.@Nullable AuthorizationBasis byHead, Set<String> counted) {
    return atOnce(call, byHead, counted);
  }

  private Optional<AuthorizationOutcome> atOnce(
      CallRequest call, AuthorizedCall.@Nullable AuthorizationBasis byHead, Set<String> counted) {
    Instant now = changes.now();
    TokenHash hash = call.token().hash();
    KnownCaller<?> known = known(hash, call.callTarget(), now);
    Optional<AuthorizationOutcome> cached =
        known == null ? Optional.empty() : atOnce(call, byHead, counted, known, now);
    return cached.isPresent() || acceptance.mayBeWorthAsking(call.token(), hash)
        ? cached
        : Optional.of(rejected(rejected.count(call.address(), call.requestId(), now)));
  }

  @Override
  public AuthorizationOutcome authorize(CallRequest call) {
    return authorizeAgain(call, Set.of());
  }

  @Override
  public AuthorizationOutcome authorizeAgain(CallRequest call, Set<String> counted) {
    Instant now = changes.now();
    TokenHash hash = call.token().hash();
    Optional<FoundCaller> found =
        acceptance.isWorthAsking(call.token(), hash)
            ? read(hash, call.callTarget(), now)
                .filter(f -> acceptance.accepts(f.token(), call.token(), now))
            : Optional.empty();
    if (found.isEmpty()) {
      return rejected(rejected.count(call.address(), call.requestId(), now));
    }
    if (isStray(found.get().token(), call)) {
      return stray(found.get().token(), found.get().user(), call, now);
    }
    Optional<TokenBar> bar = found.get().user().barAt(now);
    if (bar.isPresent()) {
      return new AuthorizationOutcome.Refused(CallRefusal.of(bar.get()), Optional.empty());
    }
    lastUse.note(found.get().token(), now);
    return switch (found.get().access()) {
      case AccessDecision.Denied denied -> denied(denied, found.get());
      case AccessDecision.Granted open -> authorized(call, counted, found.get(), open);
    };
  }

  @Override
  public boolean presentsBadTokens(String address) {
    return rejected.hasToWait(address, changes.now());
  }

  @Override
  public Optional<AuthorizedCall.AuthorizationBasis> basisAtOnce(CallRequest call) {
    Instant now = changes.now();
    KnownCaller<?> known = known(call.token().hash(), call.callTarget(), now);
    return known == null ? Optional.empty() : grantOf(call, known, now).map(CallGrant::basis);
  }

  /** Returns the grant that a call would get. The grant is remembered, as it is for a real call. */
  private Optional<CallGrant> grantOf(CallRequest call, KnownCaller<?> known, Instant now) {
    CallContext<?> context = known.context();
    if (!acceptance.accepts(context.token(), call.token(), now)
        || isStray(context.token(), call)
        || context.user().barAt(now).isPresent()) {
      return Optional.empty();
    }
    CallGrant last = known.entry().lastGrant().find(call.method(), call.path(), now);
    if (last != null) {
      return Optional.of(last);
    }
    FoundCaller found = known.at(now);
    if (found.access() instanceof AccessDecision.Granted open
        && judgeAndKeep(call, known.entry(), found, open) instanceof GrantDecision.Go go) {
      return Optional.of(go.grant());
    }
    return Optional.empty();
  }

  @Override
  public Optional<CallRefusal> lookAgain(
      CallRequest call, AuthorizedCall.AuthorizationBasis basis) {
    Instant now = changes.now();
    TokenHash hash = call.token().hash();
    Optional<FoundCaller> found =
        find(hash, call.callTarget(), now)
            .filter(f -> acceptance.accepts(f.token(), call.token(), now));
    if (found.isEmpty()) {
      return Optional.of(CallRefusal.BAD_TOKEN);
    }
    if (isStray(found.get().token(), call)) {
      return Optional.of(CallRefusal.TOKEN_BOUND);
    }
    Optional<TokenBar> bar = found.get().user().barAt(now);
    if (bar.isPresent()) {
      return bar.map(CallRefusal::of);
    }
    return switch (found.get().access()) {
      case AccessDecision.Denied denied -> Optional.of(denied.why());
      case AccessDecision.Granted open -> lookedAgain(call, found.get(), open, basis);
    };
  }

  @Override
  public Optional<AuthorizationOutcome> countFurther(CallRequest call, int more) {
    Instant now = changes.now();
    TokenHash hash = call.token().hash();
    Optional<FoundCaller> found = find(hash, call.callTarget(), now);
    if (found.isEmpty()) {
      return Optional.of(new AuthorizationOutcome.Refused(CallRefusal.BAD_TOKEN, Optional.empty()));
    }
    return switch (found.get().access()) {
      case AccessDecision.Denied denied -> Optional.of(denied(denied, found.get()));
      case AccessDecision.Granted open ->
          switch (judge(call, found.get(), open)) {
            case GrantDecision.No no -> Optional.of(refused(no, found.get(), open));
            case GrantDecision.Go go ->
                admission
                    .further(go.grant(), more)
                    .map(exhausted -> refusals.limited(exhausted, more + 1, go.grant()));
          };
    };
  }

  private static boolean isStray(AccessToken token, CallRequest call) {
    return !token.binding().accepts(call.from());
  }

  private AuthorizationOutcome stray(
      AccessToken token, TokenUser owner, CallRequest call, Instant now) {
    rejected.countStray(token, owner.handle(), call.address(), call.requestId(), now);
    return new AuthorizationOutcome.Refused(CallRefusal.TOKEN_BOUND, Optional.empty());
  }

  private static AuthorizationOutcome rejected(Optional<Duration> wait) {
    return new AuthorizationOutcome.Refused(
        wait.isPresent() ? CallRefusal.TOO_MANY_BAD_TOKENS : CallRefusal.BAD_TOKEN,
        Optional.empty(),
        wait);
  }

  /** Returns the cached rows of a call; null if the cache does not have them. */
  private @Nullable KnownCaller<?> known(TokenHash hash, CallTarget target, Instant now) {
    return switch (target) {
      case CallTarget.Service service -> {
        CacheRegion.Entry<ServiceContext> entry = cache.find(hash, service.ref(), now).orElse(null);
        yield entry == null ? null : new KnownCaller<>(entry, RoleAccess::of);
      }
      case CallTarget.OfProject project -> {
        CacheRegion.Entry<ProjectContext> entry = cache.find(hash, project.ref(), now).orElse(null);
        yield entry == null ? null : new KnownCaller<>(entry, ProjectAccess::of);
      }
    };
  }

  /** Returns the caller, by the cached rows of the call or by rows that are read now. */
  private Optional<FoundCaller> find(TokenHash hash, CallTarget target, Instant now) {
    KnownCaller<?> known = known(hash, target, now);
    return known == null ? read(hash, target, now) : Optional.of(known.at(now));
  }

  private Optional<FoundCaller> read(TokenHash hash, CallTarget target, Instant now) {
    return switch (target) {
      case CallTarget.Service service ->
          cache.gather(hash, service.ref(), now).map(f -> FoundCaller.on(f, RoleAccess.of(f, now)));
      case CallTarget.OfProject project ->
          cache
              .gather(hash, project.ref(), now)
              .map(f -> FoundCaller.on(f, ProjectAccess.of(f, now)));
    };
  }

  private Optional<AuthorizationOutcome> atOnce(
      CallRequest call,
      AuthorizedCall.@Nullable AuthorizationBasis byHead,
      Set<String> counted,
      KnownCaller<?> known,
      Instant now) {
    CallContext<?> context = known.context();
    if (!acceptance.accepts(context.token(), call.token(), now)) {
      return Optional.empty();
    }
    if (isStray(context.token(), call)) {
      return Optional.of(stray(context.token(), context.user(), call, now));
    }
    if (context.user().barAt(now).isPresent()) {
      return Optional.empty();
    }
    lastUse.noteSoon(context.token(), now);
    CallGrant last = known.entry().lastGrant().find(call.method(), call.path(), now);
    if (last != null) {
      CallGrant grant = last.countedBy(counted);
      return isBasis(byHead, last) ? admitOpened(call, grant) : admit(call, grant);
    }
    FoundCaller found = known.at(now);
    return switch (found.access()) {
      case AccessDecision.Denied denied -> Optional.of(denied(denied, found));
      case AccessDecision.Granted open ->
          switch (judgeAndKeep(call, known.entry(), found, open)) {
            case GrantDecision.No no -> Optional.of(refused(no, found, open));
            case GrantDecision.Go go -> admit(call, go.grant().countedBy(counted));
          };
    };
  }

  /**
   * Whether the grant has the same basis object as the earlier authorization, which knew only the
   * head of the call. If the basis objects are the same, no database rows were read between the two
   * authorizations.
   */
  @SuppressWarnings("ReferenceEquality") // an equal basis may belong to another key or standard
  private static boolean isBasis(
      AuthorizedCall.@Nullable AuthorizationBasis byHead, CallGrant grant) {
    return grant.basis() == byHead;
  }

  /** Admits a call with a key that was already opened for the same grant. */
  private Optional<AuthorizationOutcome> admitOpened(CallRequest call, CallGrant grant) {
    return switch (admission.admitAtOnce(call, grant)) {
      case CallAdmission.AdmissionDecision.Admitted admitted ->
          Optional.of(new AuthorizationOutcome.Admitted(admitted.spending()));
      case CallAdmission.AdmissionDecision.Declined no -> Optional.of(refusals.declined(no, grant));
      case CallAdmission.AdmissionDecision.Unknown unknown -> Optional.empty();
    };
  }

  /**
   * Admits a call and opens its key. The result is empty if a sealed value can't be opened. If the
   * result is empty, a thread that is allowed to block must record the failure.
   */
  private Optional<AuthorizationOutcome> admit(CallRequest call, CallGrant grant) {
    return keys.openUnrecorded(grant).flatMap(opened -> admitAtOnce(call, opened, grant));
  }

  private Optional<AuthorizationOutcome> admitAtOnce(
      CallRequest call, AuthorizedCall opened, CallGrant grant) {
    return switch (admission.admitAtOnce(call, grant)) {
      case CallAdmission.AdmissionDecision.Admitted admitted ->
          Optional.of(new AuthorizationOutcome.Authorized(admitted.to(opened)));
      case CallAdmission.AdmissionDecision.Declined no -> {
        opened.close();
        yield Optional.of(refusals.declined(no, grant));
      }
      case CallAdmission.AdmissionDecision.Unknown unknown -> {
        opened.close();
        yield Optional.empty();
      }
    };
  }

  private AuthorizationOutcome authorized(
      CallRequest call, Set<String> counted, FoundCaller found, AccessDecision.Granted access) {
    return switch (judge(call, found, access)) {
      case GrantDecision.No no -> refused(no, found, access);
      case GrantDecision.Go go ->
          switch (admission.admit(call, go.grant().countedBy(counted))) {
            case CallAdmission.AdmissionDecision.Declined no -> refusals.declined(no, go.grant());
            case CallAdmission.AdmissionDecision.Admitted admitted ->
                open(call, found, go.grant(), admitted);
            case CallAdmission.AdmissionDecision.Unknown unknown ->
                throw new IllegalStateException(
                    "the decision is unknown, although it may query the database");
          };
    };
  }

  /** Opens the key. Releases the reservations if the call can't be made after all. */
  private AuthorizationOutcome open(
      CallRequest call,
      FoundCaller found,
      CallGrant grant,
      CallAdmission.AdmissionDecision.Admitted admitted) {
    Optional<AuthorizedCall> opened;
    try {
      opened = keys.open(caller(call, found), grant);
    } catch (Throwable e) {
      admitted.spending().close();
      throw e;
    }
    if (opened.isEmpty()) {
      admitted.spending().close();
      return CallRefusals.of(
          keys.whyUnopened(grant), grant.basis().account().handle(), grant.access());
    }
    return new AuthorizationOutcome.Authorized(admitted.to(opened.get()));
  }

  private Optional<CallRefusal> lookedAgain(
      CallRequest call,
      FoundCaller found,
      AccessDecision.Granted access,
      AuthorizedCall.AuthorizationBasis basis) {
    return switch (judge(call, found, access)) {
      case GrantDecision.No no -> Optional.of(no.why());
      case GrantDecision.Go go ->
          basis.stillHoldsUnder(go.grant().basis())
              ? Optional.empty()
              : Optional.of(CallRefusal.SERVICE_CHANGED);
    };
  }

  /** Keeps the grant for the next call with the same method and path. */
  private GrantDecision judgeAndKeep(
      CallRequest call,
      CacheRegion.Entry<?> known,
      FoundCaller found,
      AccessDecision.Granted access) {
    GrantDecision decision = judge(call, found, access);
    if (decision instanceof GrantDecision.Go go) {
      known.lastGrant().keep(call.method(), call.path(), go.grant());
    }
    return decision;
  }

  private GrantDecision judge(CallRequest call, FoundCaller found, AccessDecision.Granted access) {
    KeyDecision decision = keys.decide(access.target());
    if (decision == KeyDecision.DISABLED) {
      return new GrantDecision.No(CallRefusal.DISABLED);
    }
    CallLimits limits = access.limits(found.user().id(), Optional.of(found.token()));
    Optional<GrantDecision.No> refused =
        refusedOperation(call, found, access, decision.source(), limits);
    if (refused.isPresent()) {
      return refused.get();
    }
    Optional<NoKeyReason> reason = decision.reason();
    return reason.isPresent()
        ? new GrantDecision.No(CallRefusal.of(reason.get()))
        : new GrantDecision.Go(grant(found, access, decision.source().orElseThrow(), limits));
  }

  /** Returns why the caller may not use the operation; empty if the caller may use it. */
  private static Optional<GrantDecision.No> refusedOperation(
      CallRequest call,
      FoundCaller found,
      AccessDecision.Granted access,
      Optional<KeySource> source,
      CallLimits limits) {
    ServiceContext target = access.target();
    KeySource key = source.orElse(KeySource.CENTRAL);
    Optional<ObjectCall> stored = target.standard().objectCall(call.method(), call.path());
    Optional<String> neverLent = stored.map(ObjectCall::kind).flatMap(target.instance()::neverLent);
    Optional<String> path =
        stored.map(ObjectCall::path).or(() -> target.standard().pathOf(call.method(), call.path()));
    OperationDecision operation =
        stored.isPresent()
            ? OperationDecision.decide(
                stored.get().kind(),
                CallGrant.isolation(
                    found.user().id(), access, key, limits, Optional.of(found.token())),
                neverLent.isPresent(),
                limits,
                call.method(),
                stored.get().path())
            : OperationDecision.decide(
                path.isPresent(), limits, call.method(), path.orElse(call.path()));
    return switch (operation) {
      case ALLOWED ->
          stored
              .filter(each -> each.operation().makesBatch() && limits.boundMoreThanBatches(key))
              .map(
                  batch ->
                      new GrantDecision.No(
                          CallRefusal.BATCH_NOT_BOUNDED, source, Optional.empty()));
      case STORAGE_NOT_LENT ->
          Optional.of(
              new GrantDecision.No(
                  CallRefusal.STORAGE_NOT_LENT, source, Optional.empty(), neverLent));
      case NOT_LENT ->
          Optional.of(
              new GrantDecision.No(CallRefusal.OPERATION_NOT_ALLOWED, source, Optional.empty()));
      case BEYOND_LIMITS ->
          Optional.of(
              new GrantDecision.No(
                  CallRefusal.OPERATION_BEYOND_LIMITS,
                  source,
                  access
                      .lendable(found.user().id(), limits)
                      .flatMap(
                          use ->
                              use.missingOperation(
                                  target.standard().operations(),
                                  call.method(),
                                  path.orElse(call.path()))),
                  stored
                      .filter(each -> neverLent.isPresent())
                      .filter(each -> limits.allowStored(each.kind(), call.method(), each.path()))
                      .map(each -> UNCOUNTED)));
    };
  }

  private static CallGrant grant(
      FoundCaller found, AccessDecision.Granted access, KeySource source, CallLimits limits) {
    return CallGrant.of(
        found.user().id(),
        found.user().handle(),
        access,
        source,
        limits,
        Optional.of(found.token()));
  }

  private static Actor caller(CallRequest call, FoundCaller found) {
    return new Actor(
        found.user().id(),
        found.user().handle(),
        found.user().administrator(),
        Optional.of(found.token()),
        call.address(),
        call.requestId());
  }

  private static AuthorizationOutcome denied(AccessDecision.Denied denied, FoundCaller found) {
    return new AuthorizationOutcome.Refused(denied.why(), Optional.empty())
        .to(found.user().handle())
        .lacking(denied.missing());
  }

  private AuthorizationOutcome refused(
      GrantDecision.No no, FoundCaller found, AccessDecision.Granted access) {
    AuthorizationOutcome.Refused refused =
        refusals.of(no.why(), no.source(), found.user(), access).lacking(no.missing());
    if (no.detail().isPresent()) {
      return refused.saying(no.detail().get());
    }
    return no.why() == CallRefusal.OPERATION_BEYOND_LIMITS && access.project().isEmpty()
        ? refused.saying(no.why().naming(operations(found, access)))
        : refused;
  }

  private static List<String> operations(FoundCaller found, AccessDecision.Granted access) {
    return access
        .limits(found.user().id(), Optional.of(found.token()))
        .effective()
        .operations()
        .map(some -> some.stream().map(Operation::value).toList())
        .orElse(List.of());
  }
}
