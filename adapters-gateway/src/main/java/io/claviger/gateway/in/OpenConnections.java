package io.claviger.gateway.in;

import io.claviger.domain.accounts.AddressBlock;
import io.claviger.gateway.wire.GuardedTask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The callers' connections that one event loop serves. Only used on that event loop. */
public final class OpenConnections {
  private static final int MOST_TAKEN = 32;

  private final Set<CallerConnection> all = new HashSet<>();

  /** The connections that serve no call. The connection that has been idle longest comes first. */
  private final Set<CallerConnection> idle = new LinkedHashSet<>();

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
   * Removes and returns some idle connections. Chooses the block of addresses with the most idle
   * connections ({@link AddressBlock#mostCrowded}). In this block, chooses the connections that
   * have been idle longest: a quarter of the block's idle connections, but at least one and at most
   * {@value #MOST_TAKEN}. If only one were chosen, the choice would take too long for each of many
   * new connections. Connections of trusted proxies are chosen last, because many callers share one
   * such connection.
   */
  public List<CallerConnection> takeLongestIdle() {
    Optional<AddressBlock> crowded =
        AddressBlock.mostCrowded(
            idle.stream().flatMap(connection -> connection.networks().stream()).toList());
    List<CallerConnection> longest =
        idle.stream()
            .filter(
                connection ->
                    crowded.isEmpty() || crowded.equals(connection.networks().map(List::getFirst)))
            .toList();
    List<CallerConnection> taken =
        longest.stream().limit(Math.clamp(longest.size() / 4, 1, MOST_TAKEN)).toList();
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
    long now = System.nanoTime();
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
