package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.routing.ModelRouting.RoutedTarget;
import io.claviger.domain.instances.Instance;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.head.ParsedCall;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The services from which one list has objects. Each is authorized separately, when it is known
 * that the list has something of it. Confined to the event loop of the call.
 */
final class ListedServices implements ObjectListing.Sources {
  private final GatewayCall call;
  private final CallParts parts;
  private final RoutedCall routed;
  private final String path;
  private final Map<Instance.Id, RoutedTarget> targets;
  private final Map<Instance.Id, ObjectListing.Source> open = new HashMap<>();

  /**
   * @param path of the list, below the service
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

  @Override
  public void open(
      Collection<Instance.Id> services, Consumer<Map<Instance.Id, ObjectListing.Source>> then) {
    new Opening(new ArrayDeque<>(services), then).next();
  }

  /** Authorizes one service after the other. */
  private final class Opening {
    private final Deque<Instance.Id> left;
    private final Consumer<Map<Instance.Id, ObjectListing.Source>> then;

    Opening(Deque<Instance.Id> left, Consumer<Map<Instance.Id, ObjectListing.Source>> then) {
      this.left = left;
      this.then = then;
    }

    void next() {
      if (left.isEmpty()) {
        then.accept(open);
        return;
      }
      Instance.Id service = left.removeFirst();
      CallAuthorizer authorizer =
          routed.authorizer(Objects.requireNonNull(targets.get(service)).callTarget(), path);
      authorizer.ask(new Authorizing(this, service, authorizer));
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
        case AuthorizationOutcome.Authorized whole -> {
          add(service, whole.call(), authorizer);
          opening.next();
        }
        case AuthorizationOutcome.Admitted admitted ->
            throw new IllegalStateException("lists are authorized as a whole");
        case AuthorizationOutcome.Refused refused ->
            call.fail(parts.permission().refused(refused, authorizer));
      }
    }

    @Override
    void drop(AuthorizationOutcome late) {
      late.close();
    }
  }

  @Override
  public void close() {
    open.values().forEach(source -> source.authorized().close());
    open.clear();
  }
}
