package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizeCall;
import io.claviger.application.gateway.AuthorizeCall.CallRequest;
import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.gateway.errors.GuardedTask;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls under way on one event loop. Now and then each is looked at again: what it rests on may
 * have been revoked meanwhile. While the database does not answer they go on.
 */
final class ActiveCalls {
  private static final Logger LOG = LoggerFactory.getLogger(ActiveCalls.class);

  private final EventLoop loop;
  private final AuthorizeCall authorizeCall;
  private final Executor blocking;
  private final Set<CallerConnection> connections = new HashSet<>();
  private Set<GatewayCall> seen = Set.of();
  private boolean looking;

  ActiveCalls(EventLoop loop, AuthorizeCall authorizeCall, Executor blocking) {
    this.loop = loop;
    this.authorizeCall = authorizeCall;
    this.blocking = blocking;
  }

  private record Subject(
      GatewayCall exchange, CallRequest call, AuthorizedCall.AuthorizationBasis ground) {}

  void add(CallerConnection connection) {
    connections.add(connection);
  }

  void remove(CallerConnection connection) {
    connections.remove(connection);
  }

  /**
   * Looks again at those that were under way the last time already; the others are fresh enough.
   */
  void lookAgain() {
    if (looking) {
      return;
    }
    List<Subject> subjects = new ArrayList<>();
    Set<GatewayCall> underWay = new HashSet<>();
    for (CallerConnection connection : connections) {
      GatewayCall exchange = connection.current();
      CallRequest call = exchange == null ? null : exchange.call();
      AuthorizedCall.AuthorizationBasis ground = exchange == null ? null : exchange.ground();
      if (exchange != null && call != null && ground != null) {
        underWay.add(exchange);
        if (seen.contains(exchange)) {
          subjects.add(new Subject(exchange, call, ground));
        }
      }
    }
    seen = underWay;
    if (subjects.isEmpty()) {
      return;
    }
    looking = true;
    try {
      blocking.execute(GuardedTask.logged(() -> lookAt(subjects)));
    } catch (RejectedExecutionException stopping) {
      looking = false;
    }
  }

  /** Ends the calls whose callers are too slow with the body. */
  void endLateBodies() {
    long now = System.nanoTime();
    List<GatewayCall> late = new ArrayList<>();
    for (CallerConnection connection : connections) {
      GatewayCall exchange = connection.current();
      if (exchange != null && exchange.isBodyLate(now)) {
        late.add(exchange);
      }
    }
    late.forEach(exchange -> GuardedTask.of(exchange::callerStalled, exchange::broken).run());
  }

  private void lookAt(List<Subject> subjects) {
    try {
      subjects.forEach(this::lookAt);
    } catch (StoreUnavailable e) {
      LOG.debug("calls under way go on: the database can't be asked");
    } catch (RejectedExecutionException stopping) {
      LOG.debug("calls under way end with the gateway");
    } finally {
      try {
        loop.execute(() -> looking = false);
      } catch (RejectedExecutionException stopping) {
        LOG.debug("nobody looks again any more");
      }
    }
  }

  /** What goes wrong with one call must not shield the others. */
  private void lookAt(Subject subject) {
    Optional<CallRefusal> why;
    try {
      why = authorizeCall.lookAgain(subject.call(), subject.ground());
    } catch (StoreUnavailable e) {
      throw e;
    } catch (Throwable e) {
      LOG.error("{}: the call could not be looked at again", subject.call().requestId(), e);
      return;
    }
    GatewayCall exchange = subject.exchange();
    why.ifPresent(
        refusal -> loop.execute(GuardedTask.of(() -> exchange.revoked(refusal), exchange::broken)));
  }
}
