package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.accounts.port.RecentTokens;
import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.domain.Fault;
import io.claviger.domain.TimeBounds;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Narrowing;
import io.claviger.domain.accounts.TokenBar;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserAction;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sessions.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

final class AccessTokenUseCases implements AccessTokens {
  private final AccessTokenStore tokens;
  private final Lockout lockout;
  private final RestrictionTargets targets;
  private final TokenGenerator generator;
  private final TokenAcceptance acceptance;
  private final RecentTokens recent;
  private final RejectedTokens rejected;
  private final UserAccess access;
  private final LastUseRecorder lastUse;
  private final LeakedTokens leaked;
  private final AuditedChanges changes;

  AccessTokenUseCases(
      UserStore users,
      AccessTokenStore tokens,
      Lockout lockout,
      RestrictionTargets targets,
      TokenGenerator generator,
      TokenAcceptance acceptance,
      RecentTokens recent,
      RejectedTokens rejected,
      AuditedChanges changes) {
    this.access = new UserAccess(users);
    this.tokens = tokens;
    this.lockout = lockout;
    this.targets = targets;
    this.generator = generator;
    this.acceptance = acceptance;
    this.recent = recent;
    this.rejected = rejected;
    this.lastUse = new LastUseRecorder(tokens);
    this.leaked = new LeakedTokens(tokens, changes);
    this.changes = changes;
  }

  @Override
  public Authentication authenticate(TokenText text, CallerOrigin from, String requestId) {
    return authenticate(text, (hash, now) -> tokens.find(hash), from, requestId);
  }

  @Override
  public Authentication authenticateForReading(
      TokenText text, CallerOrigin from, String requestId) {
    return authenticate(text, recent, from, requestId);
  }

  private Authentication authenticate(
      TokenText text, RecentTokens known, CallerOrigin from, String requestId) {
    String address = from.address();
    TokenHash hash = text.hash();
    Instant now = changes.now();
    if (!acceptance.isWorthAsking(text, hash)) {
      return new Authentication.Rejected(rejected.count(address, requestId, now));
    }
    Optional<AccessTokenStore.Presented> presented =
        known.find(hash, now).filter(p -> acceptance.accepts(p.token(), text, now));
    if (presented.isEmpty()) {
      return new Authentication.Rejected(rejected.countAndRecord(address, requestId, now));
    }
    AccessToken token = presented.get().token();
    if (!token.binding().accepts(from)) {
      rejected.countStray(token, presented.get().user().handle(), address, requestId, now);
      return new Authentication.Barred(TokenBar.TOKEN_BOUND);
    }
    Optional<TokenBar> bar = presented.get().barAt(now);
    if (bar.isPresent()) {
      return new Authentication.Barred(bar.get());
    }
    lastUse.note(token, now);
    User user = presented.get().user();
    return new Authentication.Authenticated(
        new Actor(
            user.id(), user.handle(), user.administrator(), Optional.of(token), address, requestId),
        user.responsible());
  }

  @Override
  public Outcome<Page<AccessToken, TimeCursor>> list(
      Actor actor, Handle handle, Optional<Instance.Ref> service, PageRequest<TimeCursor> page) {
    return Outcome.of(
        () ->
            Page.of(
                tokens.listOf(
                    holderOfListed(actor, handle), service, page.after(), page.limit() + 1),
                page.limit(),
                t -> new TimeCursor(t.createdAt(), t.id().value())));
  }

  @Override
  public Outcome<Integer> count(Actor actor, Handle handle, Optional<Instance.Ref> service) {
    return Outcome.of(
        () -> tokens.count(holderOfListed(actor, handle), service, PageRequest.MOST_COUNTED));
  }

  private User.Id holderOfListed(Actor actor, Handle handle) {
    actor.demandManage();
    return access.find(actor, handle, UserAction.REVOKE_TOKENS).id();
  }

  @Override
  public Outcome<IssuedToken> issue(Actor actor, Handle handle, NewToken wanted) {
    return issue(actor, Optional.empty(), handle, wanted);
  }

  @Override
  public Outcome<IssuedToken> issue(Actor actor, Session session, Handle handle, NewToken wanted) {
    return issue(actor, Optional.of(session), handle, wanted);
  }

  private Outcome<IssuedToken> issue(
      Actor actor, Optional<Session> session, Handle handle, NewToken wanted) {
    return changes.change(
        actor,
        AuditAction.TOKEN_CREATE,
        AuditTargets.user(handle),
        log -> issue(actor, session, access.lock(actor, handle, UserAction.SEE), wanted, log));
  }

