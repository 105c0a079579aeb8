package io.claviger.application.credentials;

import io.claviger.application.credentials.CredentialFailure.Reason;
import io.claviger.application.credentials.TokenSource.Answer;
import io.claviger.application.credentials.TokenSource.Waiter;
import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.TokenLifetime;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.keys.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The token of one service on this node: at most one, and at most one exchange that makes it.
 * Nothing here blocks. Times are nanoseconds of any beginning.
 */
final class HeldToken {
  /** How many calls may wait for one token. */
  static final int MOST_WAITING = 1_024;

  /** How long an exchange may take. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** For how long a refusal is repeated to calls without asking again. */
  static final Duration REFUSED_FOR = Duration.ofSeconds(60);

  /** The first and the longest pause after an exchange that reached nobody. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(16);

  /** For how long the last failure is shown. */
  private static final Duration SHOWN_FOR = Duration.ofMinutes(10);

  private final OwnersRoom waiting;
  private final Predicate<Exchange> starter;

  /** Null before the first call and after a change of the service. */
  private @Nullable CredentialUse use;

  private @Nullable Minting minted;
  private @Nullable CredentialFailure failure;
  private long failedAt;
  private Duration pause = Duration.ZERO;
  private @Nullable Exchange exchange;

  /** Exchanges for earlier settings of the service, for which calls still wait. */
  private final List<Exchange> outdated = new ArrayList<>(0);

  private long calledAt;

  /** Whether the service may have been changed since it was called last. */
  private boolean doubted;

  private boolean gone;

  /** A token that is in use. */
  private static final class Minting {
    final Secret token;
    final TokenLifetime lifetime;
    final long at;
    final Instant mintedAt;
    final int length;
    final List<CheckStep> steps;

    /** Whether a call went out with it. */
    boolean called;

    Minting(
        Secret token,
        TokenLifetime lifetime,
        long at,
        Instant mintedAt,
        int length,
        List<CheckStep> steps) {
      this.token = token;
      this.lifetime = lifetime;
      this.at = at;
      this.mintedAt = mintedAt;
      this.length = length;
      this.steps = steps;
    }

    boolean isUsable(long now) {
      return now - at < lifetime.usableFor().toNanos();
    }

    boolean isDue(long now) {
      return called && now - at >= lifetime.renewAfter().toNanos();
    }
  }

  /** A call that waits. The same waiter may ask twice. */
  private static final class Waiting {
    private final Waiter waiter;

    Waiting(Waiter waiter) {
      this.waiter = waiter;
    }
  }

  /** One attempt to make a token, and the calls that wait for it. */
  static final class Exchange {
    final HeldToken of;
    final CredentialUse use;
    final long began;
    private final Set<Waiting> waiters = new LinkedHashSet<>();
    private volatile @Nullable Thread thread;

    Exchange(HeldToken of, CredentialUse use, long began) {
      this.of = of;
      this.use = use;
      this.began = began;
    }

    void runsOn(Thread current) {
      thread = current;
    }

    private void interrupt() {
      Thread running = thread;
      if (running != null) {
        running.interrupt();
      }
    }
  }

  /**
   * @param waiting the places of all calls that wait for a token on this node
   * @param starter starts an exchange on another thread; false if too many are running
   */
  HeldToken(OwnersRoom waiting, Predicate<Exchange> starter) {
    this.waiting = waiting;
    this.starter = starter;
  }

  /** Null if this was removed meanwhile, so that another one has to be asked. */
  synchronized @Nullable Answer ask(CredentialUse wanted, Waiter waiter, long now) {
    if (gone) {
      return null;
    }
    if (use == null || !wanted.sharesTokenWith(use)) {
      forget();
    }
    use = wanted;
    calledAt = now;
    Minting current = minted;
    if (current != null && current.isUsable(now)) {
      current.called = true;
      renewIfDue(now);
      return new Answer.Token(copy(current.token), current.steps);
    }
    wipe();
    Optional<CredentialFailure> kept = keptFailure(now);
    return kept.isPresent() ? new Answer.Failed(kept.get()) : joined(wanted, waiter, now);
  }

