package io.claviger.gateway.relay;

import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.routing.ModelRouting.RoutedTarget;
import io.claviger.domain.instances.Instance;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CredentialErrors;
import io.claviger.gateway.head.ParsedCall;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The services whose objects one list shows. Each service is authorized separately, as soon as the
 * gateway knows that the list has objects of the service. Only used on the event loop of the call.
 */
final class ListedServices implements ObjectListing.Sources {
  private final GatewayCall call;
  private final CallParts parts;
  private final RoutedCall routed;
  private final String path;
  private final Map<Instance.Id, RoutedTarget> targets;
  private final Map<Instance.Id, ObjectListing.Source> open = new HashMap<>();

  /** For each service whose token this call waits for, the permission to call the service. */
  private final Map<Instance.Id, Tokenless> minting = new LinkedHashMap<>();

  /** The timer that ends the wait for tokens; null while the call does not wait for tokens. */
  private @Nullable Future<?> deadline;

  /**
   * @param path the path of the list, after the name of the service or project
   */
  ListedServices(
      GatewayCall call,
      CallParts parts,
      RoutedCall routed,
      String path,
      Map<Instance.Id, RoutedTarget> targets) {
    this.call = call;
    this.parts = parts;
    this.routed = routed;
    this.path = path;
    this.targets = targets;
  }

  private record Tokenless(AuthorizedCall given, CallAuthorizer authorizer) {}

  @Override
  public void open(
      Collection<Instance.Id> services, Duration most, Consumer<ObjectListing.Opened> then) {
    new Opening(new ArrayDeque<>(services), most, then).next();
  }

  @Override
  public String name(Instance.Id service) {
    return target(service).name();
  }

  private CallTarget target(Instance.Id service) {
    return Objects.requireNonNull(targets.get(service)).callTarget();
  }

  /** Authorizes the services, one after the other, and then waits for all tokens together. */
  private final class Opening {
    private final Deque<Instance.Id> left;
    private final Duration most;
    private final Consumer<ObjectListing.Opened> then;
    private final Map<Instance.Id, Supplier<CallError>> refused = new LinkedHashMap<>();

    private CallPhase before = CallPhase.CONNECTING;

    Opening(Deque<Instance.Id> left, Duration most, Consumer<ObjectListing.Opened> then) {
      this.left = left;
      this.most = most;
      this.then = then;
    }

    void next() {
      if (left.isEmpty()) {
        askForTokens();
        return;
      }
      Instance.Id service = left.removeFirst();
      CallAuthorizer authorizer = routed.authorizer(target(service), path);
      authorizer.ask(new Authorizing(this, service, authorizer));
    }

    private void askForTokens() {
      before = call.phase();
      if (minting.isEmpty()) {
        goOn();
        return;
      }
      call.enter(CallPhase.MINTING);
      deadline = call.schedule(this::late, most);
      Map.copyOf(minting).forEach(this::askForToken);
    }

    private void askForToken(Instance.Id service, Tokenless asking) {
      call.askForToken(
          asking.given().token().orElseThrow(),
          token -> {
            minting.remove(service);
            add(service, asking.given().withToken(token), asking.authorizer());
            decided();
          },
          why -> {
            minting.remove(service);
            refuse(service, asking, why);
            decided();
          });
    }

    private void refuse(Instance.Id service, Tokenless asking, CallError why) {
      asking.given().close();
      refused.put(service, () -> why);
    }

    private void decided() {
      if (minting.isEmpty()) {
        goOn();
      }
    }

    /** Continues without the services that have no token yet. */
    private void late() {
      if (!minting.isEmpty()) {
        call.leaveTokens();
        CallError late = CredentialErrors.of(MintedCredentials.LATE);
        minting.forEach((service, asking) -> refuse(service, asking, late));
        minting.clear();
        goOn();
      }
    }

    private void goOn() {
      stopWaiting();
      call.enter(before);
      then.accept(new ObjectListing.Opened(open, refused));
    }
  }

  private void stopWaiting() {
    if (deadline != null) {
      boolean unused = deadline.cancel(false);
      deadline = null;
    }
  }

  private void add(Instance.Id service, AuthorizedCall given, CallAuthorizer authorizer) {
    ParsedCall parsed = authorizer.parsed();
    String listed = parsed.path(parts.requested().head(), given.standard());
    ObjectListing.Source before =
        open.put(
            service,
            new ObjectListing.Source(
                given,
                authorizer,
                listed,
                parsed.credential().asBearer(),
                OwnAddresses.of(
                    given,
                    parsed,
                    parts.requested().method(),
                    listed,
                    parts.environment().authorization().uploads(),
                    parts.caller().channel().alloc())));
    if (before != null) {
      before.authorized().close();
    }
  }

  private final class Authorizing extends CallStep<AuthorizationOutcome> {
    private final Opening opening;
    private final Instance.Id service;
    private final CallAuthorizer authorizer;

    Authorizing(Opening opening, Instance.Id service, CallAuthorizer authorizer) {
      super(call);
      this.opening = opening;
      this.service = service;
      this.authorizer = authorizer;
    }

    @Override
    void next(AuthorizationOutcome outcome) {
      switch (outcome) {
        case AuthorizationOutcome.Authorized whole -> authorized(whole.call());
        case AuthorizationOutcome.Admitted admitted ->
            throw new IllegalStateException(
                "a list must be authorized completely, not only by its head");
        case AuthorizationOutcome.Refused refused -> {
          opening.refused.put(service, () -> parts.permission().refused(refused, authorizer));
          opening.next();
        }
      }
    }

    private void authorized(AuthorizedCall given) {
      if (given.token().isEmpty()) {
        add(service, given, authorizer);
      } else {
        minting.put(service, new Tokenless(given, authorizer));
      }
      opening.next();
    }

    @Override
    void drop(AuthorizationOutcome late) {
      late.close();
    }
  }

  @Override
  public void close() {
    stopWaiting();
    minting.values().forEach(asking -> asking.given().close());
    minting.clear();
    open.values().forEach(source -> source.authorized().close());
    open.clear();
  }
}
