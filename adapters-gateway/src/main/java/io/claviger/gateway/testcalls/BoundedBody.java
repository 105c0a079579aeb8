package io.claviger.gateway.testcalls;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Collects the beginning of a body, and gives up the rest. */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
  private final int most;
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  /**
   * @param most the most bytes that are collected
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

  /** Ends the body with what has arrived so far. */
  @Override
  public void onError(Throwable broken) {
    onComplete();
  }

  @Override
  public void onComplete() {
    body.complete(collected.toByteArray());
  }
}