  @SuppressWarnings("UnnecessaryMethodReference") // it makes an object for this call alone
  private Answer joined(CredentialUse wanted, Waiter waiter, long now) {
    Exchange running = exchange == null ? begun(wanted, now) : exchange;
    if (running == null
        || running.waiters.size() >= MOST_WAITING
        || !waiting.take(wanted.owner())) {
      return new Answer.Failed(MintedCredentials.BUSY);
    }
    Waiting own = new Waiting(waiter);
    running.waiters.add(own);
    return new Answer.Waits(() -> leave(running, own));
  }

  private @Nullable Exchange begun(CredentialUse wanted, long now) {
    Exchange next = new Exchange(this, wanted, now);
    exchange = next; // before it starts, because it may end before this returns
    boolean starts = false;
    try {
      starts = starter.test(next);
    } finally {
      if (!starts) { // also if no thread could be made, so that the next call tries again
        exchange = null;
      }
    }
    return starts ? next : null;
  }

  private synchronized void leave(Exchange left, Waiting own) {
    if (left.waiters.remove(own)) {
      waiting.giveBack(left.use.owner(), 1);
    }
  }

  private void renewIfDue(long now) {
    Minting current = minted;
    CredentialUse wanted = use;
    if (current != null
        && wanted != null
        && exchange == null
        && current.isDue(now)
        && keptFailure(now).isEmpty()) {
      begun(wanted, now);
    }
  }

  private Optional<CredentialFailure> keptFailure(long now) {
    Duration left = pause.minusNanos(now - failedAt);
    return failure == null || !left.isPositive()
        ? Optional.empty()
        : Optional.of(failure.retryingAfter(left));
  }

  /**
   * Ends an exchange with a token.
   *
   * @param token owned by the callee from now on
   * @return what tells those who wait
   */
  synchronized List<Runnable> minted(
      Exchange ended,
      Secret token,
      int length,
      TokenLifetime lifetime,
      List<CheckStep> tried,
      Instant now) {
    List<Runnable> told = new ArrayList<>();
    List<Waiting> left = drained(ended);
    left.forEach(
        each -> {
          Answer own = new Answer.Token(copy(token), tried);
          told.add(() -> each.waiter.answered(own));
        });
    if (exchange != ended || gone) {
      token.close();
      return told;
    }
    exchange = null;
    wipe();
    Minting next = new Minting(token, lifetime, ended.began, now, length, tried);
    next.called = !left.isEmpty();
    minted = next;
    failure = null;
    pause = Duration.ZERO;
    return told;
  }

  /**
   * Ends an exchange without a token. The one that is there stays in use until it expires.
   *
   * @return what tells those who wait
   */
  synchronized List<Runnable> failed(Exchange ended, CredentialFailure why, long now) {
    CredentialFailure known = why;
    if (exchange == ended && !gone) {
      exchange = null;
      pause = pauseAfter(why.reason());
      known = why.retryingAfter(pause);
      failure = known;
      failedAt = now;
    }
    Answer answer = new Answer.Failed(known);
    List<Runnable> told = new ArrayList<>();
    drained(ended).forEach(each -> told.add(() -> each.waiter.answered(answer)));
    return told;
  }

