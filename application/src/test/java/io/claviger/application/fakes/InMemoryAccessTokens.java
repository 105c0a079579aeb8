package io.claviger.application.fakes;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.fakes.Tables.StoredToken;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.trusts.Trust;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@link AccessTokenStore} in memory. */
public final class InMemoryAccessTokens implements AccessTokenStore {
  private static final Comparator<TimeCursor> OLDEST_FIRST =
      Comparator.comparing(TimeCursor::at).thenComparing(TimeCursor::id);

  private static final Set<AccessToken.Origin> OF_PROGRAMS =
      Set.of(AccessToken.Origin.DEVICE, AccessToken.Origin.NARROWED, AccessToken.Origin.EXCHANGED);

  private final InMemoryTransactions transactions;
  private final InstantSource clock;

  public InMemoryAccessTokens(InMemoryTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public Optional<Presented> find(TokenHash hash) {
    return transactions.read(t -> presented(t, hash));
  }

  static Optional<Presented> presented(Tables tables, TokenHash hash) {
    StoredToken stored = tables.tokens.get(hash);
    if (stored == null) {
      return Optional.empty();
    }
    User user = tables.users.get(stored.token().user());
    if (user == null) {
      throw new IllegalStateException("a token without its user");
    }
    return Optional.of(new Presented(tables.joined(stored.token()), user, Optional.empty()));
  }

  private static boolean isFor(Tables tables, AccessToken token, Instance.Ref service) {
    return tables.joined(token).restriction().stream()
        .anyMatch(
            to ->
                to instanceof TokenRestriction.ToService one
                    && one.ref().equals(service.toString()));
  }

  @Override
  public int count(User.Id user, Optional<Instance.Ref> service, int most) {
    return listOf(user, service, Optional.empty(), most).size();
  }

  @Override
  public List<AccessToken> listOf(
      User.Id user, Optional<Instance.Ref> service, Optional<TimeCursor> after, int limit) {
    return transactions.read(
        t ->
            t.tokens.values().stream()
                .map(StoredToken::token)
                .filter(token -> token.user().equals(user))
                .filter(token -> service.isEmpty() || isFor(t, token, service.get()))
                .filter(
                    token ->
                        after.isEmpty() || OLDEST_FIRST.compare(position(token), after.get()) > 0)
                .sorted(Comparator.comparing(InMemoryAccessTokens::position, OLDEST_FIRST))
                .limit(limit)
                .map(t::joined)
                .map(t::listed)
                .toList());
  }

  boolean everHadAny(User.Id user) {
    return transactions.read(t -> t.hadToken.contains(user));
  }

  @Override
  public void save(AccessToken token, TokenHash hash) {
    transactions.run(
        t -> {
          t.requireUser(token.user());
          if (token.user().equals(User.Id.SYSTEM)) {
            throw new IllegalStateException("_system has no access token");
          }
          token.restriction().ifPresent(t::joined);
          if (token.exchanged().isPresent()
              && !t.trusts.containsKey(new Trust.Id(token.exchanged().get().trust()))) {
            throw Tables.gone("the trust");
          }
          StoredToken there = t.tokens.get(hash);
          if (there != null && !there.token().user().equals(token.user())) {
            throw Tables.taken("the token");
          }
          t.tokens.put(hash, new StoredToken(token, hash));
          t.hadToken.add(token.user());
        });
  }

  @Override
  public boolean add(AccessToken token, TokenHash hash) {
    boolean isNew = find(hash).isEmpty();
    if (isNew) {
      save(token, hash);
    }
    return isNew;
  }

  @Override
  public List<TokenPrefix> importedPrefixes(Instant now, int most) {
    return transactions.read(
        t ->
            t.tokens.values().stream()
                .map(StoredToken::token)
                .filter(token -> !token.expiredAt(now))
                .flatMap(token -> token.imported().stream())
                .map(AccessToken.Imported::prefix)
                .distinct()
                .sorted(Comparator.comparing(TokenPrefix::value))
                .limit(most)
                .toList());
  }

  @Override
  public boolean hold(User.Id user, AccessToken.Id token) {
    return listOf(user, Optional.empty(), Integer.MAX_VALUE).stream()
        .anyMatch(t -> t.id().equals(token));
  }

  @Override
  public Optional<Parent> lockParent(User.Id user, AccessToken.Id token, Instant now) {
    return transactions.read(
        t ->
            tokenOf(t, token)
                .filter(found -> found.token().user().equals(user))
                .map(
                    found ->
                        new Parent(
                            depth(t, found.token()),
                            (int)
                                t.tokens.values().stream()
                                    .map(StoredToken::token)
                                    .filter(n -> n.parent().equals(Optional.of(token)))
                                    .filter(n -> !n.expiredAt(now))
                                    .count())));
  }

  private static Optional<StoredToken> tokenOf(Tables tables, AccessToken.Id id) {
    return tables.tokens.values().stream().filter(s -> s.token().id().equals(id)).findFirst();
  }

  private static int depth(Tables tables, AccessToken token) {
    return token
        .parent()
        .flatMap(id -> tokenOf(tables, id))
        .map(parent -> 1 + depth(tables, parent.token()))
        .orElse(0);
  }

  @Override
  public Optional<Presented> find(AccessToken.Id token) {
    return transactions.read(t -> tokenOf(t, token).flatMap(s -> presented(t, s.hash())));
  }

  @Override
  public void replaceText(AccessToken.Id token, TokenHash hash, Instant expiresAt) {
    transactions.run(
        t -> {
          StoredToken stored = tokenOf(t, token).orElseThrow();
          t.tokens.remove(stored.hash());
          t.tokens.put(hash, new StoredToken(stored.token().refreshed(expiresAt), hash));
        });
  }

  @Override
  public int deleteEnded(Duration ago, int most) {
    Instant before = clock.instant().minus(ago);
    Set<AccessToken.Id> ended =
        transactions.read(
            t ->
                t.tokens.values().stream()
                    .map(StoredToken::token)
                    .filter(token -> OF_PROGRAMS.contains(token.origin()))
                    .filter(token -> token.expiresAt().filter(before::isAfter).isPresent())
                    .filter(
                        token ->
                            token.refreshableUntil().filter(end -> !end.isBefore(before)).isEmpty())
                    .sorted(Comparator.comparing(token -> token.expiresAt().orElseThrow()))
                    .limit(most)
                    .map(AccessToken::id)
                    .collect(Collectors.toSet()));
    int unused = deleteThose(token -> ended.contains(token.id()));
    return ended.size();
  }

  @Override
  public void deleteNarrower(TokenHash hash) {
    Optional<AccessToken.Id> parent = find(hash).map(found -> found.token().id());
    int unused = deleteThose(t -> parent.isPresent() && t.parent().equals(parent));
  }

  @Override
  public boolean delete(User.Id user, AccessToken.Id token) {
    return deleteThose(t -> t.user().equals(user) && t.id().equals(token)) > 0;
  }

  /** Deletes all tokens of a user and returns how many there were. */
  public int deleteAll(User.Id user) {
    return deleteThose(t -> t.user().equals(user));
  }

  @Override
  public int deleteAll(User.Id user, AccessToken.Origin origin) {
    return deleteThose(t -> t.user().equals(user) && t.origin() == origin);
  }

  @Override
  public void recordUse(AccessToken.Id token, Instant at) {
    transactions.run(
        t ->
            t.tokens.replaceAll(
                (hash, stored) ->
                    stored.token().id().equals(token)
                        ? new StoredToken(recordUse(stored.token(), at), hash)
                        : stored));
  }

  @Override
  public void recordStray(AccessToken.Id token, AccessToken.Stray stray) {
    transactions.run(
        t ->
            t.tokens.replaceAll(
                (hash, stored) ->
                    stored.token().id().equals(token)
                        ? new StoredToken(
                            with(stored.token(), stored.token().lastUsedAt(), Optional.of(stray)),
                            hash)
                        : stored));
  }

  /** Deletes a user's tokens of device sign-ins and returns how many there were. */
  int deleteRefreshable(User.Id user) {
    return deleteThose(t -> t.user().equals(user) && t.refreshableUntil().isPresent());
  }

  private int deleteThose(Predicate<AccessToken> which) {
    return transactions.change(
        t -> {
          int before = t.tokens.size();
          t.tokens.values().removeIf(stored -> which.test(stored.token()));
          int deleted = before - t.tokens.size();
          t.cascades.deleteWithTokens();
          return deleted;
        });
  }

  private static TimeCursor position(AccessToken token) {
    return new TimeCursor(token.createdAt(), token.id().value());
  }

  private static AccessToken recordUse(AccessToken token, Instant at) {
    Instant longAgo = at.minus(USE_GRAIN);
    Instant last = token.lastUsedAt().filter(before -> before.isAfter(longAgo)).orElse(at);
    return with(token, Optional.of(last), token.stray());
  }

  private static AccessToken with(
      AccessToken token, Optional<Instant> lastUsedAt, Optional<AccessToken.Stray> stray) {
    return new AccessToken(
        token.id(),
        token.user(),
        token.name(),
        token.scope(),
        token.provenance(),
        token.restriction(),
        token.limits(),
        token.inherited(),
        token.createdAt(),
        token.expiresAt(),
        lastUsedAt,
        token.refreshableUntil(),
        token.binding(),
        stray);
  }
}
