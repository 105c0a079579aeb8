package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.HeldObjects.ObjectPage;
import io.claviger.application.objects.port.ObjectLedger.Wanted;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.claviger.gateway.model.AnsweredObjects;
import io.claviger.gateway.relay.OwnRequest.OwnAnswer;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A list of the objects that the caller holds. The ledger says which ones; the provider is asked
 * for each of them, side by side. Confined to the event loop of the call.
 */
final class ObjectListing {
  /** The most objects of a page. */
  static final int MOST = 20;

  private final GatewayCall call;
  private final CallObjects objects;
  private final HeldObjects ledger;
  private final ProviderApi api;
  private final String path;
  private final ObjectOperation reading;
  private final AnsweredObjects.Places places;
  private final @Nullable OwnAddresses addresses;

  /** The object after which the page begins, or before which it ends; empty for the first page. */
  private final Optional<String> after;

  /** Whether the page ends before that object. */
  private final boolean backwards;

  private final Optional<String> purpose;
  private final boolean oldestFirst;
  private final int limit;

  private List<ProviderObject> page = List.of();
  private boolean hasMore;
  private final List<OwnRequest> requests = new ArrayList<>(MOST);
  private @Nullable String[] elements = {};
  private int missing;
  private boolean over;

  /**
   * @param path the path of the list
   * @param query the part of the caller's query that passes
   * @param addresses replaces addresses in each element; null if they state none
   * @throws CallRefused if the query asks for a page that can't exist
   */
  ObjectListing(
      GatewayCall call,
      CallObjects objects,
      HeldObjects ledger,
      ProviderApi api,
      String path,
      String query,
      @Nullable OwnAddresses addresses) {
    this.call = call;
    this.objects = objects;
    this.ledger = ledger;
    this.api = api;
    this.path = path;
    this.addresses = addresses;
    this.reading = api.storage().find("GET", path + "/id").orElseThrow();
    this.places = new AnsweredObjects.Places(reading);
    Map<String, List<String>> parameters = new QueryStringDecoder("?" + query).parameters();
    ProviderApi.ObjectPaging paging = api.objectPaging();
    Optional<String> before =
        paging.before().isEmpty() ? Optional.empty() : one(parameters, paging.before());
    this.backwards = before.isPresent();
    this.after = before.or(() -> one(parameters, paging.after()));
    if (backwards && one(parameters, paging.after()).isPresent()) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
    this.purpose = one(parameters, "purpose");
    this.oldestFirst =
        switch (one(parameters, "order").orElse("desc")) {
          case "asc" -> true;
          case "desc" -> false;
          default -> throw new CallRefused(CallError.BAD_PAGE);
        };
    this.limit = limit(one(parameters, paging.limit()));
  }

  /** A parameter that is stated twice could be read in two ways. */
  private static Optional<String> one(Map<String, List<String>> parameters, String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    if (values.size() > 1 || !values.stream().allMatch(ObjectListing::isPlain)) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
    return values.stream().filter(value -> !value.isEmpty()).findFirst();
  }

  private static boolean isPlain(String value) {
    return value.chars().allMatch(each -> each > ' ' && each <= '~');
  }

  private static int limit(Optional<String> stated) {
    try {
      int asked = stated.map(Integer::parseInt).orElse(MOST);
      if (asked < 1) {
        throw new CallRefused(CallError.BAD_PAGE);
      }
      return Math.min(asked, MOST);
    } catch (NumberFormatException e) {
      throw new CallRefused(CallError.BAD_PAGE);
    }
  }

  void begin() {
    Wanted wanted =
        new Wanted(
            Set.of(objects.service()),
            objects.caller().holder(),
            Optional.of(objects.caller().token()).filter(token -> objects.caller().confined()),
            reading.kind(),
            purpose,
            Optional.empty());
    objects.ask(
        Optional::empty,
        () -> ledger.list(wanted, after, oldestFirst != backwards, limit),
        new Listed());
  }

  private void read(ObjectPage found) {
    page = backwards ? found.objects().reversed() : found.objects();
    hasMore = found.hasMore();
    missing = page.size();
    elements = new String[page.size()];
    if (page.isEmpty()) {
      answer();
    }
    for (int i = 0; i < page.size() && !over; i++) {
      int at = i;
      OwnRequest request =
          objects.request(
              HttpMethod.GET, path + "/" + page.get(i).name().id(), answer -> read(at, answer));
      requests.add(request);
      request.start();
    }
  }

  private void read(int at, OwnAnswer answer) {
    if (over) {
      return;
    }
    String id = page.get(at).name().id();
    if (answer.isSuccess() && states(answer.body(), id)) {
      try {
        elements[at] = addresses == null ? answer.body() : addresses.replaced(answer.body(), id);
      } catch (CallRefused e) {
        end();
        call.fail(e.error());
        return;
      }
    } else if (!api.saysMissing(answer.status())) {
      end();
      call.fail(
          answer.status() == 0 || answer.status() >= 500
              ? CallError.PROVIDER_UNREACHABLE
              : CallError.PROVIDER_ANSWER_UNUSABLE);
      return;
    }
    if (--missing == 0) {
      answer();
    }
  }

  private boolean states(String body, String id) {
    byte[] bytes = body.getBytes(UTF_8);
    AnsweredObjects answered = new AnsweredObjects(places);
    answered.read(bytes, 0, bytes.length);
    answered.end();
    return answered.isUsable() && answered.self().equals(Optional.of(id));
  }

  private void answer() {
    List<String> found = new ArrayList<>(page.size());
    for (String element : elements) {
      if (element != null) {
        found.add(element);
      }
    }
    Optional<String> first = page.stream().map(each -> each.name().id()).findFirst();
    Optional<String> last =
        page.isEmpty() ? Optional.empty() : Optional.of(page.getLast().name().id());
    over = true;
    call.answer(
        api.objectPage(reading.kind(), String.join(",", found), first, last, hasMore)
            .getBytes(UTF_8));
  }

  /** The call is over. Can be repeated. */
  void end() {
    over = true;
    requests.forEach(OwnRequest::close);
    requests.clear();
  }

  private final class Listed extends CallStep<Optional<ObjectPage>> {
    Listed() {
      super(call);
    }

    @Override
    void next(Optional<ObjectPage> found) {
      found.ifPresentOrElse(ObjectListing.this::read, () -> stop(ReferenceErrors.NOT_FOUND));
    }
  }
}