  private Duration pauseAfter(Reason reason) {
    if (reason != Reason.UNAVAILABLE) {
      return REFUSED_FOR;
    }
    boolean again = failure != null && failure.reason() == Reason.UNAVAILABLE;
    Duration twice = again ? pause.multipliedBy(2) : PAUSE;
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private List<Waiting> drained(Exchange ended) {
    List<Waiting> left = List.copyOf(ended.waiters);
    ended.waiters.clear();
    waiting.giveBack(ended.use.owner(), left.size());
    return left;
  }

  /**
   * Renews what is due, wipes what has expired, and gives up an exchange that takes too long.
   *
   * @return what tells those who waited for it
   */
  synchronized List<Runnable> sweep(long now) {
    Minting current = minted;
    if (current != null && !current.isUsable(now)) {
      wipe();
    }
    renewIfDue(now);
    List<Runnable> told = new ArrayList<>();
    List<Exchange> running = new ArrayList<>(outdated);
    if (exchange != null) {
      running.add(exchange);
    }
    for (Exchange each : running) {
      if (now - each.began >= PATIENCE.toNanos()) {
        each.interrupt();
        told.addAll(failed(each, MintedCredentials.LATE, now));
      }
    }
    outdated.removeIf(each -> each.waiters.isEmpty());
    return told;
  }

  /** Why the last exchange failed, unless a token is held or it was long ago. */
  synchronized Optional<CredentialFailure> failing(long now) {
    boolean usable = minted != null && minted.isUsable(now);
    return Optional.ofNullable(failure)
        .filter(why -> !usable && now - failedAt <= SHOWN_FOR.toNanos());
  }

  /** Removes this for good if nothing is worth remembering. */
  synchronized boolean endIfIdle(long now) {
    gone =
        gone
            || (minted == null
                && exchange == null
                && outdated.isEmpty()
                && (failure == null || now - failedAt > SHOWN_FOR.toNanos()));
    return gone;
  }

  /** Learns that something about the service was changed. */
  synchronized void doubt() {
    doubted = true;
  }

  /** Returns what this is about if that is in doubt, which it is not any more then. */
  synchronized Optional<CredentialUse> takeDoubt() {
    boolean was = doubted;
    doubted = false;
    return Optional.ofNullable(use).filter(held -> was);
  }

  /** Forgets everything, if it is still about this. */
  synchronized void forget(CredentialUse outdated) {
    if (outdated.equals(use)) {
      forget();
    }
  }

  /** Forgets everything. Those who wait get what they asked for. */
  synchronized void forget() {
    use = null;
    if (exchange != null) {
      outdated.add(exchange);
      exchange = null;
    }
    failure = null;
    pause = Duration.ZERO;
    wipe();
  }

  /**
   * Wipes a token that the provider does not accept any more, at most once a minute: a provider may
   * accept none, and calls must not storm its token URL.
   */
  synchronized void rejected(CredentialUse rejectedUse, long now) {
    Minting current = minted;
    if (current != null
        && use != null
        && rejectedUse.sharesTokenWith(use)
        && now - current.at >= REFUSED_FOR.toNanos()) {
      wipe();
    }
  }

  /** Wipes the token, and lets the next call make another one. */
  synchronized void wipe() {
    if (minted != null) {
      minted.token.close();
      minted = null;
    }
  }

  /** Ends with the node. */
  synchronized List<Runnable> end() {
    forget();
    gone = true;
    List<Runnable> told = new ArrayList<>();
    for (Exchange each : outdated) {
      each.interrupt();
      told.addAll(failed(each, MintedCredentials.BUSY, 0));
    }
    outdated.clear();
    return told;
  }

  synchronized boolean isOf(User.Id owner) {
    return use != null && use.owner().equals(owner);
  }

  /** Whether no token is being made. */
  synchronized boolean isAtRest() {
    return exchange == null;
  }

  /** How long the token is; 0 if there is none. */
  synchronized int length() {
    return minted == null ? 0 : minted.length;
  }

  /** How old the token is; empty if there is none, or if it is of another kind. */
  synchronized Optional<Duration> age(CredentialKind kind, long now) {
    return minted == null || use == null || use.kind() != kind
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(now - minted.at));
  }

  synchronized long calledAt() {
    return calledAt;
  }

  /** Empty if what is known belongs to earlier settings of the service. */
  synchronized MintedCredentials.CredentialState state(
      KeyedInstance service, Optional<Instant> setAt, long now) {
    if (use == null || !use.isStillOf(service, setAt)) {
      return MintedCredentials.CredentialState.NOTHING;
    }
    Minting current = minted;
    Optional<CredentialFailure> last =
        Optional.ofNullable(failure).filter(why -> now - failedAt <= SHOWN_FOR.toNanos());
    return current == null || !current.isUsable(now)
        ? new MintedCredentials.CredentialState(Optional.empty(), Optional.empty(), last)
        : new MintedCredentials.CredentialState(
            Optional.of(current.mintedAt),
            Optional.of(current.lifetime.stated().minusNanos(now - current.at)),
            last);
  }

  private static Secret copy(Secret token) {
    return token.lend(bytes -> Secret.takingOver(bytes.clone()));
  }
}
