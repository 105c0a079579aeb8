package io.claviger.gateway.in;

import io.claviger.domain.accounts.AddressBlock;
import io.claviger.gateway.wire.GuardedTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The callers' connections that one event loop serves. Only used on that event loop. */
public final class OpenConnections {
  /** Stands for the addresses of all trusted proxies. */
  private static final List<AddressBlock> PROXIES = AddressBlock.around("proxies");

  /**
   * The number of calls that a caller may always have on one event loop, as far as other limits
   * permit.
   */
  private static final int FEW_CALLS = 8;

  /**
   * The time, in nanoseconds, after which the calls are counted again. The calls are not counted
   * each time, because counting reads all connections. The time until the next count is short,
   * because calls that have ended since the last count still count.
   */
  private static final long COUNTED_FOR = Duration.ofMillis(5).toNanos();

  private final int crowded;
  private final int few;
  private final LongSupplier nanos;
  private final Set<CallerConnection> all = new HashSet<>();

  /** The connections that serve no call. The connection that has been idle longest comes first. */
  private final Set<CallerConnection> idle = new LinkedHashSet<>();

  /** How many calls each caller had when they were counted, and how many have begun since then. */
  private final Map<UUID, Integer> calls = new HashMap<>();

  private long countedAt;

  /**
   * @param loops the number of event loops, which share the connections
   * @param nanos the current time in nanoseconds, as returned by {@link System#nanoTime}
   */
  public OpenConnections(ConnectionLimits limits, int loops, LongSupplier nanos) {
    this.crowded = limits.most() * 3 / 4 / loops;
    this.few = Math.max(FEW_CALLS, limits.most() / 64 / loops);
    this.nanos = nanos;
    this.countedAt = nanos.getAsLong() - COUNTED_FOR;
  }

  /**
   * Whether a new call has to be refused: calls take up three quarters of the connections, and the
   * caller has more than a few of these calls. Without this limit, one caller behind a proxy could
   * take up all connections with streams that nobody ends. The limits for addresses don't apply to
   * proxies.
   *
   * @param caller the id under which the node counts its work for the caller
   */
  boolean isCrowded(UUID caller) {
    if (all.size() - idle.size() < crowded) {
      return false;
    }
    long now = nanos.getAsLong();
    if (now - countedAt < COUNTED_FOR) {
      return calls.merge(caller, 1, Integer::sum) > few;
    }
    countedAt = now;
    calls.clear();
    forEachCall(
        call -> {
          UUID of = call.countedAs();
          if (of != null) {
            Integer unused = calls.merge(of, 1, Integer::sum);
          }
        });
    return calls.getOrDefault(caller, 0) > few;
  }

  void opened(CallerConnection connection) {
    all.add(connection);
    idle.add(connection);
  }

  void closed(CallerConnection connection) {
    all.remove(connection);
    idle.remove(connection);
  }

  /** Called when a call begins on a connection. */
  void busy(CallerConnection connection) {
    idle.remove(connection);
  }

  /** Called when a connection no longer has a call. */
  void idle(CallerConnection connection) {
    idle.add(connection);
  }

  /**
   * Removes and returns some idle connections from the most crowded address or network ({@link
   * AddressBlock#toClose}), those that have been idle longest first. Connections of trusted proxies
   * are chosen last, because many callers share one such connection.
   */
  public List<CallerConnection> takeLongestIdle() {
    List<CallerConnection> direct =
        idle.stream().filter(connection -> connection.networks().isPresent()).toList();
    List<CallerConnection> taken =
        AddressBlock.toClose(
            direct.isEmpty() ? idle : direct, connection -> connection.networks().orElse(PROXIES));
    taken.forEach(idle::remove);
    return taken;
  }

  /** Calls the visitor for each call that has begun. The visitor must not end calls. */
  public void forEachCall(Consumer<? super IncomingCall> visitor) {
    for (CallerConnection connection : all) {
      IncomingCall call = connection.current();
      if (call != null) {
        visitor.accept(call);
      }
    }
  }

  /** Ends the calls of callers who send the body of a request too slowly. */
  public void endLateBodies() {
    long now = nanos.getAsLong();
    List<IncomingCall> late = new ArrayList<>();
    forEachCall(
        call -> {
          if (call.isBodyLate(now)) {
            late.add(call);
          }
        });
    late.forEach(call -> GuardedTask.of(call::callerStalled, call::broken).run());
  }
}
