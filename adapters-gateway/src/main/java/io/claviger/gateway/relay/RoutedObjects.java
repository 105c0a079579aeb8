package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallTarget;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.port.ObjectLedger.Wanted;
import io.claviger.application.routing.ModelRouting.RoutedTarget;
import io.claviger.application.routing.ModelRouting.RoutingDecision.Storing;
import io.claviger.application.routing.ModelRouting.RoutingQuestion;
import io.claviger.domain.formats.ModelPath;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ObjectOperation.Effect;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.routing.ObjectRouter.Choice;
import io.claviger.domain.routing.ObjectRouter.ListSource;
import io.claviger.domain.routing.ObjectRouter.StoringService;
import io.claviger.domain.routing.ObjectRouter.Whereabouts;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.OperationRefusal;
import io.claviger.gateway.errors.ReferenceErrors;
import io.claviger.gateway.head.QueryFilter;
import io.claviger.gateway.model.HeldRequest;
import io.netty.handler.codec.http.HttpRequest;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Handles stored objects in a call whose URL names no service. The service that has the objects
 * gets the call. New objects are created in the service that the caller chose. Only used on the
 * event loop of the call.
 */
final class RoutedObjects {
  private final RoutedCall routed;
  private final GatewayCall call;
  private final CallParts parts;
  private final WireFormat format;
  private final HttpRequest request;

  /** The call's operation and path; null if the call requests a model. */
  private final @Nullable Called called;

  /**
   * @param path the path after the name of the service or project
   */
  private record Called(ObjectOperation operation, String path) {}

  private RoutedObjects(
      RoutedCall routed,
      GatewayCall call,
      CallParts parts,
      WireFormat format,
      @Nullable Called called) {
    this.routed = routed;
    this.call = call;
    this.parts = parts;
    this.format = format;
    this.request = parts.requested().head();
    this.called = called;
  }

  /**
   * For a call that requests a model, creates the part that finds the objects to which the call
   * refers.
   */
  RoutedObjects(RoutedCall routed, GatewayCall call, CallParts parts, WireFormat format) {
    this(routed, call, parts, format, null);
  }

  /**
   * For a call that concerns only stored objects, returns the part that finds these objects; null
   * if the call requests a model.
   *
   * @param operation the path of the operation, in the form that services with the call's format
   *     expect
   * @param relativePath the path after the base URL
   */
  static @Nullable RoutedObjects ifCalled(
      RoutedCall routed,
      GatewayCall call,
      CallParts parts,
      WireFormat format,
      String operation,
      String relativePath) {
    String method = parts.requested().method();
    ProviderApi api = format.api();
    if (api.lends(method, operation)) {
      return null;
    }
    // The name of a model can contain slashes, which the patterns of paths do not allow.
    Optional<ModelPath> model = api.modelPath(operation);
    String plain = model.map(path -> path.with("m")).orElse(relativePath);
    String path = api.objectPath(method, plain).orElse(null);
    return path == null
        ? null
        : new RoutedObjects(
            routed,
            call,
            parts,
            format,
            new Called(
                api.storage().find(method, path).orElseThrow(),
                model.isPresent() ? operation : path));
  }

  /** The maximum size of the body, in bytes; this maximum depends on the head of the request. */
  long mostBytes() {
    return parts.environment().bodySizes().most(called().operation().uploads());
  }

  /** Whether the call creates a batch from a previously uploaded file. */
  boolean makesBatchOfFile() {
    return called != null
        && called.operation().makesBatch()
        && called.operation().batch().isEmpty();
  }

  /** The path after the name of the service or project. */
  String path() {
    return called().path();
  }

  private Called called() {
    return Objects.requireNonNull(called);
  }

  /**
   * Finds the service. Called when the caller is known.
   *
   * @param who the id of the user or account whose limit on memory applies
   * @throws CallRefused if the body can't be buffered
   */
  void begin(UUID who) {
    if (called().operation().effect() == Effect.LIST) {
      routed.ask(new RoutingQuestion.Storage(), this::list);
    } else if (called().operation().batch().isPresent()) {
      makeBatch();
    } else if (isHeld()) {
      routed.hold(new HeldRequest(request, format, called().path(), Optional.empty()), null, who);
    } else {
      choose(List.of());
    }
  }

  /**
   * Creates a batch from the requests in the body. The body is read only after the service is
   * known.
   */
  private void makeBatch() {
    ModelPath model = format.api().modelPath(called().path()).orElse(null);
    if (model == null) {
      choose(List.of());
    } else {
      routed.askForModel(
          model.model(), target -> goTo(target.callTarget(), model.with(target.model())));
    }
  }

  /**
   * Whether the body might refer to objects and is read before the service is known. A body with
   * models is read later, according to the rules of the service.
   */
  private boolean isHeld() {
    ObjectOperation operation = called().operation();
    return operation.batch().isEmpty() && !operation.asksForModel() && HeldRequest.isJson(request);
  }

  /** Called after the complete body has been read. */
  void bodyRead() {
    choose(parts.body().buffer().body().found());
  }

