package io.claviger.application.identity;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.identity.port.IdentityProvider.InvalidResponse;
import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import io.claviger.application.identity.port.IdentityProvider.Refreshed;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.IdentityStore.DueIdentity;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Every 15 minutes, asks the identity provider about everybody who has permitted such requests, and
 * applies the provider's answers. No transaction is open during a request to the identity provider.
 */
public final class IdentityRefresh {
  /**
   * The number of consecutive unanswered requests after which a round of requests ends early. The
   * next round asks about the remaining people.
   */
  private static final int MOST_SILENT = 3;

  /**
   * The maximum number of simultaneous requests. If a request and the changes that follow from it
   * take 225 ms, a node can ask about 16,000 people in 15 minutes.
   */
  static final int AT_ONCE = 4;

  /** The time for which this node tries to store an answer of the provider. */
  private static final Duration LONGEST_STORING = Duration.ofSeconds(30);

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);

  private final OidcSettings settings;
  private final IdentityProvider provider;
  private final UserStore users;
  private final IdentityStore identities;
  private final PersonSync sync;
  private final Departure departure;
  private final Sealer sealer;
  private final ScimSignIn scim;
  private final AuditedChanges changes;
  private final InstantSource database;

  /** The number of calls of {@link #doubt}, plus 1 for the start of the node. */
  private final AtomicInteger doubts = new AtomicInteger(1);

  /** The value of {@link #doubts} when {@link #trustedSince} was last set. */
  private volatile int settledDoubts;

  /**
   * If the request about an identity was due at this time or earlier, the stored refresh token of
   * the identity might be outdated.
   */
  private volatile Instant trustedSince = Instant.MAX;

  /** The time at which the oldest unanswered request was due, by this node's clock. */
  private volatile Optional<Instant> oldest = Optional.empty();

  /**
   * @param database the database's clock. This clock decides when people are due and when leases
   *     end, because the clocks of nodes can differ
   */
  IdentityRefresh(
      OidcSettings settings,
      IdentityProvider provider,
      UserStore users,
      IdentityStore identities,
      PersonSync sync,
      Departure departure,
      Sealer sealer,
      ScimSignIn scim,
      AuditedChanges changes,
      InstantSource database) {
    this.settings = settings;
    this.provider = provider;
    this.users = users;
    this.identities = identities;
    this.sync = sync;
    this.departure = departure;
    this.sealer = sealer;
    this.scim = scim;
    this.changes = changes;
    this.database = database;
  }

  /**
   * Asks the provider about everybody about whom a request is due. If an answer about a person
   * can't be used, nothing changes for this person, and the round continues. The round ends early
   * if the identity provider can't be reached, if it does not answer {@value #MOST_SILENT}
   * consecutive requests, or if this node lacks the encryption key of a refresh token. Returns
   * approximately how many people this round has asked about.
   *
   * @param threads the executor of the blocking tasks; together with this thread, {@value #AT_ONCE}
   *     tasks run at the same time
   */
  public int refreshDue(Executor threads) {
    settleDoubts();
    Round round = new Round();
    CompletableFuture<?> others =
        CompletableFuture.allOf(
            Stream.generate(() -> CompletableFuture.runAsync(() -> ask(round), threads))
                .limit(AT_ONCE - 1)
                .toArray(CompletableFuture<?>[]::new));
    try {
      ask(round);
    } finally {
      join(others);
    }
    return round.asked.get();
  }

  /**
   * Must be called when the database might have lost its latest changes, for example because a
   * backup was restored. The provider might have replaced the restored refresh tokens since the
   * backup was made. The provider rejects tokens that it has replaced, just as it rejects the
   * tokens of people who have left. So a rejection causes no suspension if the identity was due
   * before the next round.
   */
  public void doubt() {
    int unused = doubts.incrementAndGet();
  }

  /**
   * After lost changes, sets the present time as the time from which stored tokens are trusted. An
   * identity that becomes due later was not yet due when the changes were lost. So no node has used
   * the identity's stored token yet. If the stored time is in the future, the database's clock was
   * set back, and the time is set again.
   */
  private void settleDoubts() {
    int known = doubts.get();
    Instant now = database.instant();
    if (known != settledDoubts || trustedSince.isAfter(now)) {
      trustedSince = now;
      settledDoubts = known;
    }
  }

  /**
   * Whether it is possible that the identity provider has already replaced the token of this
   * request.
   */
  private boolean mayBeOutdated(DueIdentity due) {
    return due.uncertain()
        || doubts.get() != settledDoubts
        || !due.wasDueAt().isAfter(trustedSince);
  }

  private static void join(CompletableFuture<?> others) {
    try {
      Object unused = others.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * The state of a round of requests to the identity provider. All threads of the round share this
   * state.
   */
  private static final class Round {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger silent = new AtomicInteger();

    boolean isOver() {
      return silent.get() >= MOST_SILENT;
    }

    void end() {
      silent.set(MOST_SILENT);
    }

    void count(Contact contact) {
      switch (contact) {
        case ANSWERED -> {
          int unused = silent.updateAndGet(before -> before >= MOST_SILENT ? before : 0);
        }
        case SILENT -> {
          int unused = silent.incrementAndGet();
        }
        case AWAY -> end();
      }
    }
  }

  /**
   * Asks the identity provider about one person after the other, until no request is due or the
   * round is over.
   */
  private void ask(Round round) {
    try {
      Optional<DueIdentity> due = round.isOver() ? Optional.empty() : take();
      while (due.isPresent()) {
        int unused = round.asked.incrementAndGet();
        round.count(refresh(due.get()));
        if (Thread.currentThread().isInterrupted()) {
          round.end();
        }
        due = round.isOver() ? Optional.empty() : take();
      }
    } catch (RuntimeException e) {
      round.end();
      throw e;
    }
  }

  /**
   * Reads from the database when the oldest unanswered request to the identity provider was due.
   */
  public void look() {
    Duration ahead = Duration.between(database.instant(), changes.now());
    oldest =
        Optional.of(
            identities
                .oldestUnanswered(settings.issuer())
                .map(due -> due.plus(ahead))
                .orElse(Instant.MAX));
  }

  /**
   * Returns how long ago the oldest unanswered request was due, according to the last call of
   * {@link #look}. The result is zero if no request is due. A request counts as unanswered until it
   * gets a usable answer. The result is empty before the first call of {@link #look}.
   */
  public Optional<Duration> lag() {
    Instant now = changes.now();
    return oldest.map(due -> due.isAfter(now) ? Duration.ZERO : Duration.between(due, now));
  }

  /**
   * Takes the next user about whom a request to the identity provider is due. For a limited time,
   * which is called a lease, no other node takes the same user.
   */
  private Optional<DueIdentity> take() {
    Instant now = database.instant();
    return changes
        .transactions()
        .inTransaction(
            () ->
                identities.takeDue(settings.issuer(), now, now.plus(PersonSync.REFRESH_INTERVAL)));
  }

  private enum Contact {
    ANSWERED,
    /** The provider accepted the request, but sent no answer. */
    SILENT,
    /**
     * The provider can't be reached, or this node can't decrypt the stored tokens to ask the
     * provider.
     */
    AWAY
  }

  private Contact refresh(DueIdentity due) {
    LinkedIdentity identity = due.identity().identity();
    if (sealer.lacksKeyOf(due.token())) {
      // The token is not lost, because another node can decrypt it and ask the provider.
      identities.putBack(due);
      return Contact.AWAY;
    }
    Optional<Secret> token =
        sealer.open(
            due.token(), KeyBinding.ofRefreshToken(identity.identity().issuer(), identity.user()));
    if (token.isEmpty()) {
      apply(
          due,
          (user, current, now, log) ->
              departure.endSessions(user, current, settings.maxAge(), log));
      return Contact.ANSWERED;
    }
    try (Secret open = token.get()) {
      follow(due, provider.refresh(open, identity.identity(), identity.offline()));
      return Contact.ANSWERED;
    } catch (InvalidResponse e) {
      recordUnusable(due, String.valueOf(e.getMessage()));
      return Contact.ANSWERED;
    } catch (StoreUnavailable e) {
      throw e;
    } catch (ProviderUnavailable e) {
      if (e.neverSent()) {
        identities.putBack(due);
      }
      return e.neverSent() ? Contact.AWAY : Contact.SILENT;
    } catch (RuntimeException e) {
      // The provider's answer about this person can't be stored. The attempt was recorded, and the
      // round continues.
      return Contact.ANSWERED;
    }
  }

  private void recordUnusable(DueIdentity due, String why) {
    Outcome<Boolean> unused =
        changes.changeFrom(
            AuditEvent.IDENTITY_PROVIDER,
            "",
            AuditAction.USER_UPDATE,
            AuditTargets.user(due.identity().identity().user(), due.identity().handle()),
            log -> {
              throw SignInRefusal.of(SignInResult.Reason.INVALID_RESPONSE, why);
            });
  }

  private void follow(DueIdentity due, Refreshed answer) {
    switch (answer) {
      case Refreshed.Current current -> {
        try {
          apply(
              due,
              (user, identity, now, log) -> follow(user, identity, current.person(), now, log));
        } finally {
          current
              .person()
              .grant()
              .map(ProvidedIdentity.Grant::refreshToken)
              .ifPresent(Secret::close);
        }
      }
      case Refreshed.Ended ended ->
          apply(
              due,
              (user, identity, now, log) -> {
                if (!identity.offline()) {
                  departure.endSessions(user, identity, settings.maxAge(), log);
                } else if (mayBeOutdated(due)) {
                  departure.demandSignIn(user, identity, now.plus(settings.maxAge()), log);
                } else {
                  User unused = departure.suspend(user, Optional.of(identity), now, log);
                }
              });
      case Refreshed.SignInRequired required ->
          apply(
              due,
              (user, identity, now, log) -> {
                if (identity.offline()) {
                  departure.demandSignIn(user, identity, now.plus(settings.maxAge()), log);
                } else {
                  departure.endSessions(user, identity, settings.maxAge(), log);
                }
              });
      case Refreshed.Replaced replaced -> {
        try (Secret token = replaced.grant().refreshToken()) {
          apply(
              due,
              (user, identity, now, log) ->
                  identities.replaceToken(
                      user.id(),
                      sealer.seal(
                          token,
                          KeyBinding.ofRefreshToken(
                              identity.identity().issuer(), identity.user()))));
        }
        throw replaced.why();
      }
    }
  }

  private void follow(
      User user, LinkedIdentity identity, ProvidedIdentity person, Instant now, ChangeLog log) {
    if (scim.isBarred(user)) {
      User unused = departure.suspend(user, Optional.of(identity), now, log);
    } else if (scim.isOn() || sync.isAllowed(person.groups())) {
      Object unused =
          sync.follow(
              user, identity, person, identity.signedInAt().orElse(identity.linkedAt()), now, log);
    } else if (person.groups() instanceof GroupsClaim.TooMany) {
      departure.endSessions(user, identity, settings.maxAge(), log);
    } else {
      User unused = departure.suspend(user, Optional.of(identity), now, log);
    }
  }

  @FunctionalInterface
  private interface Consequence {
    void apply(User user, LinkedIdentity identity, Instant now, ChangeLog log);
  }

  /**
   * Applies an answer, unless a sign-in or another node has changed the identity during the
   * request. If the database does not answer, tries again for a while, for example until another
   * database server has taken over. The further attempts matter because many providers give a new
   * refresh token only once. If the new token were lost, the provider might reject the old token at
   * the next request. The identity is read again, because SCIM might have made the user an
   * administrator through a group during the request.
   */
  private void apply(DueIdentity due, Consequence consequence) {
    long until = System.nanoTime() + LONGEST_STORING.toNanos();
    boolean isApplied = false;
    while (!isApplied) {
      try {
        applyOnce(due, consequence);
        isApplied = true;
      } catch (StoreUnavailable | QueryTimeout e) {
        if (System.nanoTime() - until >= 0 || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
      }
    }
  }

  private void applyOnce(DueIdentity due, Consequence consequence) {
    User.Id id = due.identity().identity().user();
    AuditTarget target = AuditTargets.user(id, due.identity().handle());
    Outcome<Boolean> unused =
        changes.changeFrom(
            AuditEvent.IDENTITY_PROVIDER,
            "",
            AuditAction.USER_UPDATE,
            target,
            log -> {
              Optional<User> user = users.lock(due.identity().handle());
              Optional<LinkedIdentity> identity =
                  user.flatMap(unchanged -> identities.findOf(id))
                      .filter(now -> now.refreshDueAt().equals(due.identity().refreshDueAt()))
                      .map(IdentityStore.StoredIdentity::identity);
              identity.ifPresent(
                  own -> consequence.apply(user.orElseThrow(), own, changes.now(), log));
              return identity.isPresent();
            });
  }
}
