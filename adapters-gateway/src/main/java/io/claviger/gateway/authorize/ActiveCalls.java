package io.claviger.gateway.authorize;

import io.claviger.application.activity.NodeActivity;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.gateway.in.IncomingCall;
import io.claviger.gateway.in.OpenConnections;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends those calls of one event loop whose permission has been withdrawn since the calls began.
 * While the database does not answer, calls are not ended.
 */
public final class ActiveCalls {
  private static final Logger LOG = LoggerFactory.getLogger(ActiveCalls.class);

  private final EventLoop loop;
  private final OpenConnections connections;
  private final CallAuthorization authorizeCall;
  private final Executor blocking;
  private final NodeActivity activity;
  private Set<IncomingCall> seen = Set.of();
  private boolean looking;

  public ActiveCalls(
      EventLoop loop,
      OpenConnections connections,
      CallAuthorization authorizeCall,
      Executor blocking,
      NodeActivity activity) {
    this.loop = loop;
    this.connections = connections;
    this.authorizeCall = authorizeCall;
    this.blocking = blocking;
    this.activity = activity;
  }

  private record CheckedCall(
      IncomingCall call, CallRequest request, AuthorizedCall.AuthorizationBasis basis) {}

  /**
   * Checks again whether the calls of this event loop are still permitted. Checks only the calls
   * that were already active at the previous check. Younger calls are not checked, because they
   * have just been authorized.
   */
  public void lookAgain() {
    countRunning();
    if (looking) {
      return;
    }
    List<CheckedCall> subjects = new ArrayList<>();
    Set<IncomingCall> active = new HashSet<>();
    connections.forEachCall(
        call -> {
          CallRequest request = call.request();
          AuthorizedCall.AuthorizationBasis basis = call.basis();
          if (request != null && basis != null) {
            active.add(call);
            if (seen.contains(call)) {
              subjects.add(new CheckedCall(call, request, basis));
            }
          }
        });
    seen = active;
    if (subjects.isEmpty()) {
      return;
    }
    looking = true;
    try {
      blocking.execute(GuardedTask.logged(() -> lookAt(subjects)));
    } catch (RejectedExecutionException stopping) {
      looking = false;
    } catch (Throwable e) {
      looking = false;
      throw e;
    }
  }

  private void countRunning() {
    Map<UsageAccount, Integer> running = new HashMap<>();
    connections.forEachCall(
        call -> {
          AuthorizedCall.AuthorizationBasis basis = call.basis();
          if (basis != null) {
            Integer unused = running.merge(basis.account(), 1, Integer::sum);
          }
        });
    activity.running(this, running);
  }

  private void lookAt(List<CheckedCall> subjects) {
    try {
      subjects.forEach(this::lookAt);
    } catch (StoreUnavailable | QueryTimeout e) {
      LOG.debug("active calls go on: the database does not answer");
    } catch (RejectedExecutionException stopping) {
      LOG.debug("active calls end with the gateway");
    } finally {
      try {
        loop.execute(GuardedTask.logged(() -> looking = false));
      } catch (RejectedExecutionException stopping) {
        LOG.debug("no call is left to look at");
      }
    }
  }

  /**
   * Checks one call. A failure while one call is checked must not prevent other calls from being
   * checked. If the call meanwhile has a new basis for its permission, for example another target,
   * the result of this check is ignored, and the next check decides.
   */
  private void lookAt(CheckedCall subject) {
    Optional<CallRefusal> why;
    try {
      why = authorizeCall.lookAgain(subject.request(), subject.basis());
    } catch (StoreUnavailable | QueryTimeout e) {
      throw e;
    } catch (Throwable e) {
      LOG.error("{}: the call could not be authorized again", subject.request().requestId(), e);
      return;
    }
    IncomingCall call = subject.call();
    why.ifPresent(
        refusal ->
            loop.execute(
                GuardedTask.of(
                    () -> {
                      if (subject.basis().equals(call.basis())) {
                        call.revoked(refusal);
                      }
                    },
                    call::broken)));
  }
}
