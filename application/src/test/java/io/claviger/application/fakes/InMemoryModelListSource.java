package io.claviger.application.fakes;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.routing.port.ModelListSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Providers in memory. Those that were not told what to list give no list. */
public final class InMemoryModelListSource implements ModelListSource {
  private final Map<String, List<String>> lists = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean failing;
  private volatile CountDownLatch answering = new CountDownLatch(0);

  /** What the provider of a service lists from now on. */
  public void list(String service, String... models) {
    lists.put(service, List.of(models));
  }

  /** From now on, asking is a fault. */
  public void fail() {
    failing = true;
  }

  /** From now on, no provider answers before the returned latch is open, or within 20 seconds. */
  public CountDownLatch hang() {
    answering = new CountDownLatch(1);
    return answering;
  }

  /** Waits until a provider has been asked since the last time. */
  public void awaitAsked() {
    while (asked.isEmpty()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** The services whose providers were asked, since the last time. */
  public List<String> asked() {
    List<String> all = List.copyOf(asked);
    asked.clear();
    return all;
  }

  @Override
  public Optional<List<String>> models(AuthorizedCall call, Duration atMost) {
    asked.add(call.service());
    try {
      boolean unused = answering.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failing) {
      throw new IllegalStateException("no way out");
    }
    return Optional.ofNullable(lists.get(call.service()));
  }
}