  private void choose(List<ObjectReference> references) {
    Optional<Set<ObjectName>> names = names(references);
    if (names.isEmpty()) {
      call.fail(ReferenceErrors.NOT_FOUND);
      return;
    }
    locate(names.get(), this::chosen);
  }

  /** The objects in the request; empty if the path contains an impossible id. */
  private Optional<Set<ObjectName>> names(List<ObjectReference> references) {
    Set<ObjectName> names = named(format, references);
    if (!called().operation().namesObject()) {
      return Optional.of(names);
    }
    return called()
        .operation()
        .idsIn(called().path())
        .map(
            ids -> {
              names.add(new ObjectName(called().operation().kind(), ids.getFirst()));
              return names;
            });
  }

  /**
   * Returns the objects at the provider that a body refers to. References that can't be ids of
   * objects are ignored.
   */
  static Set<ObjectName> named(WireFormat format, List<ObjectReference> references) {
    Set<ObjectName> names = new LinkedHashSet<>();
    for (ObjectReference each : references) {
      format
          .api()
          .objectId(each.kind(), each.id())
          .filter(ObjectName::isId)
          .ifPresent(id -> names.add(new ObjectName(each.kind(), id)));
    }
    return names;
  }

  /** The services that have the objects of a request. */
  record Located(Storing storing, Choice choice) {}

  /**
   * Finds the service that has the objects.
   *
   * @param then an action that receives the service; it is not called if several services have the
   *     objects
   */
  void locate(Set<ObjectName> names, Consumer<Located> then) {
    routed.ask(
        new RoutingQuestion.Storage(),
        storing -> {
          if (names.isEmpty()) {
            then.accept(new Located(storing, new Choice.None()));
            return;
          }
          HeldObjects ledger = parts.environment().objects();
          parts.askInTime(
              Optional::empty,
              () -> ledger.find(storing.seeker(), storing.targets().keySet(), names),
              new Locating(storing, names, then));
        });
  }

  private final class Locating extends CallStep<Whereabouts> {
    private final Storing storing;
    private final Set<ObjectName> names;
    private final Consumer<Located> then;

    Locating(Storing storing, Set<ObjectName> names, Consumer<Located> then) {
      super(call);
      this.storing = storing;
      this.names = names;
      this.then = then;
    }

    @Override
    void next(Whereabouts where) {
      Choice choice = storing.router().having(names, where);
      if (choice instanceof Choice.Several several) {
        call.fail(ReferenceErrors.inSeveralServices(several.names()));
      } else {
        then.accept(new Located(storing, choice));
      }
    }
  }

  private void chosen(Located located) {
    ObjectOperation operation = called().operation();
    Choice choice =
        located.choice() instanceof Choice.None
            ? located.storing().router().making(operation.kind())
            : located.choice();
    switch (choice) {
      case Choice.One(StoringService service) -> goTo(located.storing(), service);
      // None of the caller's services is known to have the object. The object could only be in an
      // account that the caller has not named.
      case Choice.Several several when operation.namesObject() ->
          call.fail(ReferenceErrors.NOT_FOUND);
      case Choice.Several several -> call.fail(ReferenceErrors.forSeveralServices(several.names()));
      case Choice.None none when operation.namesObject() -> call.fail(ReferenceErrors.NOT_FOUND);
      case Choice.None none -> call.fail(notLent());
    }
  }

  private CallError notLent() {
    return OperationRefusal.storageNotLent(format, request.method().name(), called().path());
  }

  private void goTo(Storing storing, StoringService service) {
    RoutedTarget target = storing.target(service);
    if (isHeld()) {
      routed.tryOnly(storing.caller(), target);
    } else {
      goTo(target.callTarget(), called().path());
    }
  }

  private void goTo(CallTarget service, String path) {
    call.goTo(ServiceCall.ofHead(parts, routed.parsed(service, path)));
  }

  private void list(Storing storing) {
    ObjectOperation operation = called().operation();
    ListSource source = storing.router().listing(operation.kind());
    if (source.account().isPresent()) {
      goTo(storing, source.account().get());
    } else if (source.isEmpty()) {
      call.fail(notLent());
    } else {
      list(storing, source.lenders());
    }
  }

  private void list(Storing storing, List<StoringService> lenders) {
    RequestedPage page;
    try {
      page =
          RequestedPage.of(
              format.api(),
              QueryFilter.passing(
                  routed.query(),
                  Stream.concat(
                          format.api().queryParameters().stream(),
                          called().operation().query().stream())
                      .toList(),
                  name -> format.api().valuesOf(name, called().path())));
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    Map<Instance.Id, RoutedTarget> targets = new HashMap<>();
    lenders.forEach(each -> targets.put(each.id(), storing.target(each)));
    Wanted wanted =
        new Wanted(
            targets.keySet(),
            storing.seeker().holder(),
            storing.seeker().confinedTo(),
            called().operation().kind(),
            page.ids(),
            page.purpose(),
            format.api().storage().idBeginning(called().operation()),
            Optional.empty());
    call.list(
        new ObjectListing(
            call,
            parts,
            format.api(),
            called().path(),
            page,
            wanted,
            new ListedServices(call, parts, routed, called().path(), targets)));
  }
}
