package io.claviger.stub;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides which operation each request calls, and how the request is answered. All connections
 * share one parser.
 */
final class CallParser {
  private final StubRoutes routes;
  private final Queue<Behaviour> ordered = new ConcurrentLinkedQueue<>();
  private final AtomicLong calls = new AtomicLong();
  private final @Nullable String expectedKey;
  private final Accounts accounts;
  private final TokenUrls tokens;
  private final AccountPace pace = new AccountPace(System::nanoTime, Instant::now);

  CallParser(StubOptions options) {
    this.routes = new StubRoutes(options.models());
    this.expectedKey = options.expectedKey();
    this.accounts = new Accounts(options, this::answered);
    this.tokens = new TokenUrls(options.tls() == null ? "http" : "https");
  }

  Accounts accounts() {
    return accounts;
  }

  TokenUrls tokens() {
    return tokens;
  }

  AccountPace pace() {
    return pace;
  }

  /** Answers one line of a batch, and adds it to the bill. */
  private StubResponse answered(IncomingRequest request) {
    StubCall call = begin(request);
    try {
      StubResponse response = call.route().operation().answer(call);
      @Nullable StubBill bill = call.route().operation().bill(call);
      if (bill != null && response.status() < 400) {
        accounts.ledger().bill(call, bill, ProviderLedger.BATCH);
      }
      return response;
    } catch (BadCall bad) {
      return call.format().refusal(400, String.valueOf(bad.getMessage()));
    } catch (Refused refused) {
      return refused.response();
    }
  }

  /**
   * Parses a request just before the request is answered. Call this method only once for each
   * request, because it changes the prompt cache.
   */
  StubCall begin(IncomingRequest request) {
    StubCall call = understand(request);
    return call.format().cachesPrompts()
        ? call.withCachedTokens(accounts.cachedTokens(call))
        : call;
  }

  void order(Behaviour behaviour) {
    ordered.add(behaviour);
  }

  void cancelOrders() {
    ordered.clear();
  }

  StubCall understand(IncomingRequest request) {
    HttpRequest head = request.head();
    String uri = head.uri();
    int mark = uri.indexOf('?');
    String path = mark < 0 ? uri : uri.substring(0, mark);
    Map<String, List<String>> query =
        mark < 0 ? Map.of() : new QueryStringDecoder(uri).parameters();
    @Nullable StubOperation own =
        path.equals(AccountPace.PATH) ? this::limits : tokens.find(head.method().name(), path);
    Route route =
        own != null
            ? new Route(routes.looksLike(path, head.headers(), query), own, null)
            : routes.find(head.method().name(), path, head.headers(), query);
    if (route == null) {
      ApiFormat format = routes.looksLike(path, head.headers(), query);
      route = refusing(format, 404, "nothing is served at " + path);
    }
    Account account =
        accounts.of(tokens.account(StubCall.keyOf(route.format(), head.headers(), query)));
    account.catchUp();
    IncomingRequest whole = request;
    BodyFields fields = request.fields();
    if (head.method().equals(HttpMethod.POST)
        && request.isWhole()
        && !fields.wellFormed()
        && !(route.operation() instanceof ObjectRoutes.Found)) {
      route = refusing(route.format(), 400, "the body is not a JSON object");
    } else if (request.isWhole()) {
      try {
        whole = route.format().resolved(path, account, request);
        fields = whole == request ? fields : whole.fields();
      } catch (Refused refused) {
        route = new Route(route.format(), call -> refused.response(), null);
      }
    }
    Script script = Script.NONE;
    try {
      script = whole.script();
    } catch (BadCall bad) {
      route = refusing(route.format(), 400, String.valueOf(bad.getMessage()));
    }
    String model = route.model() != null ? route.model() : fields.scalar("model");
    String id = "stub-call-" + calls.incrementAndGet();
    return new StubCall(
        route,
        head.headers(),
        query,
        fields,
        model == null ? "" : model,
        script,
        id,
        whole,
        account,
        0);
  }

  private static Route refusing(ApiFormat format, int status, String message) {
    return new Route(format, call -> format.refusal(status, message), null);
  }

  /** Whether the request must be answered before it has arrived completely. */
  boolean wantsEarlyAnswer(IncomingRequest request) {
    Behaviour next = ordered.peek();
    return next != null ? next.isEarly() : Behaviour.asked(understand(request).model()).isEarly();
  }

  /** Answers a call that reads or sets the accounts' limits. */
  private StubResponse limits(StubCall call) {
    if (call.request().head().method().equals(HttpMethod.PUT)) {
      String uri = call.request().head().uri();
      try {
        pace.limit(AccountLimits.of(uri.substring(uri.indexOf('?') + 1)));
      } catch (IllegalArgumentException unknown) {
        return call.format().refusal(400, String.valueOf(unknown.getMessage()));
      }
    }
    return pace.counts();
  }

  AccountPace.Admission admit(StubCall call) {
    return call.path().equals(AccountPace.PATH) ? AccountPace.Admission.FREE : pace.admit(call);
  }

  Behaviour behaviourFor(StubCall call, AccountPace.Admission admitted) {
    if (call.path().equals(AccountPace.PATH)) {
      return Behaviour.PROPER;
    }
    if (admitted.refusal() != null) {
      return new Behaviour(admitted.refusal(), false);
    }
    Behaviour next = ordered.poll();
    if (next != null) {
      return next;
    }
    boolean refused =
        tokens.refuses(call.key()) || (expectedKey != null && !expectedKey.equals(call.key()));
    if (refused && !tokens.isOne(call.path()) && !call.isInSession()) {
      return Behaviour.named("stub-unauthorized");
    }
    return Behaviour.asked(call.wantedBehaviour());
  }
}
