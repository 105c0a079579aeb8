package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.credentials.TokenSource;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.HeldObjects.ObjectPage;
import io.claviger.application.objects.port.ObjectLedger.Wanted;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.CapacityErrors;
import io.claviger.gateway.errors.ReferenceErrors;
import io.claviger.gateway.model.AnswerRoom;
import io.claviger.gateway.model.AnsweredObjects;
import io.claviger.gateway.relay.OwnRequest.OwnAnswer;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A list of the objects at providers that the caller holds according to the ledger. All objects of
 * a page are requested from the provider concurrently. In a list with objects of several services,
 * a service is left out if it refuses the list or if its provider gives no usable answer. So no
 * service can hide the objects of other services. Only used on the event loop of the call.
 */
final class ObjectListing {
  /**
   * The maximum time for which a list with objects of several services waits for these services:
   * for tokens, for turns and for answers. Each wait may take half of the time that is left. So the
   * list reaches the objects of working services even if a few silent services come before them.
   */
  private static final Duration MOST_WAIT = Duration.ofSeconds(20);

  /**
   * The maximum number of objects that the list requests if the provider no longer has any of them.
   * After these requests, the list fails with an error, because clients would treat an empty page
   * as the end of the list.
   */
  private static final int MOST_READ = 1_000;

  /**
   * The shortest time within which the services of a page may answer before the list continues
   * without them.
   */
  private static final Duration LEAST_WAIT = Duration.ofSeconds(1);

  private final GatewayCall call;
  private final CallParts parts;
  private final HeldObjects ledger;
  private final ProviderApi api;
  private final ObjectOperation reading;
  private final AnsweredObjects.Places places;
  private final Sources sources;

  /**
   * The page to read. This page is later than the requested page if all objects of the earlier
   * pages are gone.
   */
  private RequestedPage asked;

  /** Whether the list contains objects of several services. */
  private final boolean isJoined;

  /** The query for the objects of the list, without the omitted services. */
  private Wanted wanted;

  /** The omitted services, each with the reason. */
  private final Map<Instance.Id, Supplier<CallError>> leftOut = new LinkedHashMap<>();

  private List<ProviderObject> page = List.of();
  private boolean hasMore;
  private int pages = 1;

  /** The number of objects that the list has requested so far. */
  private int objectsRead;

  /**
   * The page with which the list answers; empty before the page is known. The list answers as soon
   * as it knows whether the provider has a further object after the page.
   */
  private Optional<ReadPage> ready = Optional.empty();

  private final List<OwnRequest> requests = new ArrayList<>(RequestedPage.MOST);
  private @Nullable String[] elements = {};

  /** The positions of the requested objects in the page. */
  private final BitSet waiting = new BitSet(RequestedPage.MOST);

  /**
   * The positions of the objects for which the provider has answered 403. If the provider accepts
   * the key, this means that the object is gone.
   */
  private final BitSet denied = new BitSet(RequestedPage.MOST);

  /**
   * The list's turns at those services whose limits it shares with other users' calls. During its
   * turn at a service, the list may send requests to the service. A turn counts as one request;
   * further requests are counted at the end of the turn.
   */
  private final Map<Instance.Id, ConversedTurn> turns = new HashMap<>();

  /** The number of requests to each service. */
  private final Map<Instance.Id, Integer> made = new HashMap<>();

  /** The services at which the list still waits for its turn. */
  private final Map<Instance.Id, Turning> turning = new HashMap<>();

  /** The phase to which the call returns after the list has waited for its turns. */
  private CallPhase beforeTurns = CallPhase.CONNECTING;

  /**
   * The only service of the list; null before the first page is read, and if the list has objects
   * of several services.
   */
  private @Nullable Source only;

  /** Whether the provider of the only service has accepted the key. */
  private boolean isKeyAccepted;

  private final long began = System.nanoTime();
  private @Nullable Future<?> deadline;
  private boolean over;

  /**
   * The object that reserves memory for all elements of the list; null before the first request for
   * an element.
   */
  private @Nullable AnswerRoom room;

  private int bytes;

  /**
   * A service that is asked for objects of the list.
   *
   * @param authorizer the authorizer that permitted the call to the service and counted one request
   * @param path the path of the list, below the service's endpoint
   * @param tokenAsBearer whether the caller sent the access token as a bearer token
   * @param addresses the object that replaces the URLs in objects; null if objects contain no URLs
   */
  record Source(
      AuthorizedCall authorized,
      CallAuthorizer authorizer,
      String path,
      boolean tokenAsBearer,
      @Nullable OwnAddresses addresses) {}

