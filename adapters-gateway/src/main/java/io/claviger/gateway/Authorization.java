package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallAuthorization.Outcome;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.GuardedTask;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks whether a call may be made: at once where that can be answered from memory, else away from
 * the event loop, since it may block, and back to it.
 */
final class Authorization implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Authorization.class);

  /** Nobody waits longer for a database that hangs, and a yes that comes later may be obsolete. */
  private static final long PATIENCE_MILLIS = 3_000;

  /** Told on the event loop. */
  interface Asker {
    /** The passage is theirs to close, even if they no longer need it. */
    void authorized(AuthorizedCall passage);

    /**
     * @param service as far as the caller may know it
     */
    void refused(CallError why, Optional<KnownService> service);

    /** Something unforeseen happened. The call must end, and its secrets be wiped. */
    void failed(Throwable why);
  }

  private final AuthorizationContext context;
  private final CallAuthorization.CallRequest call;
  private final EventLoop loop;
  private final Asker asker;
  private @Nullable Future<?> patience;
  private long began;
  private boolean told;

  Authorization(
      AuthorizationContext context,
      CallAuthorization.CallRequest call,
      EventLoop loop,
      Asker asker) {
    this.context = context;
    this.call = call;
    this.loop = loop;
    this.asker = asker;
  }

  /** Tells the asker before it returns, or later. */
  void begin() {
    Optional<Outcome> atOnce;
    try {
      atOnce = context.authorizeCall().authorizeAtOnce(call);
    } catch (Throwable e) {
      LOG.error("{}: the authorization failed", call.requestId(), e);
      asker.refused(CallError.INTERNAL, Optional.empty());
      return;
    }
    if (atOnce.isEmpty()) {
      askAway();
      return;
    }
    switch (atOnce.get()) {
      case Outcome.Authorized authorized -> handOver(authorized.passage());
      case Outcome.Refused refused -> asker.refused(CallError.of(refused), refused.service());
    }
  }

  /** Its secrets do not outlive a failure on their way. */
  private void handOver(AuthorizedCall passage) {
    try {
      asker.authorized(passage);
    } catch (Throwable e) {
      passage.close();
      asker.failed(e);
    }
  }

  private void askAway() {
    began = System.nanoTime();
    patience = loop.schedule(guarded(this::late), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    try {
      context.executor().ask(call.address(), this);
    } catch (RejectedExecutionException e) {
      tellRefused(CallError.BUSY, Optional.empty());
    }
  }

  @Override
  public void run() {
    try {
      tell(context.authorizeCall().authorize(call));
    } catch (StoreUnavailable e) {
      LOG.warn("{}: refused, since the database can't be asked", call.requestId());
      refuse(CallError.SERVICE_UNAVAILABLE, Optional.empty());
    } catch (Throwable e) {
      LOG.error("{}: the authorization failed", call.requestId(), e);
      refuse(CallError.INTERNAL, Optional.empty());
    }
  }

  private void tell(Outcome outcome) {
    if (outcome instanceof Outcome.Authorized authorized) {
      AuthorizedCall passage = authorized.passage();
      try {
        loop.execute(guarded(() -> tellAuthorized(passage)));
      } catch (RejectedExecutionException stopped) {
        passage.close();
      } catch (Throwable e) {
        passage.close();
        throw e;
      }
    } else {
      Outcome.Refused refused = (Outcome.Refused) outcome;
      refuse(CallError.of(refused), refused.service());
    }
  }

  private void refuse(CallError why, Optional<KnownService> service) {
    try {
      loop.execute(guarded(() -> tellRefused(why, service)));
    } catch (RejectedExecutionException stopped) {
      LOG.debug("{}: nobody is left to be told {}", call.requestId(), why.code());
    }
  }

  private Runnable guarded(Runnable task) {
    return GuardedTask.of(task, asker::failed);
  }

  private void late() {
    LOG.warn("{}: refused, since the database does not answer", call.requestId());
    tellRefused(CallError.SERVICE_UNAVAILABLE, Optional.empty());
  }

  private void tellAuthorized(AuthorizedCall passage) {
    // A process that was stopped meanwhile may come here before it comes to its timers.
    if (!told && System.nanoTime() - began > PATIENCE_MILLIS * 1_000_000) {
      late();
    }
    if (isFirst()) {
      handOver(passage);
    } else {
      passage.close();
    }
  }

  private void tellRefused(CallError why, Optional<KnownService> service) {
    if (isFirst()) {
      asker.refused(why, service);
    }
  }

  private boolean isFirst() {
    boolean first = !told;
    told = true;
    if (patience != null) {
      patience.cancel(false);
    }
    return first;
  }
}
