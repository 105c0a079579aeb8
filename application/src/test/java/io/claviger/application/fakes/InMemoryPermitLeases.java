package io.claviger.application.fakes;

import io.claviger.application.gateway.port.PermitLeases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** {@link PermitLeases} in memory, with a clock that all nodes share. */
public final class InMemoryPermitLeases implements PermitLeases {
  private static final Duration WINDOW = Duration.ofSeconds(60);

  private final InstantSource clock;
  private final List<Granted> all = new ArrayList<>();
  private long last;

  public InMemoryPermitLeases(InstantSource clock) {
    this.clock = clock;
  }

  private record Granted(long id, String subject, int permits, Instant endsAt) {
    /** The clock was set back since a lease began that ends later than one that begins now. */
    Granted until(Instant latest) {
      return endsAt.isAfter(latest) ? new Granted(id, subject, permits, latest) : this;
    }
  }

  @Override
  public synchronized Lease lease(String subject, int perMinute, int wanted, Duration lifetime) {
    Instant now = clock.instant();
    all.removeIf(g -> !g.endsAt().isAfter(now.minus(WINDOW)));
    all.replaceAll(g -> g.subject().equals(subject) ? g.until(now.plus(lifetime)) : g);
    List<Granted> counted =
        all.stream().filter(g -> g.subject().equals(subject) && g.permits() > 0).toList();
    int taken = counted.stream().mapToInt(Granted::permits).sum();
    int granted = Math.max(0, Math.min(wanted, perMinute - taken));
    if (granted == 0) {
      return new Lease(0, 0, retryAfter(counted, now));
    }
    last++;
    all.add(new Granted(last, subject, granted, now.plus(lifetime)));
    return new Lease(last, granted, Duration.ZERO);
  }

  @Override
  public synchronized int counted(String subject) {
    Instant from = clock.instant().minus(WINDOW);
    return all.stream()
        .filter(g -> g.subject().equals(subject) && g.endsAt().isAfter(from))
        .mapToInt(Granted::permits)
        .sum();
  }

  @Override
  public synchronized void giveBack(EndedPermitLease used) {
    Instant now = clock.instant();
    all.replaceAll(
        g ->
            g.id() == used.lease() && g.subject().equals(used.subject())
                ? new Granted(
                    g.id(),
                    g.subject(),
                    Math.min(g.permits(), used.used()),
                    earlier(g.endsAt(), now))
                : g);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Duration retryAfter(List<Granted> counted, Instant now) {
    return counted.stream()
        .min(Comparator.comparing(Granted::endsAt))
        .map(eldest -> Duration.between(now, eldest.endsAt().plus(WINDOW)))
        .orElse(Duration.ofSeconds(1));
  }
}