  private IssuedToken issue(
      Actor actor, Optional<Session> session, User user, NewToken wanted, ChangeLog log) {
    lockout.demandPresented(actor);
    AccessToken.Origin origin = origin(actor, user, wanted);
    Optional<TokenRestriction> restriction =
        targets.restriction(holder(actor, user), wanted.service(), wanted.project());
    Optional<Instant> expiry = wanted.expiresAt();
    TokenScope scope =
        wanted.scope().orElse(restriction.isPresent() ? TokenScope.USE : TokenScope.MANAGE);
    List<Fault> faults = faults(actor, user, wanted, scope, restriction, changes.now());
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
    session.ifPresent(one -> RecentSignIn.demand(one, scope, changes.now()));
    Optional<EndedCredentials> ended =
        origin == AccessToken.Origin.RECOVERY
            ? Optional.of(lockout.recover(user, changes.now(), log))
            : Optional.empty();
    AccessToken token =
        new AccessToken(
            new AccessToken.Id(changes.ids().next()),
            user.id(),
            wanted.name(),
            scope,
            AccessToken.Provenance.of(origin),
            restriction,
            wanted.limits(),
            PassedOnLimits.from(actor),
            changes.now(),
            expiry,
            Optional.empty(),
            Optional.empty(),
            wanted.kept() ? TokenBinding.NONE : wanted.binding().over(binding(actor)),
            Optional.empty());
    TokenText text = generator.next();
    tokens.save(token, text.hash());
    log.recordAddition(CountedKind.TOKEN, user.id());
    log.recordChange(
        AuditAction.TOKEN_CREATE,
        AuditTargets.user(user.id(), user.handle()),
        ended
            .map(all -> Stream.concat(Stream.of("recovery"), all.names().stream()).toList())
            .orElse(
                token.binding().isNone()
                    ? List.of("name", "scope", "expires_at")
                    : List.of("name", "scope", "expires_at", "bound_to")));
    return new IssuedToken(token, text, ended);
  }

  private static TokenBinding binding(Actor actor) {
    return actor.token().map(AccessToken::binding).orElse(TokenBinding.NONE);
  }

  private AccessToken.Origin origin(Actor actor, User user, NewToken wanted) {
    if (user.id().equals(actor.id())) {
      access.demand(actor, user, UserAction.ISSUE_TOKENS);
      return AccessToken.Origin.USER;
    }
    if (wanted.recovery()) {
      access.demandStill(actor, user, UserAction.RECOVER);
      return AccessToken.Origin.RECOVERY;
    }
    if (user.isServiceAccount()) {
      access.demandStill(actor, user, UserAction.ISSUE_TOKENS);
      return AccessToken.Origin.USER;
    }
    access.demand(actor, user, UserAction.RECOVER);
    if (lockout.isRecovery(user)) {
      throw RefusedException.forbidden(
          "This user has or had access. To give access to somebody who lost it, send "
              + "\"recovery\": true. A recovery ends all credentials of the user, and deletes "
              + "the user's own API keys.");
    }
    return AccessToken.Origin.FIRST;
  }

  /**
   * Returns the token's future holder as an actor. The holder must see the service or project to
   * which the token is restricted, because an administrator could otherwise restrict the token to
   * things that the holder does not see.
   */
  private static Actor holder(Actor actor, User user) {
    return new Actor(
        user.id(),
        user.handle(),
        user.administrator(),
        Optional.empty(),
        actor.address(),
        actor.requestId());
  }

  /** A token can't be used to create another token that has more rights or a later expiry. */
  private static List<Fault> faults(
      Actor actor,
      User user,
      NewToken wanted,
      TokenScope scope,
      Optional<TokenRestriction> restriction,
      Instant now) {
    List<Fault> faults = new ArrayList<>();
    if (wanted.service().isPresent() && wanted.project().isPresent()) {
      faults.add(
          Fault.notAllowed(
              "project", "A token is restricted to a service or a project, not both."));
    }
    if (restriction.isPresent() && scope != TokenScope.USE) {
      faults.add(Fault.notAllowed("scope", "A restricted token must have the scope \"use\"."));
    }
    if (wanted.recovery() && user.id().equals(actor.id())) {
      faults.add(
          Fault.notAllowed("recovery", "A recovery token can be made only for another user."));
    }
    if (wanted.expiresAt().isPresent() && !now.isBefore(wanted.expiresAt().get())) {
      faults.add(
          Fault.notAllowed(
              "expires_at",
              "Give a time that has not passed, or null for a token that never expires."));
    }
    if (!wanted.expiresAt().map(TimeBounds::contain).orElse(true)) {
      faults.add(
          Fault.notAllowed(
              "expires_at", "The expiry is " + TimeBounds.ALLOWED + ", or null for never."));
    }
    actor
        .token()
        .map(own -> Narrowing.beyond(own, wanted.limits(), wanted.expiresAt(), wanted.binding()))
        .ifPresent(faults::addAll);
    return faults;
  }

  @Override
  public void endLeaked(TokenText text, String address, String requestId) {
    if (!text.mayBeToken()) {
      return;
    }
    leaked.end(
        () -> tokens.find(text.hash()).filter(p -> worksAnywhere(p.token(), changes.now())),
        address,
        requestId);
  }

  /**
   * Whether the token is valid on some node, or can be refreshed. An imported token is valid only
   * at the gateway, and a token from the environment only on the nodes that have this environment.
   */
  private static boolean worksAnywhere(AccessToken token, Instant now) {
    return !token.expiredAt(now) || token.isRefreshableAt(now);
  }

  @Override
  public Outcome<AccessToken.Id> revoke(Actor actor, Handle handle, AccessToken.Id token) {
    return changes.change(
        actor,
        AuditAction.TOKEN_DELETE,
        AuditTargets.user(handle),
        log -> {
          User user = access.hold(actor, handle, UserAction.REVOKE_TOKENS);
          if (!tokens.delete(user.id(), token)) {
            throw RefusedException.notFound();
          }
          log.recordChange(
              AuditAction.TOKEN_DELETE,
              AuditTargets.user(user.id(), handle),
              List.of(token.value().toString()));
          return token;
        });
  }
}
