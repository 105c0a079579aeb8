package io.claviger.gateway.testcalls;

import io.claviger.application.gateway.port.GatewayClient;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.ProviderApi.TestCall;
import io.claviger.domain.formats.ProviderApi.TestQuestion;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.gateway.usage.StatedUsage;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Calls the gateway at an address of this machine. */
final class LoopbackGatewayClient implements GatewayClient, AutoCloseable {
  /**
   * The maximum number of bytes that are read from an answer. An embedding with 4,096 numbers has
   * about 90 kB.
   */
  private static final int MOST_BYTES = 256 * 1024;

  private final String origin;
  private final String secret;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();

  /**
   * @param door the address at which the gateway can be called. If the gateway listens on a
   *     wildcard address, the loopback address is used
   */
  LoopbackGatewayClient(OwnGateway.Door door) {
    this.secret = door.secret();
    InetSocketAddress gateway = door.address();
    InetAddress address =
        gateway.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : gateway.getAddress();
    String host = address.getHostAddress();
    this.origin =
        "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + gateway.getPort();
  }

  @Override
  public GatewayResponse call(GatewayRequest question, Duration limit) {
    CompletableFuture<HttpResponse<byte[]>> call =
        http.sendAsync(request(question), head -> new BoundedBody(MOST_BYTES));
    try {
      return answer(question, call.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return GatewayResponse.none(Ending.TIMEOUT);
    } catch (ExecutionException e) {
      return GatewayResponse.none(
          e.getCause() instanceof HttpTimeoutException ? Ending.TIMEOUT : Ending.UNREACHABLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return GatewayResponse.none(Ending.TIMEOUT);
    } finally {
      // Cancelling closes the connection of a call that still runs, which ends the call at the
      // provider too.
      boolean unused = call.cancel(true);
    }
  }

  private HttpRequest request(GatewayRequest question) {
    TestCall test = test(question);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(origin + "/gateway/services/" + question.service() + "/" + test.path()))
            .header("Authorization", "Bearer " + question.token().reveal())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("User-Agent", "claviger-test-call")
            .POST(HttpRequest.BodyPublishers.ofString(test.body()));
    if (!secret.isEmpty()) {
      request.header(OwnGateway.SECRET, secret);
    }
    question.format().api().requiredHeaders().forEach(request::header);
    return request.build();
  }

  private static TestCall test(GatewayRequest question) {
    ProviderApi api = question.format().api();
    TestQuestion asked =
        new TestQuestion(
            question.model().value(),
            question.mostTokens(),
            question.provider().outputField(),
            question.endpoint().path());
    return question.embeds() ? api.embeddingCall(asked) : api.textCall(asked);
  }

  private static GatewayResponse answer(GatewayRequest question, HttpResponse<byte[]> response) {
    boolean done = response.statusCode() / 100 == 2;
    Optional<String> code = response.headers().firstValue("X-Claviger-Error");
    AnswerReader read = AnswerReader.of(response.body());
    TokenUsage usage =
        done
            ? StatedUsage.of(question.format(), test(question).path(), response.body())
            : TokenUsage.NONE;
    return new GatewayResponse(
        done ? Ending.OK : code.isPresent() ? Ending.REFUSED : Ending.ERROR,
        OptionalInt.of(response.statusCode()),
        code,
        done ? read.text() : read.error(),
        question.embeds() && done ? read.numbers() : OptionalInt.empty(),
        usage,
        receipt(response));
  }

  private static Receipt receipt(HttpResponse<byte[]> response) {
    return new Receipt(
        header(response, "X-Claviger-Key-Source"),
        header(response, "X-Request-Id"),
        header(response, "X-Provider-Request-Id"));
  }

  private static Optional<String> header(HttpResponse<byte[]> response, String name) {
    return response
        .headers()
        .firstValue(name)
        .map(value -> value.substring(0, Math.min(value.length(), 200)));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /** Collects the beginning of a body, and ignores the rest. */
  private static final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
    private final int most;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    /**
     * @param most the maximum number of bytes to collect
     */
    BoundedBody(int most) {
      this.most = most;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription to) {
      subscription = to;
      to.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      for (ByteBuffer part : parts) {
        byte[] bytes = new byte[Math.min(part.remaining(), most - collected.size())];
        part.get(bytes);
        collected.writeBytes(bytes);
      }
      if (subscription == null || collected.size() < most) {
        askForMore();
      } else {
        subscription.cancel();
        onComplete();
      }
    }

    private void askForMore() {
      if (subscription != null) {
        subscription.request(1);
      }
    }

    /** Completes the body with the bytes that have arrived so far. */
    @Override
    public void onError(Throwable broken) {
      onComplete();
    }

    @Override
    public void onComplete() {
      body.complete(collected.toByteArray());
    }
  }
}
