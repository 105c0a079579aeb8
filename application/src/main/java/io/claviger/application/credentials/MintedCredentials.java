package io.claviger.application.credentials;

import io.claviger.application.credentials.CredentialFailure.Reason;
import io.claviger.application.credentials.HeldToken.Exchange;
import io.claviger.application.credentials.TokenSource.Answer;
import io.claviger.application.credentials.TokenSource.Waiter;
import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure;
import io.claviger.application.credentials.port.CredentialMinter.MintRequest;
import io.claviger.application.credentials.port.CredentialMinter.Minted;
import io.claviger.application.credentials.port.MintedStates;
import io.claviger.application.credentials.port.ServiceStatement;
import io.claviger.application.keys.SecretOpener;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.CacheListener;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.SubjectFailures;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.FederationProvider;
import io.claviger.domain.credentials.TokenLifetime;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.keys.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The tokens that this node has minted for services. There is at most one token per service. Tokens
 * are kept only in memory. A call waits only if the node has no token for the called service. When
 * such a call arrives, the node requests a token from the token server, and all calls that arrive
 * before the token server's answer wait for this one exchange. A used token is renewed after two
 * thirds of its lifetime. A token is wiped when it expires or is replaced. A token is also wiped
 * when the data from which it was minted change.
 *
 * <p>A call gets a token only if the call has read the same credential, endpoint and owner from
 * which the token was minted. This class is thread-safe.
 */
public final class MintedCredentials implements CacheListener, MintedStates, AutoCloseable {
  /** The maximum number of services for which the node remembers a token or a failure. */
  static final int MOST_SERVICES = 10_000;

  /**
   * When this many services are in memory, the node begins to remove services, so that there is
   * always room for a further service.
   */
  private static final int CROWDED = MOST_SERVICES / 10 * 9;

  /**
   * The maximum size of all tokens together, in bytes. The tokens for all services of one owner may
   * together take a quarter of this size.
   */
  static final long MOST_BYTES = 32L << 20;

  static final int MOST_WAITING = 4_096;
  static final int MOST_EXCHANGES = 256;
  private static final int SHORTEST = 8;
  private static final int LONGEST = 10_240;

  /** The result of an exchange that made a token. */
  private static final String MINTED = "minted";

  /**
   * All possible results of an exchange. The result is a token, or the error code with which calls
   * are refused.
   */
  public static final List<String> OUTCOMES =
      Stream.concat(Stream.of(MINTED), Stream.of(Reason.values()).map(Reason::code)).toList();

  private record Ended(CredentialKind kind, String outcome) {}

  /** The failure of an exchange that exceeded the time limit of exchanges. */
  public static final CredentialFailure LATE =
      CredentialFailure.here(
          Reason.UNAVAILABLE,
          "token",
          "There was no answer within 10 seconds.",
          Duration.ofSeconds(1));

  /**
   * The failure of a call that needs a token but is not allowed to wait for one, because too many
   * exchanges are running, or because too many calls already wait for exchanges.
   */
  public static final CredentialFailure BUSY =
      CredentialFailure.here(
          Reason.UNAVAILABLE,
          "token",
          "Too many calls wait for tokens at the moment.",
          Duration.ofSeconds(1));

  /**
   * The failure when this node can't mint tokens for a certain kind of credential, because the node
   * runs inside a Java program.
   */
  private static final CredentialFailure NO_MINTER =
      here(
          Reason.REFUSED,
          "kind",
          "Claviger makes no tokens in a Java program. Check or call this service through a node.");

  private final Map<CredentialKind, CredentialMinter> minters = new EnumMap<>(CredentialKind.class);
  private final BiFunction<CredentialBinding, User.Id, ServiceStatement> statements;
  private final Predicate<CredentialUse> current;
  private final Consumer<CredentialUse> unusable;
  private final SecretOpener secrets;
  private final Executor threads;
  private final LongSupplier nanos;
  private final InstantSource clock;
  private final Map<UUID, HeldToken> services = new ConcurrentHashMap<>();
  private final Map<Ended, LongAdder> ended = new ConcurrentHashMap<>();
  private final AtomicBoolean makingRoom = new AtomicBoolean();
  private final OwnersRoom waiting = new OwnersRoom(MOST_WAITING, MOST_WAITING / 2, 0);
  private final OwnersRoom exchanges =
      new OwnersRoom(MOST_EXCHANGES, MOST_EXCHANGES / 4, MOST_EXCHANGES / 4);