  /**
   * The services from which the list may request objects.
   *
   * @param refused the errors for the services from which the caller may not request objects
   */
  record Opened(Map<Instance.Id, Source> sources, Map<Instance.Id, Supplier<CallError>> refused) {}

  /** The services whose objects a list may contain. */
  interface Sources extends AutoCloseable {
    /**
     * Requests the permission to call services.
     *
     * @param most the maximum wait for the services' tokens
     * @param then an action that receives the opened services on the event loop, unless the call
     *     fails
     */
    void open(Collection<Instance.Id> services, Duration most, Consumer<Opened> then);

    /** A service's name as the caller knows it. */
    String name(Instance.Id service);

    /** This method can be called repeatedly. */
    @Override
    void close();
  }

  /** A page, in JSON, whose objects have been read. */
  private record ReadPage(String elements, Optional<String> first, Optional<String> last) {}

  /**
   * @param path the path of the list
   * @param wanted the query for the objects of the list
   * @param sources the services to request objects from; this list closes them
   */
  ObjectListing(
      GatewayCall call,
      CallParts parts,
      ProviderApi api,
      String path,
      RequestedPage asked,
      Wanted wanted,
      Sources sources) {
    this.call = call;
    this.parts = parts;
    this.ledger = parts.environment().objects();
    this.api = api;
    this.reading = api.storage().find("GET", path + "/id").orElseThrow();
    this.places = new AnsweredObjects.Places(reading);
    this.asked = asked;
    this.wanted = wanted;
    this.isJoined = wanted.services().size() > 1;
    this.sources = sources;
  }

  void begin() {
    parts.askInTime(
        Optional::empty,
        () ->
            ledger.list(
                wanted, asked.next(), asked.oldestFirst() != asked.backwards(), asked.limit()),
        new Listed());
  }

  private void listed(ObjectPage found) {
    page = asked.backwards() ? found.objects().reversed() : found.objects();
    hasMore = found.hasMore();
    elements = new String[page.size()];
    denied.clear();
    if (page.isEmpty()) {
      answer();
    } else {
      sources.open(
          page.stream().map(ObjectListing::service).collect(Collectors.toUnmodifiableSet()),
          isJoined ? nextWait() : TokenSource.MOST,
          this::opened);
    }
  }

  private static Instance.Id service(ProviderObject of) {
    return new Instance.Id(of.service());
  }

  private void opened(Opened opened) {
    leftOut.putAll(opened.refused());
    count(new ArrayDeque<>(opened.sources().keySet()), new HashMap<>(opened.sources()));
  }

  /**
   * Counts the requests to each service against the limits on requests. The first request to each
   * service is not counted, because the permission for the service already counted it. A list with
   * objects of several services gets new permissions for each page.
   */
  private void count(Deque<Instance.Id> services, Map<Instance.Id, Source> open) {
    while (!services.isEmpty()) {
      Instance.Id next = services.removeFirst();
      int requested = (int) page.stream().filter(each -> service(each).equals(next)).count();
      int uncounted = isJoined || pages == 1 ? requested - 1 : requested;
      if (uncounted > 0) {
        Source source = Objects.requireNonNull(open.get(next));
        source.authorizer().count(uncounted, new Counted(next, source, services, open));
        return;
      }
    }
    read(open);
  }

  private Duration nextWait() {
    Duration half = waitLeft().dividedBy(2);
    return half.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : half;
  }

  private Duration waitLeft() {
    return MOST_WAIT.minusNanos(System.nanoTime() - began);
  }

  /** Waits for the list's turn at each service, and then sends the requests to the service. */
  private void read(Map<Instance.Id, Source> open) {
    only = isJoined ? null : open.values().stream().findFirst().orElse(null);
    Set<Instance.Id> services = new LinkedHashSet<>();
    for (int i = 0; i < page.size(); i++) {
      Instance.Id service = service(page.get(i));
      if (open.containsKey(service)) {
        services.add(service);
        waiting.set(i);
      }
    }
    if (waiting.isEmpty()) {
      answer();
      return;
    }
    if (room == null) {
      room =
          new AnswerRoom(
              parts.environment().buffering().budget(),
              open.values().iterator().next().authorized());
    }
    if (isJoined) {
      deadline = call.schedule(this::late, nextWait());
    }
    beforeTurns = call.phase();
    for (Instance.Id service : services) {
      if (!over) {
        takeTurn(service, Objects.requireNonNull(open.get(service)));
      }
    }
    if (!over && !turning.isEmpty()) {
      call.enter(CallPhase.WAITING);
      if (parts.environment().draining().get()) {
        call.fail(CapacityErrors.LEAVING);
      }
    }
  }

