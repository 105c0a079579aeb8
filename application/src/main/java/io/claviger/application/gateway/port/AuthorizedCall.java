package io.claviger.application.gateway.port;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.credentials.TokenSource;
import io.claviger.application.usage.ChargePolicy;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.instances.ConnectionTerms;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.requests.LendableUse;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Everything that is needed to make a call. This object holds the call's unencrypted secrets and
 * its reservations while the call runs. This object is closed at the end of the call.
 *
 * @param basis the basis of the authorization
 * @param secrets the unencrypted secrets, opened only for this call
 * @param readsUse whether the possible use of budgets and limits depends on the request body
 * @param spending the reservation in the call's budgets; nothing is reserved before the call is
 *     permitted
 * @param isCounted whether the call was counted against its limits; if not, the call has to be
 *     authorized again before it is sent
 */
public record AuthorizedCall(
    Terms terms,
    AuthorizationBasis basis,
    Secrets secrets,
    boolean readsUse,
    CallSpending spending,
    boolean isCounted)
    implements AutoCloseable {

  /** Creates a call that was counted against its limits. */
  public AuthorizedCall(
      Terms terms,
      AuthorizationBasis basis,
      Secrets secrets,
      boolean readsUse,
      CallSpending spending) {
    this(terms, basis, secrets, readsUse, spending, true);
  }

  /** Returns a call that is charged to nobody and needs no isolation from other users' calls. */
  public static AuthorizedCall ofNobody(Terms terms, AuthorizationBasis basis, Secrets secrets) {
    return new AuthorizedCall(terms, basis, secrets, false, CallSpending.NONE);
  }

  /** Returns this call, marked as not yet counted against its limits. */
  public AuthorizedCall uncounted() {
    return new AuthorizedCall(terms, basis, secrets, readsUse, spending, false);
  }

  /** Returns this call, counted against its limits, with the given reservation in its budgets. */
  public AuthorizedCall with(boolean bodyMatters, CallSpending reserved) {
    return new AuthorizedCall(terms, basis, secrets, bodyMatters, reserved);
  }

  /** Returns this call, except that it may store nothing at the provider if it uses a lent key. */
  public AuthorizedCall storingNothing() {
    return new AuthorizedCall(
        terms, basis.storingNothing(), secrets, readsUse, spending, isCounted);
  }

  /**
   * Returns this call with the token to send. From then on, the result must be used in place of
   * this object. The token of this object is wiped.
   *
   * @param copy the copy of the token that the call owns from now on
   */
  public AuthorizedCall withToken(Secret copy) {
    key().ifPresent(Secret::close);
    return with(secrets.withKey(copy));
  }

  /**
   * Blocks until the token was made or could not be made. From then on, the result must be used in
   * place of this object.
   *
   * @return the call with its token; empty if no token could be made, in which case this call has
   *     been closed
   */
  public Optional<AuthorizedCall> awaitingToken() {
    return awaitingToken(TokenSource.MOST);
  }

  /**
   * Does the same as {@link #awaitingToken()}, but stops waiting after the given time, as if no
   * token could be made.
   */
  public Optional<AuthorizedCall> awaitingToken(Duration atMost) {
    return token().isEmpty() ? Optional.of(this) : answered(token().get().await(atMost));
  }

  /** Does the same as {@link #awaitingToken()}, but without blocking. */
  public CompletableFuture<Optional<AuthorizedCall>> requestingToken() {
    return token().isEmpty()
        ? CompletableFuture.completedFuture(Optional.of(this))
        : token().get().request().thenApply(this::answered);
  }

  private Optional<AuthorizedCall> answered(TokenSource.Answer answer) {
    if (answer instanceof TokenSource.Answer.Token minted) {
      return Optional.of(withToken(minted.copy()));
    }
    close();
    return Optional.empty();
  }

  /**
   * Returns this call, marked as a call that opens a WebSocket. From then on, the result must be
   * used in place of this object.
   */
  public AuthorizedCall asConnection() {
    return new AuthorizedCall(terms, basis.ofConnection(), secrets, readsUse, spending, isCounted);
  }

  /** Returns this call as a call that gets its token from the given source. */
  public AuthorizedCall minting(TokenSource from) {
    return with(secrets.minting(from));
  }

  private AuthorizedCall with(Secrets other) {
    return new AuthorizedCall(terms, basis, other, readsUse, spending, isCounted);
  }

  /**
   * Checks that the call has its token if it needs a token. All code that writes requests calls
   * this method first, so that no call is sent without its credential.
   *
   * @throws IllegalStateException if the token is missing
   */
  public void demandToken() {
    if (token().isPresent() && key().isEmpty()) {
      throw new IllegalStateException("the call has no token yet");
    }
  }

  /**
   * Returns where requests carry the key. A minted token is always sent as a bearer token, even if
   * the API standard places keys elsewhere.
   */
  public KeyPlacement placement() {
    return token().isPresent() ? KeyPlacement.BEARER : standard().placement();
  }

  /** Whether the key is sent as a field of a form in the body. */
  public boolean hasKeyInForm() {
    return key().isPresent() && placement().method() == KeyMethod.BODY_FORM;
  }

  /**
   * Whether the body decides if the call is permitted, or decides how much use is reserved for the
   * call.
   */
  public boolean isDecidedByBody() {
    return readsUse || models().isPresent();
  }

  /**
   * Whether the call has to be authorized again before it is sent, because it has not been counted
   * yet, or because the decision depends on its body.
   */
  public boolean isDecidedLater() {
    return !isCounted || isDecidedByBody();
  }

  /** Returns the provider of the called API, according to the service's settings. */
  public Provider provider() {
    return basis.charging().provider();
  }

  /**
   * Returns those bounds of a request, such as the maximum output, that the provider is known to
   * obey.
   */
  public ObeyedCaps caps() {
    return provider().caps(endpoint());
  }

  /** Returns the owner of the service, which is {@code _system} for a system-level service. */
  public User.Id owner() {
    return basis.account().owner();
  }

  /**
   * Whether the caller is allowed to know how much of the provider account's rate limits is left.
   * The caller is allowed to know this only if the call uses the caller's own key, or if the caller
   * owns the service.
   */
  public boolean showsRates() {
    return isolation().isEmpty()
        || basis.account().user().equals(owner())
        || isolation().get().showsRates();
  }

  /**
   * Whether the call counts against limits for as long as the provider works on it. The limits in
   * question are the limits on concurrent calls, and those limits of the provider's account that
   * depend on the duration of calls or on the tokens of answers. A call that counts against such
   * limits has to end when the provider's work ends.
   */
  public boolean countsWork() {
    return !basis.connection().atATime().isEmpty()
        || terms.capacity().filter(of -> of.stated().countWork()).isPresent();
  }

  /**
   * Returns the id under which a node counts the objects that it keeps in memory for the caller.
   * The result is the id of the caller or, for a service account, of the responsible user or group.
   */
  public UUID countedAs() {
    return terms.responsible().orElse(basis.account().user().value());
  }

  public String service() {
    return terms.service();
  }

  public CallableStandard standard() {
    return terms.standard();
  }

  public Timeout timeout() {
    return terms.timeout();
  }

  public KeySource source() {
    return basis.source();
  }

  public Endpoint endpoint() {
    return basis.destination().endpoint();
  }

  public Optional<Organization> organization() {
    return basis.organization();
  }

  public Optional<Set<ModelPattern>> models() {
    return basis.models();
  }

  /**
   * Returns the rules that isolate the call from other users' calls with the same key; empty if the
   * caller's own key is used.
   */
  public Optional<Isolation> isolation() {
    return basis.isolation();
  }

  public Optional<Secret> key() {
    return secrets.key();
  }

  public CustomHeaders headers() {
    return secrets.headers();
  }

  public Optional<CallerNames> names() {
    return secrets.names();
  }

  public Optional<TokenSource> token() {
    return secrets.token();
  }

  @Override
  public void close() {
    try (spending) {
      secrets.close();
    }
  }

  /**
   * The data that all calls of the caller to this service have in common.
   *
   * @param service the name by which this caller knows the service: {@code owner/handle} of the
   *     service, or of the project if a member of the project can't see the service
   * @param systemLevel whether the service may reach private addresses
   * @param streamsUsage whether streamed answers state their usage if the request asks for the
   *     usage
   * @param lendable the rights that a share could still give the caller after limits have refused a
   *     call
   * @param capacity the rules by which calls of different users take turns; empty if the caller's
   *     own key is used
   * @param responsible the user or group who is responsible for the caller; empty if the caller is
   *     no service account
   */
  public record Terms(
      String service,
      CallableStandard standard,
      Timeout timeout,
      boolean systemLevel,
      boolean streamsUsage,
      Optional<LendableUse> lendable,
      Optional<CapacityTerms> capacity,
      Optional<UUID> responsible) {
    /**
     * Creates the terms of a call that does not take turns with other users' calls, and counts
     * against no share or budget.
     */
    public Terms(String service, CallableStandard standard, Timeout timeout, boolean systemLevel) {
      this(
          service,
          standard,
          timeout,
          systemLevel,
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    /**
     * Returns a copy of these terms for a call that does not take turns with other users' calls.
     */
    public Terms withoutTurns() {
      return new Terms(
          service,
          standard,
          timeout,
          systemLevel,
          streamsUsage,
          lendable,
          Optional.empty(),
          responsible);
    }
  }

  /**
   * The decrypted secrets of a call, which are wiped at the end of the call.
   *
   * @param key the key to send; empty if the service needs no key, or if the call still needs its
   *     token
   * @param names the pseudonyms that distinguish the caller from other callers at the provider;
   *     empty if the caller's own key is used
   * @param token the source of the token that is sent in place of a key; empty if a stored key is
   *     sent directly
   */
  public record Secrets(
      Optional<Secret> key,
      CustomHeaders headers,
      Optional<CallerNames> names,
      Optional<TokenSource> token)
      implements AutoCloseable {

    private Secrets withKey(Secret other) {
      return new Secrets(Optional.of(other), headers, names, token);
    }

    private Secrets minting(TokenSource from) {
      return new Secrets(key, headers, names, Optional.of(from));
    }

    @Override
    public void close() {
      key.ifPresent(Secret::close);
      headers.close();
      names.ifPresent(CallerNames::close);
    }
  }

  /**
   * The basis of a call's authorization.
   *
   * @param account the account that is charged for the usage
   * @param keySetAt the time at which the key in use was stored; a reencryption does not change
   *     this time; empty if no stored key is used
   * @param standard the API standard of the call
   * @param headersVersion the version of the custom header values. A reencryption does not change
   *     this version
   * @param models the models that may be requested; if empty, all models may be requested
   * @param charging the rules by which calls are charged
   * @param isolation the rules that isolate calls from other users' calls with the same key; empty
   *     if the caller's own key is used
   */
  public record AuthorizationBasis(
      UsageAccount account,
      KeySource source,
      Destination destination,
      Optional<Instant> keySetAt,
      Handle standard,
      Optional<Organization> organization,
      long headersVersion,
      Optional<Set<ModelPattern>> models,
      ChargePolicy charging,
      ConnectionBasis connection,
      Optional<Isolation> isolation) {
    private AuthorizationBasis ofConnection() {
      return with(connection.open(), isolation.map(Isolation::storingNothing));
    }

    /** Returns the basis of a call that stores nothing at the provider with a lent key. */
    public AuthorizationBasis storingNothing() {
      return with(connection, isolation.map(Isolation::storingNothing));
    }

    /** Returns the basis of a call that creates no batch. */
    public AuthorizationBasis batchingNothing() {
      return with(connection, isolation.map(Isolation::batchingNothing));
    }

    /** Returns the basis of a call that needs no isolation, because no caller makes it. */
    public AuthorizationBasis ofNobody() {
      return with(connection, Optional.empty());
    }

    private AuthorizationBasis with(ConnectionBasis others, Optional<Isolation> apart) {
      return new AuthorizationBasis(
          account,
          source,
          destination,
          keySetAt,
          standard,
          organization,
          headersVersion,
          models,
          charging,
          others,
          apart);
    }

    /**
     * Whether a call that began on this basis may continue on a later basis. The call may continue
     * if the destination, account, key, headers and organization are unchanged, and all models that
     * the call might have requested, and all objects that the call might use, are still allowed.
     * For a WebSocket, the conditions of {@link ConnectionBasis} must be met too.
     */
    public boolean stillHoldsUnder(AuthorizationBasis now) {
      return account.equals(now.account)
          && source == now.source
          && destination.equals(now.destination)
          && keySetAt.equals(now.keySetAt)
          && standard.equals(now.standard)
          && organization.equals(now.organization)
          && headersVersion == now.headersVersion
          && connection.stillHoldsUnder(now.connection)
          && (isolation.isEmpty() || now.isolation.filter(isolation.get()::isWithin).isPresent())
          && (now.models.isEmpty()
              || (models.isPresent() && ModelPattern.cover(now.models.get(), models.get())));
    }

    /**
     * Whether a request that was read and checked on this basis, and whose objects were checked,
     * may be sent on a later basis without being read again.
     */
    public boolean isCheckedFor(AuthorizationBasis now) {
      return isolation.isEmpty()
          ? now.isolation.isEmpty()
          : now.isolation.filter(isolation.get()::isCheckedFor).isPresent();
    }
  }

  /**
   * The conditions that a WebSocket must meet in addition to those of every other call.
   *
   * @param terms the terms of the service's WebSockets
   * @param atATime the limits on concurrent calls; a WebSocket keeps a place in each of these
   *     limits
   * @param isOpen whether the call opens a WebSocket; if so, the call ends when the terms change,
   *     or when a limit on concurrent calls is added or lowered
   */
  public record ConnectionBasis(ConnectionTerms terms, List<PaceMeter> atATime, boolean isOpen) {
    /** The basis of calls to a service that has no settings for WebSockets. */
    public static final ConnectionBasis USUAL =
        new ConnectionBasis(ConnectionTerms.USUAL, List.of(), false);

    private ConnectionBasis open() {
      return new ConnectionBasis(terms, atATime, true);
    }

    /**
     * Whether a WebSocket may continue. The terms must be unchanged, and the WebSocket must have a
     * place in each limit on concurrent calls. The WebSocket has no place in a limit that was added
     * or lowered after the WebSocket was opened.
     */
    private boolean stillHoldsUnder(ConnectionBasis now) {
      return !isOpen || (terms.equals(now.terms) && hasPlaceUnder(now));
    }

    private boolean hasPlaceUnder(ConnectionBasis now) {
      return now.atATime.stream()
          .allMatch(
              limit ->
                  atATime.stream()
                      .anyMatch(
                          taken ->
                              taken.subject().equals(limit.subject())
                                  && taken.most() <= limit.most()));
    }
  }
}
