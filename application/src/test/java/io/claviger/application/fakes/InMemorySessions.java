package io.claviger.application.fakes;

import io.claviger.application.sessions.port.SessionStore;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** {@link SessionStore} in memory. Sessions are not part of the transactions. */
public final class InMemorySessions implements SessionStore {
  private static final Comparator<Session> OLDEST_FIRST =
      Comparator.comparing((Session one) -> one.id().value().toString());

  private final InMemoryTransactions transactions;
  private final InstantSource clock;
  private final Map<TokenHash, Session> sessions = new ConcurrentHashMap<>();

  /** When each user has to sign in again. */
  final Map<User.Id, Instant> signInDue = new ConcurrentHashMap<>();

  public InMemorySessions(InMemoryTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public Optional<UserSession> find(TokenHash secret) {
    return Optional.ofNullable(sessions.get(secret))
        .flatMap(
            session ->
                lockUser(session.user())
                    .flatMap(
                        user ->
                            session.method() instanceof SignInMethod.Token signIn
                                ? token(signIn.token())
                                    .map(t -> found(session, user, Optional.of(t)))
                                : Optional.of(found(session, user, Optional.empty()))));
  }

  private UserSession found(
      Session session, User user, Optional<Map.Entry<TokenHash, Tables.StoredToken>> token) {
    return new UserSession(
        session,
        user,
        token.map(stored -> stored.getValue().token()),
        token.map(Map.Entry::getKey),
        Optional.ofNullable(signInDue.get(user.id())));
  }

  private Optional<Map.Entry<TokenHash, Tables.StoredToken>> token(AccessToken.Id id) {
    return transactions.read(
        t ->
            t.tokens.entrySet().stream()
                .filter(stored -> stored.getValue().token().id().equals(id))
                .filter(stored -> stored.getValue().token().scope() == TokenScope.MANAGE)
                .findFirst());
  }

  @Override
  public Optional<User> lockUser(User.Id user) {
    return transactions.read(t -> Optional.ofNullable(t.users.get(user)));
  }

  @Override
  public void insert(Session session, TokenHash secret) {
    sessions.put(secret, session);
    transactions.run(t -> t.hadToken.add(session.user()));
  }

  @Override
  public void recordUse(Session.Id session, Instant at) {
    sessions.replaceAll(
        (secret, one) ->
            one.id().equals(session) && !one.seenAt().isAfter(at.minus(USE_GRAIN))
                ? new Session(
                    one.id(),
                    one.user(),
                    one.method(),
                    one.address(),
                    one.userAgent(),
                    one.signedInAt(),
                    at)
                : one);
  }

  @Override
  public List<Session> listOf(User.Id user, Instant now, Optional<Session.Id> after, int limit) {
    return sessions.values().stream()
        .filter(one -> one.user().equals(user) && one.liveAt(now))
        .filter(
            one ->
                after.isEmpty()
                    || one.id().value().toString().compareTo(after.get().value().toString()) > 0)
        .sorted(OLDEST_FIRST)
        .limit(limit)
        .toList();
  }

  @Override
  public boolean delete(User.Id user, Session.Id session) {
    return deleteIf(one -> one.user().equals(user) && one.id().equals(session)) == 1;
  }

  int deleteAll(User.Id user) {
    return deleteIf(one -> one.user().equals(user));
  }

  @Override
  public int deleteOldest(User.Id user, int left) {
    List<Session> newest =
        sessions.values().stream()
            .filter(one -> one.user().equals(user))
            .sorted(OLDEST_FIRST.reversed())
            .limit(left)
            .toList();
    return deleteIf(one -> one.user().equals(user) && !newest.contains(one));
  }

  @Override
  public int deleteOf(Identity identity) {
    return deleteIf(
        one ->
            one.method() instanceof SignInMethod.OpenId signIn
                && signIn.identity().equals(identity));
  }

  @Override
  public int deleteOf(Issuer issuer, String providerSession) {
    return deleteIf(
        one ->
            one.method() instanceof SignInMethod.OpenId signIn
                && signIn.identity().issuer().equals(issuer)
                && signIn.providerSession().equals(Optional.of(providerSession)));
  }

  @Override
  public int deleteUnnamedOf(Identity identity) {
    return deleteIf(
        one -> one.method().equals(new SignInMethod.OpenId(identity, Optional.empty())));
  }

  @Override
  public int deleteEnded() {
    Instant now = clock.instant();
    return deleteIf(one -> !one.liveAt(now));
  }

  boolean has(Session.Id session) {
    return sessions.values().stream().anyMatch(one -> one.id().equals(session));
  }

  boolean isOf(Session.Id session, User.Id user) {
    return sessions.values().stream()
        .anyMatch(one -> one.id().equals(session) && one.user().equals(user));
  }

  /** How many sessions are stored. */
  public int count() {
    return sessions.size();
  }

  private int deleteIf(Predicate<Session> which) {
    int before = sessions.size();
    sessions.values().removeIf(which);
    return before - sessions.size();
  }
}