  private void takeTurn(Instance.Id service, Source source) {
    Optional<CapacityTerms> terms = source.authorized().terms().capacity();
    if (terms.isEmpty() || turns.containsKey(service)) {
      request(service, source);
      return;
    }
    Turning begun = new Turning(service, source);
    turning.put(service, begun);
    ConversedTurn turn =
        new ConversedTurn(
            parts,
            terms.get(),
            RequestedUse.nothing(UsageModel.UNKNOWN),
            source.authorized().provider().paceCounting(),
            begun);
    turns.put(service, turn);
    turn.take();
  }

  /** Requests all objects of the page that one service stores. */
  private void request(Instance.Id service, Source source) {
    for (int i = 0; i < page.size() && !over; i++) {
      int at = i;
      if (!service(page.get(i)).equals(service)) {
        continue;
      }
      OwnRequest request =
          new OwnRequest(
              source.authorized(),
              parts,
              HttpMethod.GET,
              source.path() + "/" + page.get(i).name().id(),
              source.tokenAsBearer(),
              this::hasRoom,
              answer -> read(source, at, answer));
      requests.add(request);
      made.merge(service, 1, Integer::sum);
      request.start();
    }
  }

  /**
   * Leaves out a service at which the list does not get its turn, provided that the list has
   * objects of other services.
   */
  private void skip(Instance.Id service, CallError why) {
    for (int i = 0; i < page.size() && !over; i++) {
      if (service(page.get(i)).equals(service)) {
        fault(i, why);
        waiting.clear(i);
      }
    }
    if (!over && waiting.isEmpty()) {
      answer();
    }
  }

  private boolean hasRoom(int more) {
    bytes += more;
    boolean fits = Objects.requireNonNull(room).holds(bytes);
    if (!fits) {
      stop(CallError.BUSY);
    }
    return fits;
  }

  private void read(Source source, int at, OwnAnswer answer) {
    if (over) {
      return;
    }
    ObjectName name = page.get(at).name();
    isKeyAccepted |= answer.isSuccess();
    if (answer.isSuccess() && states(answer.body(), name)) {
      try {
        OwnAddresses addresses = source.addresses();
        elements[at] =
            addresses == null ? answer.body() : addresses.replaced(answer.body(), name.id());
      } catch (CallRefused e) {
        fault(at, e.error());
      }
    } else if (!answer.isTooLarge() && !api.saysMissing(answer.status())) {
      fault(
          at,
          answer.status() == 0 || answer.status() >= 500
              ? CallError.PROVIDER_UNREACHABLE
              : CallError.PROVIDER_ANSWER_UNUSABLE);
    } else if (answer.status() == 403) {
      denied.set(at);
    }
    waiting.clear(at);
    if (!over && waiting.isEmpty()) {
      answer();
    }
  }

  /**
   * Leaves out the service of an object that can't be shown, provided that the list has objects of
   * other services.
   */
  private void fault(int at, CallError why) {
    if (isJoined) {
      leftOut.putIfAbsent(service(page.get(at)), () -> why);
    } else {
      stop(why);
    }
  }

  /** Leaves out the services that have not answered in time. */
  private void late() {
    if (!over) {
      closeRequests();
      List<Instance.Id> turnless = List.copyOf(turning.keySet());
      turnless.forEach(service -> Objects.requireNonNull(turns.get(service)).close());
      turnless.forEach(this::decided);
      turnless.forEach(service -> leftOut.putIfAbsent(service, () -> CapacityErrors.NO_ROOM));
      waiting.stream().forEach(at -> fault(at, CallError.PROVIDER_TIMEOUT));
      waiting.clear();
      answer();
    }
  }

  /** Whether 403 for all objects of the page might mean that the provider refuses the key. */
  private boolean isKeyUnclear() {
    return !isJoined && !isKeyAccepted && !denied.isEmpty() && denied.cardinality() == page.size();
  }

  /** Finds out whether the provider accepts the key, by requesting the provider's own list. */
  private void checkKey(Source source) {
    OwnRequest request =
        new OwnRequest(
            source.authorized(),
            parts,
            HttpMethod.GET,
            source.path(),
            source.tokenAsBearer(),
            this::hasRoom,
            this::keyChecked);
    requests.add(request);
    made.merge(service(page.getFirst()), 1, Integer::sum);
    request.start();
  }

