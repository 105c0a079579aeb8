package io.claviger.client.apply;

import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * Sends several requests concurrently. If the server answers that there were too many requests,
 * waits and sends again.
 */
final class RequestSender implements AutoCloseable {
  private static final int AT_ONCE = 8;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Duration USUAL_PAUSE = Duration.ofSeconds(3);

  /**
   * The maximum time for which one request waits in total, over all its attempts. Requests have to
   * wait, because the server limits the number of requests per minute.
   */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final Api api;
  private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, daemons());

  RequestSender(Api api) {
    this.api = api;
  }

  private static ThreadFactory daemons() {
    return work -> {
      Thread thread = new Thread(work, "apply");
      thread.setDaemon(true);
      return thread;
    };
  }

  interface ApiRequest<T> {
    T send(Api api);
  }

  /**
   * Sends a request. If the server answers 429, the request is repeated at the time stated in the
   * answer. If a request has already waited for two minutes in total, the refusal is thrown.
   */
  <T> T send(ApiRequest<T> request) {
    Duration left = LONGEST_WAIT;
    while (true) {
      try {
        return request.send(api);
      } catch (ApiRefusal e) {
        Duration pause = e.waiting().orElse(USUAL_PAUSE).plusMillis(1);
        left = left.minus(pause);
        if (e.status() != TOO_MANY_REQUESTS || left.isNegative()) {
          throw e;
        }
        sleep(pause);
      }
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Sends several requests concurrently. The results have the order of the requests. */
  <T> List<T> sendAll(List<? extends ApiRequest<T>> requests) {
    return runTogether(
        requests.stream().<Supplier<T>>map(request -> () -> send(request)).toList(), threads);
  }

  /** Requests a resource that might not exist. Returns empty if there is no such resource. */
  <T> Optional<T> unlessMissing(ApiRequest<T> request) {
    try {
      return Optional.of(send(request));
    } catch (ApiRefusal e) {
      if (e.status() == 404 || e.status() == 403) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static <T> List<T> runTogether(List<Supplier<T>> work, ExecutorService threads) {
    List<Future<T>> begun =
        work.stream()
            .map(each -> threads.submit((java.util.concurrent.Callable<T>) each::get))
            .toList();
    return begun.stream().map(RequestSender::awaitResult).toList();
  }

  private static <T> T awaitResult(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