  /**
   * @param statements the function that returns the signer of statements about a service, as long
   *     as the service has the given credential and owner
   * @param current the function that asks the database whether the service would still use a token
   *     that was minted from the given data
   * @param unusable the function that records that a stored secret can't be opened; this function
   *     can block
   * @param threads the executor that runs each exchange on its own thread, and logs the failures of
   *     these threads
   */
  public MintedCredentials(
      Collection<? extends CredentialMinter> minters,
      BiFunction<CredentialBinding, User.Id, ServiceStatement> statements,
      Predicate<CredentialUse> current,
      Consumer<CredentialUse> unusable,
      Sealer sealer,
      Executor threads,
      LongSupplier nanos,
      InstantSource clock) {
    minters.forEach(minter -> this.minters.put(minter.kind(), minter));
    this.statements = statements;
    this.current = current;
    this.unusable = unusable;
    this.secrets = new SecretOpener(sealer);
    this.threads = threads;
    this.nanos = nanos;
    this.clock = clock;
  }

  /**
   * The state of a service's token on this node.
   *
   * @param expiresIn the remaining time for which the token is valid; empty if there is no token
   * @param lastError the reason why the last attempt failed; empty if the last attempt succeeded
   */
  public record CredentialState(
      Optional<Instant> mintedAt,
      Optional<Duration> expiresIn,
      Optional<CredentialFailure> lastError) {
    static final CredentialState NOTHING =
        new CredentialState(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Whether this node can mint tokens for the given kind of credential. */
  public boolean mints(CredentialKind kind) {
    return minters.containsKey(kind);
  }

  /** Returns the source from which calls to a service get its token. */
  public TokenSource source(CredentialUse use) {
    return new Source(use);
  }

  private final class Source implements TokenSource {
    private final CredentialUse use;

    Source(CredentialUse use) {
      this.use = use;
    }

    @Override
    public Answer ask(Waiter waiter) {
      return MintedCredentials.this.ask(use, waiter);
    }

    @Override
    public void rejected() {
      HeldToken held = services.get(use.service());
      if (held != null) {
        held.rejected(use, nanos.getAsLong());
      }
    }

    @Override
    public void doubted() {
      HeldToken held = services.get(use.service());
      if (held != null) {
        held.renewEarly(use, nanos.getAsLong());
      }
    }

    @Override
    public Optional<FederationProvider> federation() {
      return use.binding().settings().federationProvider();
    }
  }

  private Answer ask(CredentialUse use, Waiter waiter) {
    while (true) {
      HeldToken held = services.get(use.service());
      if (held == null) {
        int known = services.size();
        if (known >= CROWDED) {
          makeRoomSoon();
        }
        if (known >= MOST_SERVICES) {
          return new Answer.Failed(BUSY);
        }
        held = services.computeIfAbsent(use.service(), id -> new HeldToken(waiting, this::start));
      }
      Answer answer = held.ask(use, waiter, nanos.getAsLong());
      if (answer != null) {
        return answer;
      }
      services.remove(use.service(), held);
    }
  }

  /**
   * Removes services from memory on another thread, because calls run on event loops that must not
   * be delayed.
   */
  private void makeRoomSoon() {
    if (makingRoom.compareAndSet(false, true)) {
      boolean started = false;
      try {
        threads.execute(this::makeRoom);
        started = true;
      } catch (RejectedExecutionException stopping) {
        // The node is stopping and makes no more tokens.
      } finally {
        if (!started) {
          makingRoom.set(false);
        }
      }
    }
  }

  /**
   * Removes a fifth of the services from memory, beginning with the least recently called ones.
   * Services whose tokens are being made are kept.
   */
  private void makeRoom() {
    try {
      removeOld();
      long now = nanos.getAsLong();
      int tooMany = services.size() - MOST_SERVICES / 10 * 8;
      services.values().stream()
          .filter(HeldToken::isAtRest)
          .map(held -> new Idle(held, now - held.calledAt()))
          .sorted(Comparator.comparingLong(Idle::nanos).reversed())
          .limit(Math.max(0, tooMany))
          .forEach(idle -> idle.held.forget());
      removeIdle();
    } finally {
      makingRoom.set(false);
    }
  }

  /**
   * The time since a service was last called. The time is read only once, because calls change it
   * while services are sorted.
   */
  private record Idle(HeldToken held, long nanos) {}

  private static Optional<HeldToken> leastRecent(Stream<HeldToken> of) {
    return of.filter(held -> held.length() > 0).min(Comparator.comparingLong(HeldToken::calledAt));
  }

  private boolean start(Exchange exchange) {
    if (!exchanges.take(exchange.use.owner())) {
      return false;
    }
    boolean started = false;
    try {
      threads.execute(() -> run(exchange));
      started = true;
    } catch (RejectedExecutionException stopping) {
      // The call is refused, because no further call may wait for a token.
    } finally {
      if (!started) {
        exchanges.giveBack(exchange.use.owner(), 1);
      }
    }
    return started;
  }

  private void run(Exchange exchange) {
    try {
      exchange.runsOn(Thread.currentThread());
      mint(exchange);
    } catch (Throwable e) {
      fail(exchange, broken());
      throw e;
    } finally {
      exchanges.giveBack(exchange.use.owner(), 1);
    }
  }

  private void mint(Exchange exchange) {
    CredentialUse use = exchange.use;
    Optional<Secret> opened = use.stored().flatMap(secrets::open);
    Trial trial;
    try {
      trial =
          opened.isEmpty()
              ? Trial.failed(unopened(use))
              : asked(use.binding(), opened, use.owner(), use.systemLevel(), exchange.began);
    } finally {
      opened.ifPresent(Secret::close);
    }
    switch (trial) {
      case Trial.Useful useful -> {
        count(use, MINTED);
        makeRoom(exchange, useful.length());
        tell(
            exchange.of.minted(
                exchange,
                useful.token(),
                useful.length(),
                useful.lifetime(),
                useful.steps(),
                clock.instant()));
      }
      case Trial.Useless useless -> {
        count(use, useless.why().reason().code());
        fail(exchange, useless.why());
        if (useless.why().reason() == Reason.UNUSABLE) {
          unusable.accept(use);
        }
      }
    }
  }

  private void count(CredentialUse use, String outcome) {
    ended.computeIfAbsent(new Ended(use.kind(), outcome), unused -> new LongAdder()).increment();
  }

  /**
   * Returns how many exchanges for the given kind of credential have ended with the given result
   * since this node started.
   */
  public long exchanges(CredentialKind kind, String outcome) {
    LongAdder count = ended.get(new Ended(kind, outcome));
    return count == null ? 0 : count.sum();
  }

  /**
   * Returns the age of the oldest token that this node holds for the given kind of credential.
   * Empty if the node has no such token.
   */
  public Optional<Duration> oldest(CredentialKind kind) {
    long now = nanos.getAsLong();
    return services.values().stream()
        .flatMap(held -> held.age(kind, now).stream())
        .max(Comparator.naturalOrder());
  }

  /** The result of an attempt to get a token. */
  public sealed interface Trial {
    /**
     * @param token the token, which the receiver owns from now on
     * @param length the length of the token in bytes
     * @param steps the attempted steps in the order of the attempts
     */
    record Useful(Secret token, int length, TokenLifetime lifetime, List<CheckStep> steps)
        implements Trial {}

    record Useless(CredentialFailure why) implements Trial {}

    private static Trial failed(CredentialFailure why) {
      return new Useless(why);
    }
  }

  /**
   * Tries to get a token with a credential that is not stored yet. Blocks until the end of the
   * attempt. The token is not kept.
   *
   * @param secret the credential's secret, which the caller must close
   * @param owner the user who would own the service
   */
  public Trial tryOut(
      CredentialBinding binding, Optional<Secret> secret, User.Id owner, boolean systemLevel) {
    if (!exchanges.take(owner)) {
      return Trial.failed(BUSY);
    }
    try {
      return binding.settings().kind() == CredentialKind.FEDERATED
          ? Trial.failed(
              here(
                  Reason.UNAVAILABLE,
                  "statement",
                  "Statements are signed only about stored services. Save the service, then check"
                      + " it."))
          : asked(binding, secret, owner, systemLevel, nanos.getAsLong());
    } finally {
      exchanges.giveBack(owner, 1);
    }
  }

  private Trial asked(
      CredentialBinding binding,
      Optional<Secret> secret,
      User.Id owner,
      boolean systemLevel,
      long began) {
    CredentialKind kind = binding.settings().kind();
    CredentialMinter minter = minters.get(kind);
    if (minter == null) {
      return Trial.failed(NO_MINTER);
    }
    ServiceStatement statement = statements.apply(binding, owner);
    MintRequest request =
        new MintRequest(
            binding, secret.filter(stored -> kind.keepsSecret()), statement, owner, systemLevel);
    return switch (minter.mint(request)) {
      case Minted minted -> judged(minted, Duration.ofNanos(nanos.getAsLong() - began));
      case MintFailure failure ->
          Trial.failed(judged(CredentialFailure.of(failure, Duration.ZERO), statement));
    };
  }

  /**
   * If the key that signed the statement was revoked while the provider read the statement, returns
   * a failure after which calls soon try again. Without this failure, calls would be refused for a
   * minute, although the next statement is signed with another key.
   */
  private static CredentialFailure judged(CredentialFailure failure, ServiceStatement statement) {
    return failure.reason() == Reason.REFUSED && statement.isRevoked()
        ? new CredentialFailure(
            Reason.UNAVAILABLE,
            failure.step(),
            "The key of the issuer was revoked in the meantime: " + failure.detail(),
            failure.retryAfter(),
            failure.steps())
        : failure;
  }

  /**
   * Returns why a stored secret or confirmation can't be opened. A secret or confirmation is bound
   * to the service and its settings. A secret or confirmation can't be opened if the settings have
   * changed, if it was copied to another service, or if this node lacks the encryption key.
   */
  private CredentialFailure unopened(CredentialUse use) {
    if (use.stored().filter(secrets::lacksKeyOf).isPresent()) {
      return here(
          Reason.UNAVAILABLE,
          "secret",
          "This node of the gateway can't decrypt the stored secret of the service's credential.");
    }
    return use.kind().isConfirmed()
        ? here(
            Reason.UNCONFIRMED,
            "confirmation",
            "The service's owner has not confirmed the service's current endpoint and settings.")
        : here(
            Reason.UNUSABLE,
            "secret",
            "The stored secret can't be opened. It has to be set again.");
  }

  private static CredentialFailure here(Reason reason, String step, String detail) {
    return CredentialFailure.here(reason, step, detail, Duration.ZERO);
  }

  private static CredentialFailure broken() {
    return here(Reason.UNAVAILABLE, "token", "The gateway failed. Its log says why.");
  }

  /**
   * @param age the time since the token was requested
   */
  private static Trial judged(Minted minted, Duration age) {
    TokenLifetime lifetime = new TokenLifetime(minted.lifetime());
    int length = minted.token().lend(MintedCredentials::length);
    Optional<String> fault =
        length == 0
            ? Optional.of("The token is not a text of 8 to 10,240 visible ASCII characters.")
            : lifetime.fault(age);
    if (fault.isEmpty()) {
      return new Trial.Useful(minted.token(), length, lifetime, minted.steps());
    }
    minted.token().close();
    List<CheckStep> steps = new ArrayList<>(minted.steps());
    steps.add(new CheckStep("token", false, fault.get()));
    // The token server might answer the next exchange more quickly. More of the token's lifetime is
    // then left when the token arrives.
    boolean tooSlow = length > 0 && lifetime.fault().isEmpty();
    Reason reason = tooSlow ? Reason.UNAVAILABLE : Reason.REFUSED;
    return Trial.failed(new CredentialFailure(reason, "token", fault.get(), Duration.ZERO, steps));
  }

  /** Returns the length of a token in bytes; 0 if the token can't be sent in a header. */
  private static int length(byte[] token) {
    boolean visible = token.length >= SHORTEST && token.length <= LONGEST;
    for (byte b : token) {
      visible &= b > 0x20 && b < 0x7f;
    }
    return visible ? token.length : 0;
  }

  /** Wipes the least recently used tokens until there is room for the new token. */
  private void makeRoom(Exchange exchange, int length) {
    while (bytes(held -> held.isOf(exchange.use.owner())) + length > MOST_BYTES / 4) {
      leastRecent(services.values().stream().filter(held -> held.isOf(exchange.use.owner())))
          .ifPresent(HeldToken::wipe);
    }
    while (bytes(held -> true) + length > MOST_BYTES) {
      leastRecent(services.values().stream()).ifPresent(HeldToken::wipe);
    }
  }

  private long bytes(Predicate<HeldToken> of) {
    return services.values().stream().filter(of).mapToLong(HeldToken::length).sum();
  }

  private void fail(Exchange exchange, CredentialFailure why) {
    tell(exchange.of.failed(exchange, why, nanos.getAsLong()));
  }

  private static void tell(List<Runnable> all) {
    all.forEach(Runnable::run);
  }

  /**
   * Returns what this node knows about a service's token.
   *
   * @param service the service with its current settings; if the token was minted from earlier
   *     settings, the token's state is not returned
   * @param setAt when the service's secret or confirmation was stored
   */
  public CredentialState state(KeyedInstance service, Optional<Instant> setAt) {
    HeldToken held = services.get(service.id().value());
    return held == null ? CredentialState.NOTHING : held.state(service, setAt, nanos.getAsLong());
  }

  @Override
  public MintedState of(Instance service) {
    CredentialState now = state(service, service.apiKeySetAt());
    return new MintedState(
        now.mintedAt(),
        now.expiresIn().map(left -> clock.instant().plus(left)),
        now.lastError().map(why -> why.step() + ": " + why.detail()));
  }

  /**
   * Returns the services whose tokens could not be made in the last ten minutes, with the reasons.
   * A service is left out if this node makes no tokens for the service's kind of credential,
   * because other nodes might make such tokens.
   */
  public Map<Instance.Id, String> failing() {
    long now = nanos.getAsLong();
    Map<Instance.Id, String> failing = new HashMap<>();
    services.forEach(
        (id, held) ->
            held.failing(now)
                .filter(why -> !why.step().equals(NO_MINTER.step()))
                .ifPresent(
                    why -> failing.put(new Instance.Id(id), why.step() + ": " + why.detail())));
    return failing;
  }

  /**
   * Whether the node has a token for any service. A node with a token must learn quickly about
   * changes of services.
   */
  public boolean holdsTokens() {
    return services.values().stream().anyMatch(held -> held.length() > 0);
  }

  /**
   * Renews tokens that are due, and ends exchanges that take too long. Wipes expired tokens. Also
   * wipes the tokens of services that were disabled or deleted, or whose credential, endpoint or
   * owner has changed.
   *
   * @throws StoreUnavailable when the database does not answer; the next sweep checks the tokens
   *     that this sweep could not check
   * @throws RuntimeException if the token of a service could not be checked although the database
   *     is available; the tokens of all other services were checked
   */
  public void sweep() {
    removeOld();
    SubjectFailures failures = new SubjectFailures();
    services.values().forEach(held -> failures.collect(() -> settleDoubt(held)));
    failures.throwFirst();
  }

  private void settleDoubt(HeldToken held) {
    held.takeDoubt()
        .ifPresent(
            use -> {
              try {
                if (!current.test(use)) {
                  held.forget(use);
                }
              } catch (RuntimeException e) {
                held.doubt();
                throw e;
              }
            });
  }

  private void removeOld() {
    services.values().forEach(held -> tell(held.sweep(nanos.getAsLong())));
    removeIdle();
  }

  private void removeIdle() {
    long now = nanos.getAsLong();
    services.values().removeIf(held -> held.endIfIdle(now));
  }

  /**
   * Marks the tokens of changed services as in doubt. A call gets such a token only if the data
   * that the call found in the database are the data from which the token was minted. The next
   * sweep wipes a token in doubt if calls are no longer allowed to get the token.
   */
  @Override
  public void changed(Set<UUID> subjects) {
    subjects.forEach(
        id -> {
          HeldToken held = services.get(id);
          if (held != null) {
            held.doubt();
          }
        });
  }

  /**
   * Marks all tokens as in doubt. The tokens are not wiped immediately, because each service would
   * then need a new exchange, although hardly any service has changed. This method is also called
   * after changes of API standards and providers. When this method is called, the node might
   * already have minted tokens from the changed data.
   */
  @Override
  public void everythingChanged() {
    services.values().forEach(HeldToken::doubt);
  }

  /** Wipes all tokens. */
  @Override
  public void close() {
    services.values().forEach(held -> tell(held.end()));
    services.clear();
  }
}
