package io.claviger.gateway.in;

import io.claviger.domain.accounts.AddressBlock;
import io.claviger.gateway.wire.GuardedTask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The callers' connections that one event loop serves. Only used on that event loop. */
public final class OpenConnections {
  /** Stands for the addresses of all trusted proxies. */
  private static final List<AddressBlock> PROXIES = AddressBlock.around("proxies");

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
   * Removes and returns some idle connections, which {@link AddressBlock#toClose} chooses. Among
   * equals, those are chosen that have been idle longest. Connections of trusted proxies are chosen
   * last, because many callers share one such connection.
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
