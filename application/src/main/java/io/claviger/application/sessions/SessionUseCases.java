package io.claviger.application.sessions;

import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.UserAccess;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.sessions.port.SessionStore;
import io.claviger.application.sessions.port.SignInLinkStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class SessionUseCases implements Sessions {
  private static final int SECRET_BYTES = 32;
  private static final int LONGEST_USER_AGENT = 200;

  private final SessionStore sessions;
  private final SignInLinkStore links;
  private final UserStore users;
  private final TokenAcceptance acceptance;
  private final LocalSignIn local;
  private final RandomBytes random;
  private final AuditedChanges changes;

  SessionUseCases(
      SessionStore sessions,
      SignInLinkStore links,
      UserStore users,
      TokenAcceptance acceptance,
      LocalSignIn local,
      RandomBytes random,
      AuditedChanges changes) {
    this.sessions = sessions;
    this.links = links;
    this.users = users;
    this.acceptance = acceptance;
    this.local = local;
    this.random = random;
    this.changes = changes;
  }

  @Override
  public Outcome<NewSession> start(
      SignedIn who, String address, String userAgent, String requestId) {
    return changes.changeFrom(
        address,
        requestId,
        AuditAction.SESSION_START,
        AuditTargets.unknownUser(),
        log -> start(who, address, userAgent, requestId, log));
  }

  private NewSession start(
      SignedIn who, String address, String userAgent, String requestId, ChangeLog log) {
    User user = sessions.lockUser(who.user()).orElseThrow(RefusedException::notFound);
    log.setTarget(AuditTargets.user(user.id(), user.handle()));
    Instant now = changes.now();
    Session session =
        new Session(
            new Session.Id(changes.ids().next()),
            user.id(),
            who.method(),
            address,
            shortened(userAgent),
            Session.signedInAt(who.sinceProof(), now),
            now);
    log.setActor(actor(session, user, Optional.empty(), address, requestId));
    if (!(who.method() instanceof SignInMethod.Token)) {
      log.limitAsSignIn();
    }
    if (isSuspended(user)) {
      throw RefusedException.forbidden("This user is suspended.");
    }
    if (user.kind() == UserKind.SERVICE) {
      throw RefusedException.forbidden("A service account can't sign in.");
    }
    if (who.link().isPresent() && links.take(who.link().get()).isEmpty()) {
      throw RefusedException.notFound();
    }
    int unused = sessions.deleteOldest(user.id(), Session.MOST - 1);
    BrowserSecret secret = BrowserSecret.of(random.next(SECRET_BYTES));
    sessions.insert(session, secret.hash());
    log.recordChange(
        AuditAction.SESSION_START,
        AuditTargets.user(user.id(), user.handle()),
        List.of(who.method().wireName()));
    return new NewSession(session, secret);
  }

  private static String shortened(String userAgent) {
    String visible = userAgent.replaceAll("\\p{Cntrl}", " ");
    return visible.length() <= LONGEST_USER_AGENT
        ? visible
        : visible.substring(0, LONGEST_USER_AGENT);
  }

  @Override
  public Optional<SessionActor> find(BrowserSecret secret, CallerOrigin from, String requestId) {
    Instant now = changes.now();
    Optional<SessionStore.UserSession> found =
        sessions.find(secret.hash()).filter(one -> isLive(one, from, now));
    found
        .map(SessionStore.UserSession::session)
        .filter(one -> !one.seenAt().isAfter(now.minus(SessionStore.USE_GRAIN)))
        .ifPresent(one -> sessions.recordUse(one.id(), now));
    return found.map(
        one ->
            new SessionActor(
                one.session(),
                actor(one.session(), one.user(), one.token(), from.address(), requestId),
                secret.derive("page token")));
  }

  /**
   * Returns whether a session is still valid. A session that began with an access token is invalid
   * if the token is not valid on this node or has the scope {@code use}. A session that began with
   * an access token is also invalid if the token is not accepted from the origin of the request. A
   * token from the environment is valid only as long as it is in the environment. A session that
   * began without the identity provider is valid only if this node allows this. If the user has to
   * sign in again, only sessions that began with a one-time link are valid.
   */
  private boolean isLive(SessionStore.UserSession found, CallerOrigin from, Instant now) {
    return found.session().liveAt(now)
        && !isSuspended(found.user())
        && (found.session().method() instanceof SignInMethod.OpenId
            || local.allows(found.user().handle()))
        && !needsSignIn(found, now)
        && found
            .token()
            .map(
                token ->
                    token.scope() == TokenScope.MANAGE
                        && acceptance.accepts(
                            token, TokenText.known(found.tokenHash().orElseThrow()), now)
                        && token.binding().accepts(from))
            .orElse(true);
  }

  private static boolean needsSignIn(SessionStore.UserSession found, Instant now) {
    return !(found.session().method() instanceof SignInMethod.Link)
        && found.signInDueAt().filter(due -> !now.isBefore(due)).isPresent();
  }

  private static boolean isSuspended(User user) {
    return user.suspendedAt().isPresent();
  }

  private static Actor actor(
      Session session, User user, Optional<AccessToken> token, String address, String requestId) {
    return new Actor(
        user.id(),
        user.handle(),
        user.administrator(),
        token,
        address,
        requestId,
        Optional.of(session.id()));
  }

  @Override
  public void end(SessionActor session) {
    Actor actor = session.actor();
    Outcome<Session.Id> unused =
        changes.change(
            actor,
            AuditAction.SESSION_END,
            AuditTargets.user(actor.id(), actor.handle()),
            log -> {
              // The user is locked before the session, because all transactions use this order.
              if (users.hold(actor.handle()).isPresent()
                  && sessions.delete(actor.id(), session.id())) {
                log.recordChange(
                    AuditAction.SESSION_END,
                    AuditTargets.user(actor.id(), actor.handle()),
                    List.of());
              }
              return session.id();
            });
  }

  @Override
  public Outcome<Page<Session, Session.Id>> list(
      Actor actor, Handle handle, PageRequest<Session.Id> page) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          User user = UserAccess.visible(actor, handle, users::find);
          return Page.of(
              sessions.listOf(user.id(), changes.now(), page.after(), page.limit() + 1),
              page.limit(),
              Session::id);
        });
  }

  @Override
  public Outcome<Session.Id> end(Actor actor, Handle handle, Session.Id session) {
    return changes.change(
        actor,
        AuditAction.SESSION_END,
        AuditTargets.user(handle),
        log -> {
          User user = UserAccess.visible(actor, handle, users::hold);
          if (!sessions.delete(user.id(), session)) {
            throw RefusedException.notFound();
          }
          log.recordChange(
              AuditAction.SESSION_END,
              AuditTargets.user(user.id(), handle),
              List.of(session.value().toString()));
          return session;
        });
  }

  @Override
  public int removeEnded() {
    return sessions.deleteEnded();
  }
}
