package io.claviger.gateway.in;

import io.claviger.application.activity.NodeActivity;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends those calls of one event loop whose permission has been withdrawn since the calls began.
 * Callers take turns in the checks, so that a caller with many calls delays the checks of other
 * callers no more than a caller with one call. While the database does not answer, calls are not
 * ended.
 */
public final class ActiveCalls {
  private static final Logger LOG = LoggerFactory.getLogger(ActiveCalls.class);

  private final EventLoop loop;
  private final OpenConnections connections;
  private final CallAuthorization authorizeCall;
  private final Executor blocking;
  private final NodeActivity activity;
  private Set<IncomingCall> seen = Set.of();

  /** The calls to check. The caller whose turn is next comes first. Guarded by this map. */
  private final Map<UUID, Deque<CheckedCall>> waiting = new LinkedHashMap<>();

  /** Whether a thread checks the calls. Guarded by {@link #waiting}. */
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
   * have just been authorized. If calls of a caller still wait for their previous check, no further
   * check of this caller's calls is requested.
   */
  public void lookAgain() {
    countRunning();
    Map<UUID, Deque<CheckedCall>> subjects = new LinkedHashMap<>();
    Set<IncomingCall> active = new HashSet<>();
    connections.forEachCall(
        call -> {
          CallRequest request = call.request();
          AuthorizedCall.AuthorizationBasis basis = call.basis();
          UUID caller = call.countedAs();
          if (request != null && basis != null && caller != null) {
            active.add(call);
            if (seen.contains(call)) {
              subjects
                  .computeIfAbsent(caller, unused -> new ArrayDeque<>(1))
                  .add(new CheckedCall(call, request, basis));
            }
          }
        });
    seen = active;
    if (isToBegin(subjects)) {
      begin();
    }
  }

  /** Adds calls that have to be checked. Returns whether a thread has to begin to check them. */
  private boolean isToBegin(Map<UUID, Deque<CheckedCall>> subjects) {
    synchronized (waiting) {
      subjects.forEach(waiting::putIfAbsent);
      boolean begins = !looking && !waiting.isEmpty();
      looking |= begins;
      return begins;
    }
  }

  private void begin() {
    boolean begun = false;
    try {
      blocking.execute(GuardedTask.logged(this::lookAtAll));
      begun = true;
    } catch (RejectedExecutionException stopping) {
      LOG.debug("the gateway is closing, and ends active calls");
    } finally {
      if (!begun) {
        stop();
      }
    }
  }

  private void stop() {
    synchronized (waiting) {
      waiting.clear();
      looking = false;
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

  private void lookAtAll() {
    boolean isDone = false;
    try {
      CheckedCall next = next();
      while (next != null) {
        lookAt(next);
        next = next();
      }
      isDone = true;
    } catch (StoreUnavailable e) {
      LOG.debug("active calls continue: the database does not answer");
    } catch (RejectedExecutionException stopping) {
      LOG.debug("the gateway is closing, and ends active calls");
    } finally {
      if (!isDone) {
        stop();
      }
    }
  }

  /**
   * Removes the next call to check. The caller of this call then moves behind all other callers.
   *
   * @return null if no call is left; another thread may then begin to check calls
   */
  private @Nullable CheckedCall next() {
    synchronized (waiting) {
      Iterator<Map.Entry<UUID, Deque<CheckedCall>>> callers = waiting.entrySet().iterator();
      if (!callers.hasNext()) {
        looking = false;
        return null;
      }
      Map.Entry<UUID, Deque<CheckedCall>> first = callers.next();
      UUID caller = first.getKey();
      Deque<CheckedCall> calls = first.getValue();
      callers.remove();
      CheckedCall next = calls.remove();
      if (!calls.isEmpty()) {
        waiting.put(caller, calls);
      }
      return next;
    }
  }

  /**
   * Checks one call. If the check fails or its query takes too long, the other calls must still be
   * checked. If the call has been permitted for another reason since the check began, for example
   * for another target, the result of this check is ignored, and the next check decides.
   */
  private void lookAt(CheckedCall subject) {
    Optional<CallRefusal> why;
    try {
      why = authorizeCall.lookAgain(subject.request(), subject.basis());
    } catch (StoreUnavailable e) {
      throw e;
    } catch (QueryTimeout e) {
      LOG.debug("a call continues: the database does not answer in time");
      return;
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