  private void keyChecked(OwnAnswer answer) {
    if (!over) {
      isKeyAccepted = answer.isSuccess() || answer.isTooLarge();
      if (isKeyAccepted) {
        answer();
      } else {
        stop(CallError.PROVIDER_ANSWER_UNUSABLE);
      }
    }
  }

  /**
   * In a list with objects of several services, treats 403 as a fault of a service if all requests
   * for objects of this service get this status.
   */
  private void findDenials() {
    if (!isJoined) {
      return;
    }
    for (int at = denied.nextSetBit(0); at >= 0 && !over; at = denied.nextSetBit(at + 1)) {
      Instance.Id service = service(page.get(at));
      boolean all = true;
      for (int i = 0; i < page.size(); i++) {
        all &= denied.get(i) || !service(page.get(i)).equals(service);
      }
      if (all) {
        fault(at, CallError.PROVIDER_ANSWER_UNUSABLE);
      }
    }
  }

  /**
   * The object of this page after which the list continues; if the list is read backwards, the
   * first object of this page.
   */
  private String edge() {
    return (asked.backwards() ? page.getFirst() : page.getLast()).name().id();
  }

  /** Reads the next page, with at most the given number of objects. */
  private void goOnBehindPage(int limit) {
    asked = asked.behind(edge(), limit);
    pages++;
    bytes = ready.isPresent() ? bytes : 0;
    closeRequests();
    begin();
  }

  /** The reason for the first omitted service, as an error. */
  private CallError firstFault() {
    return leftOut.values().iterator().next().get();
  }

  /**
   * If all objects of this page belong to omitted services, lists the objects of other services,
   * unless the list has waited too long.
   */
  private void goOnWithoutLeftOut() {
    Set<Instance.Id> others = new HashSet<>(wanted.services());
    boolean fewer = others.removeAll(leftOut.keySet());
    if (!fewer || others.isEmpty() || waitLeft().isNegative()) {
      stop(firstFault());
      return;
    }
    wanted =
        new Wanted(
            others,
            wanted.holder(),
            wanted.confinedTo(),
            wanted.kind(),
            wanted.ids(),
            wanted.purpose(),
            wanted.beginning(),
            wanted.parent());
    bytes = 0;
    begin();
  }

  /**
   * Fails the call. If the page is complete, however, and only the search for an object after the
   * page has failed, the list answers with the page, and says that there are more objects.
   */
  private void stop(CallError why) {
    if (!over && ready.isPresent()) {
      answer(ready.get(), true);
    } else if (!over) {
      end();
      call.fail(why);
    }
  }

  private boolean states(String body, ObjectName name) {
    byte[] json = body.getBytes(UTF_8);
    AnsweredObjects answered = new AnsweredObjects(places);
    answered.read(json, 0, json.length);
    answered.end();
    return answered.isUsable() && answered.self().equals(Optional.of(name.id()));
  }

  private void answer() {
    stopWaiting();
    if (only != null && isKeyUnclear()) {
      checkKey(only);
      return;
    }
    findDenials();
    List<String> found = new ArrayList<>(page.size());
    for (int i = 0; i < elements.length; i++) {
      String element = elements[i];
      if (element != null && !leftOut.containsKey(service(page.get(i)))) {
        found.add(element);
      }
    }
    boolean allGone =
        found.isEmpty() && page.stream().noneMatch(each -> leftOut.containsKey(service(each)));
    objectsRead += page.size();
    if (allGone && hasMore) {
      boolean mayGoOn = objectsRead < MOST_READ && !waitLeft().isNegative();
      if (mayGoOn) {
        goOnBehindPage(ready.isPresent() ? RequestedPage.MOST : asked.limit());
      } else if (ready.isPresent()) {
        answer(ready.get(), true);
      } else {
        stop(ReferenceErrors.listOfGone(parameter(), edge()));
      }
      return;
    }
    if (ready.isPresent()) {
      answer(ready.get(), !allGone);
      return;
    }
    if (found.isEmpty() && !leftOut.isEmpty()) {
      goOnWithoutLeftOut();
      return;
    }
    ReadPage done =
        new ReadPage(
            String.join(",", found),
            page.stream().map(each -> each.name().id()).findFirst(),
            page.isEmpty() ? Optional.empty() : Optional.of(page.getLast().name().id()));
    if (hasMore && api.objectPaging().announcesObjects()) {
      ready = Optional.of(done);
      goOnBehindPage(1);
    } else {
      answer(done, hasMore);
    }
  }

  /** The query parameter that states where the list continues. */
  private String parameter() {
    return asked.backwards() ? api.objectPaging().before() : api.objectPaging().after().getFirst();
  }

