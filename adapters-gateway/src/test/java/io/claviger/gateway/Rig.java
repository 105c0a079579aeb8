package io.claviger.gateway;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.fakes.InMemoryLinkCipher;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.UploadLinks;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.wire.Transport;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A gateway, a stub provider that it calls, and a client that calls the gateway with a valid token.
 */
public final class Rig implements AutoCloseable {
  public static final String TOKEN = "clv_good";
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Short beside a call, and long enough to leave the processor to who is waited for. */
  private static final long LEAST_PAUSE_NANOS = 100_000;

  private static final long MOST_PAUSE_NANOS = 5_000_000;

  public final StubProvider stub = StubProvider.start();
  public final TestAuthorizer authorizer = new TestAuthorizer();
  public final TestRouting routing = new TestRouting();
  final TestHeldObjects held = new TestHeldObjects();
  public final RecordedEvents events = new RecordedEvents();
  public final Gateway gateway;

  /** Makes the addresses of uploads, which begin with this gateway's URL. */
  final UploadLinks uploads;

  private final HttpClient http = TestClient.newHttpClient();

  public Rig() {
    this(settings -> settings);
  }

  public Rig(UnaryOperator<GatewaySettings> adjusted) {
    this(adjusted, Transport.best());
  }

  public Rig(UnaryOperator<GatewaySettings> adjusted, Transport transport) {
    AtomicReference<URI> own = new AtomicReference<>();
    uploads = new UploadLinks(new InMemoryLinkCipher(), own::get);
    GatewaySettings settings =
        adjusted.apply(GatewaySettings.on("127.0.0.1", 0).withUploads(uploads));
    gateway = new Gateway(settings, authorizer, routing, held, events, transport);
    own.set(URI.create("http://127.0.0.1:" + gateway.address().getPort()));
    lend(WireFormat.OPENAI);
  }

  /** Permits calls with the good token to the stub's API of this format. */
  public TestService lend(WireFormat format) {
    TestService lent = at(format);
    authorizer.grant(TOKEN, lent);
    return lent;
  }

  public void lend(TestService lent) {
    authorizer.grant(TOKEN, lent);
  }

  /** Refuses calls of the service, which is known to have this format. */
  void refuse(CallRefusal why, WireFormat format) {
    authorizer.answer(
        TOKEN,
        call ->
            new AuthorizationOutcome.Refused(
                why, Optional.of(new KnownService("alice/my-openai", format))));
  }

  /** Permits calls whose bodies or messages reserve this each. */
  void lendReserving(Supplier<CallSpending> spending, TestService lent) {
    authorizer.grantReserving(TOKEN, spending, lent);
  }

  /** Permits calls whose bodies or messages are refused while there is a reason. */
  void lendUnless(Supplier<@Nullable CallRefusal> reason, TestService lent) {
    authorizer.grantUnless(TOKEN, reason, lent);
  }

  public TestService at(WireFormat format) {
    return TestService.at(stub.baseUrl() + format.api().baseUrlEnd(), format);
  }

  public String url(String pathBelowService) {
    return origin() + path(pathBelowService);
  }

  public static String path(String pathBelowService) {
    return "/gateway/services/alice/my-openai/" + pathBelowService;
  }

  public String origin() {
    return "http://127.0.0.1:" + gateway.address().getPort();
  }

  /** A client without a token. */
  public TestClient anonymous() {
    return TestClient.of(URI.create(origin()), http);
  }

  /** A client with the good token that sends JSON. */
  TestClient client() {
    return anonymous().withToken(TOKEN).with("Content-Type", "application/json");
  }

  public TestResponse get(String pathBelowService, String... headers) {
    return client().get(path(pathBelowService), headers);
  }

  public TestResponse post(String pathBelowService, String json, String... headers) {
    return post(pathBelowService, BodyPublishers.ofString(json), headers);
  }

  public TestResponse post(String pathBelowService, BodyPublisher body, String... headers) {
    return client().send("POST", path(pathBelowService), body, headers);
  }

  /** Sends a body in chunks. */
  public TestResponse postChunked(String pathBelowService, byte[] body) {
    return client()
        .send(
            "POST",
            path(pathBelowService),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
  }

  public CompletableFuture<TestResponse> postAsync(String pathBelowService, String json) {
    return client().sendAsync("POST", path(pathBelowService), BodyPublishers.ofString(json));
  }

  /** The response as soon as it has begun. */
  public HttpResponse<InputStream> stream(String pathBelowService, String json) {
    return client().stream("POST", path(pathBelowService), BodyPublishers.ofString(json));
  }

  /**
   * Begins to drain the gateway, in a thread of its own. The common pool may have a single thread,
   * for which tests would wait for each other.
   */
  public CompletableFuture<Void> beginDraining() {
    return CompletableFuture.runAsync(() -> gateway.drain(PATIENCE), Thread::startVirtualThread);
  }

  /** Waits until a state is reached, and fails if that takes too long. */
  public static void await(BooleanSupplier state) {
    long began = System.nanoTime();
    while (!state.getAsBoolean()) {
      long waited = System.nanoTime() - began;
      if (waited > PATIENCE.toNanos()) {
        throw new AssertionError("not within " + PATIENCE);
      }
      // The longer it takes, the less often it is looked, which leaves the machine to others.
      LockSupport.parkNanos(Math.clamp(waited / 20, LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS));
    }
  }

  /** Whether the key of a call can no longer be read. */
  public static boolean isWiped(AuthorizedCall authorized) {
    try {
      return authorized.key().orElseThrow().lend(bytes -> false);
    } catch (IllegalStateException wiped) {
      return true;
    }
  }

  /** Until the provider has closed every connection, whether or not the gateway knows yet. */
  public void awaitClosedByProvider() {
    await(() -> stub.openConnections() == 0);
  }

  public static String embedding(String model) {
    return "{\"model\":\"" + model + "\",\"input\":\"hello\"}";
  }

  public static String chat(String model) {
    return "{\"model\":\""
        + model
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"stream\":true}";
  }

  @Override
  public void close() {
    http.shutdownNow();
    gateway.close();
    stub.close();
  }
}
