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
 * Holds a service's token on this node, and the exchange that makes the next token. This object has
 * at most one token and one exchange. No method blocks. Times are in nanoseconds, as returned by
 * {@link System#nanoTime}.
 */
final class HeldToken {
  /** The maximum number of calls that wait for a token. */
  static final int MOST_WAITING = 1_024;

  /** The time limit of an exchange. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The time for which calls get the same refusal without a new exchange. */
  static final Duration REFUSED_FOR = Duration.ofSeconds(60);

  /**
   * The first pause after an exchange that could not reach the token server. Each further pause is
   * twice as long, up to {@link #LONGEST_PAUSE}.
   */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(16);

  /** The time for which the last failure is shown to people. */
  private static final Duration SHOWN_FOR = Duration.ofMinutes(10);

  private final OwnersRoom waiting;
  private final Predicate<Exchange> starter;

  /**
   * The data from which the token is minted. Null before the first call and after a change of the
   * service.
   */
  private @Nullable CredentialUse use;

  private @Nullable Minting minted;
  private @Nullable CredentialFailure failure;
  private long failedAt;
  private Duration pause = Duration.ZERO;
  private @Nullable Exchange exchange;

  /**
   * Exchanges that began with earlier settings of the service. Calls still wait for the results of
   * these exchanges.
   */
  private final List<Exchange> outdated = new ArrayList<>(0);

  private long calledAt;

  /** Whether the service might have changed since the token was last checked. */
  private boolean doubted;

  private boolean gone;

  /** A minted token. */
  private static final class Minting {
    final Secret token;
    final TokenLifetime lifetime;
    final long at;
    final Instant mintedAt;
    final int length;
    final List<CheckStep> steps;

    /** Whether a call has used the token. */
    boolean called;

    /** Whether the token is renewed before its usual time, because the provider may reject it. */
    boolean renewedEarly;

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
      return called && (renewedEarly || now - at >= lifetime.renewAfter().toNanos());
    }
  }

  /** A waiting call. The same waiter can wait twice. */
  private static final class Waiting {
    private final Waiter waiter;

    Waiting(Waiter waiter) {
      this.waiter = waiter;
    }
  }

  /** An attempt to make a token, with the calls that wait for this token. */
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
   * @param waiting the places of all calls that wait for tokens on this node
   * @param starter the function that starts an exchange on another thread; it returns false if too
   *     many exchanges are running
   */
  HeldToken(OwnersRoom waiting, Predicate<Exchange> starter) {
    this.waiting = waiting;
    this.starter = starter;
  }

  /**
   * Returns the token, a failure, or the answer that the call has to wait. Returns null if this
   * object has been removed. The caller must then ask the object that replaced it.
   */
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

  private Answer joined(CredentialUse wanted, Waiter waiter, long now) {
    Exchange running = exchange == null ? begun(wanted, now) : exchange;
    if (running == null
        || running.waiters.size() >= MOST_WAITING
        || !waiting.take(wanted.owner())) {
      return new Answer.Failed(MintedCredentials.BUSY);
    }
    // Each wait gets an object of its own, because the same waiter can wait twice.
    Waiting own = new Waiting(waiter);
    running.waiters.add(own);
    return new Answer.Waits(() -> leave(running, own));
  }

  private @Nullable Exchange begun(CredentialUse wanted, long now) {
    Exchange next = new Exchange(this, wanted, now);
    // stored before the exchange starts, because the exchange might end before the starter returns
    exchange = next;
    boolean starts = false;
    try {
      starts = starter.test(next);
    } finally {
      if (!starts) { // also if no thread could be created, so that the next call tries again
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
   * Ends an exchange that has produced a token.
   *
   * @param token the token, which the callee owns from now on
   * @return tasks that notify the waiting calls; the caller must run the tasks without holding this
   *     object's lock
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
    // The data of this token might be outdated. A call that was permitted before a change of the
    // service can begin the exchange after this node has noticed the change. So the next sweep
    // compares the data with the service.
    doubted = true;
    failure = null;
    pause = Duration.ZERO;
    return told;
  }

  /**
   * Ends an exchange that has produced no token. The current token stays in use until it expires.
   *
   * @return tasks that notify the waiting calls; the caller must run the tasks without holding this
   *     object's lock
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
   * Renews the token if its renewal is due, wipes it if it has expired, and gives up exchanges that
   * take too long.
   *
   * @return tasks that notify the calls that waited for these exchanges; the caller must run the
   *     tasks without holding this object's lock
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

  /**
   * Returns why the last exchange failed. Empty if this object has a token, or if the failure is
   * more than ten minutes old.
   */
  synchronized Optional<CredentialFailure> failing(long now) {
    boolean usable = minted != null && minted.isUsable(now);
    return Optional.ofNullable(failure)
        .filter(why -> !usable && now - failedAt <= SHOWN_FOR.toNanos());
  }

  /**
   * Closes this object forever if it contains nothing that is still needed. Returns whether this
   * object is closed.
   */
  synchronized boolean endIfIdle(long now) {
    gone =
        gone
            || (minted == null
                && exchange == null
                && outdated.isEmpty()
                && (failure == null || now - failedAt > SHOWN_FOR.toNanos()));
    return gone;
  }

  /** Records that the service might have changed. */
  synchronized void doubt() {
    doubted = true;
  }

  /**
   * If the service might have changed, returns the data from which the service's token was minted.
   * The caller must then compare the data with the service. After a call of this method, the
   * service counts as unchanged. If the service can't have changed, the result is empty.
   */
  synchronized Optional<CredentialUse> takeDoubt() {
    boolean was = doubted;
    doubted = false;
    return Optional.ofNullable(use).filter(held -> was);
  }

  /** Wipes the token and forgets its state, but only if the token was minted from these data. */
  synchronized void forget(CredentialUse outdated) {
    if (outdated.equals(use)) {
      forget();
    }
  }

  /** Forgets everything. Calls that are already waiting still get their token. */
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
   * Wipes a token that the provider no longer accepts. A token that is less than a minute old is
   * not wiped, because calls would otherwise flood the token URL if the provider accepts no token
   * at all.
   */
  synchronized void rejected(CredentialUse rejectedUse, long now) {
    if (isReplaceable(rejectedUse, now)) {
      wipe();
    }
  }

  /**
   * Renews a token that the provider might no longer accept. The current token stays in use until
   * the new token arrives, because callers can cause the answers that raise such a doubt. A token
   * that is less than a minute old is not renewed.
   */
  synchronized void renewEarly(CredentialUse doubtedUse, long now) {
    Minting current = minted;
    if (current != null && isReplaceable(doubtedUse, now)) {
      current.renewedEarly = true;
      renewIfDue(now);
    }
  }

  private boolean isReplaceable(CredentialUse mintedFor, long now) {
    return minted != null
        && use != null
        && mintedFor.sharesTokenWith(use)
        && now - minted.at >= REFUSED_FOR.toNanos();
  }

  /** Wipes the token. The next call makes a new token. */
  synchronized void wipe() {
    if (minted != null) {
      minted.token.close();
      minted = null;
    }
  }

  /**
   * Closes this object when the node stops. Returns tasks that notify the waiting calls. The caller
   * must run the tasks.
   */
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

  /** Whether no exchange for a new token is running. */
  synchronized boolean isAtRest() {
    return exchange == null;
  }

  /** Returns the length of the token in bytes; 0 if there is no token. */
  synchronized int length() {
    return minted == null ? 0 : minted.length;
  }

  /**
   * Returns the age of the token. Empty if there is no token, or if the service has another kind of
   * credential.
   */
  synchronized Optional<Duration> age(CredentialKind kind, long now) {
    return minted == null || use == null || use.kind() != kind
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(now - minted.at));
  }

  synchronized long calledAt() {
    return calledAt;
  }

  /**
   * Returns the state of the token. The values are empty if the token belongs to earlier settings
   * of the service.
   */
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