  private void answer(ReadPage done, boolean more) {
    if (!leftOut.isEmpty()) {
      parts
          .headers()
          .leftOut(
              leftOut.keySet().stream()
                  .limit(RequestedPage.MOST)
                  .map(sources::name)
                  .collect(Collectors.joining(", ")));
    }
    over = true;
    call.answer(
        api.objectPage(
                new ProviderApi.ObjectPage(
                    reading.kind(), done.elements(), done.first(), done.last(), more))
            .getBytes(UTF_8));
  }

  /** Called at the end of the call. This method can be called repeatedly. */
  void end() {
    over = true;
    stopWaiting();
    closeRequests();
    turns.forEach((service, turn) -> turn.settleRequests(made.getOrDefault(service, 0)));
    sources.close();
    if (room != null) {
      room.close();
    }
  }

  private void stopWaiting() {
    if (deadline != null) {
      boolean unused = deadline.cancel(false);
      deadline = null;
    }
  }

  private void closeRequests() {
    requests.forEach(OwnRequest::close);
    requests.clear();
  }

  private final class Listed extends CallStep<Optional<ObjectPage>> {
    Listed() {
      super(call);
    }

    @Override
    void next(Optional<ObjectPage> found) {
      found.ifPresentOrElse(
          ObjectListing.this::listed,
          () ->
              ObjectListing.this.stop(
                  leftOut.isEmpty() ? ReferenceErrors.NOT_FOUND : firstFault()));
    }
  }

  /**
   * Called when the list may send requests to a service, or when the service's limits refuse the
   * list.
   */
  private void decided(Instance.Id service) {
    turning.remove(service);
    if (turning.isEmpty() && call.phase() == CallPhase.WAITING) {
      call.enter(beforeTurns);
    }
  }

  /** Continues with the requests to a service when it is their turn. */
  private final class Turning implements ConversedTurn.Receiver {
    private final Instance.Id service;
    private final Source source;

    Turning(Instance.Id service, Source source) {
      this.service = service;
      this.source = source;
    }

    @Override
    public void passed(boolean atOnce) {
      if (atOnce) {
        goOn();
        return;
      }
      ConversedTurn turn = Objects.requireNonNull(turns.get(service));
      parts.headers().waited(Math.max(1, TimeUnit.NANOSECONDS.toMillis(turn.waitedNanos())));
      parts.checkPermissionAgain(
          source.authorizer().request(), source.authorized().basis(), new Permitted(this));
    }

    private void goOn() {
      if (isAwaited()) {
        decided(service);
        request(service, source);
      }
    }

    @Override
    public void refused(CallError why) {
      if (isAwaited()) {
        decided(service);
        skip(service, why);
      }
    }

    /** Whether the list still waits for the service, instead of having continued without it. */
    private boolean isAwaited() {
      return !over && turning.get(service) == this;
    }

    @Override
    public void failed(Throwable why) {
      call.broken(why);
    }
  }

  /** After the wait, continues with a service if its objects may still be requested. */
  private final class Permitted extends CallStep<Optional<CallRefusal>> {
    private final Turning asking;

    Permitted(Turning asking) {
      super(call);
      this.asking = asking;
    }

    @Override
    void next(Optional<CallRefusal> why) {
      why.map(CallError::of).ifPresentOrElse(asking::refused, asking::goOn);
    }
  }

  private final class Counted extends CallStep<Optional<AuthorizationOutcome>> {
    private final Instance.Id service;
    private final Source source;
    private final Deque<Instance.Id> services;
    private final Map<Instance.Id, Source> open;

    /**
     * @param services the services whose requests are counted next
     * @param open the services from which the list may request objects
     */
    Counted(
        Instance.Id service,
        Source source,
        Deque<Instance.Id> services,
        Map<Instance.Id, Source> open) {
      super(call);
      this.service = service;
      this.source = source;
      this.services = services;
      this.open = open;
    }

    @Override
    void next(Optional<AuthorizationOutcome> refusal) {
      if (refusal.isPresent() && refusal.get() instanceof AuthorizationOutcome.Refused refused) {
        if (!isJoined) {
          CallError why = parts.permission().refused(refused, source.authorizer());
          // Without the cursor, the next list would begin again with the objects that are gone.
          ObjectListing.this.stop(
              asked
                  .next()
                  .filter(last -> pages > 1)
                  .map(last -> ReferenceErrors.listOfGone(parameter(), last))
                  .orElse(why));
          return;
        }
        leftOut.put(service, () -> parts.permission().refused(refused, source.authorizer()));
        open.remove(service);
      }
      count(services, open);
    }
  }
}
