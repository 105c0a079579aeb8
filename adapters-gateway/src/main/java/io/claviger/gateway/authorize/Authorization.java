package io.claviger.gateway.authorize;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.application.gateway.CallAuthorization;
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
 * Authorizes a call: at once where memory has the answer, otherwise on another thread, because the
 * database may have to be asked. The outcome is told on the event loop.
 */
final class Authorization implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Authorization.class);

  /** The longest wait for the database. A permission that arrives later may be out of date. */
  private static final long MOST_MILLIS = 3_000;

  /** Told on the event loop. */
  interface Asker {
    /**
     * @param call taken over, to be closed even if it is no longer needed
     */
    void authorized(AuthorizedCall call);

    void refused(Outcome.Refused refused);

    /** Nothing could be decided. */
    void undecided(CallError why);

    /** An unexpected failure. The call must end, and its secrets be wiped. */
    void failed(Throwable why);
  }

  private final AuthorizationContext context;
  private final CallAuthorization.CallRequest call;
  private final EventLoop loop;
  private final Asker asker;
  private @Nullable Future<?> deadline;
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
      asker.undecided(CallError.INTERNAL);
      return;
    }
    if (atOnce.isEmpty()) {
      askOffLoop();
      return;
    }
    switch (atOnce.get()) {
      case Outcome.Authorized authorized -> handOver(authorized.call());
      case Outcome.Refused refused -> asker.refused(refused);
    }
  }

  /** Wipes the secrets if the asker fails. */
  private void handOver(AuthorizedCall granted) {
    try {
      asker.authorized(granted);
    } catch (Throwable e) {
      granted.close();
      asker.failed(e);
    }
  }

  private void askOffLoop() {
    began = System.nanoTime();
    deadline = loop.schedule(guarded(this::late), MOST_MILLIS, TimeUnit.MILLISECONDS);
    try {
      context.executor().execute(call.address(), this);
    } catch (RejectedExecutionException e) {
      tellUndecided(CallError.BUSY);
    }
  }

  @Override
  public void run() {
    try {
      tell(context.authorizeCall().authorize(call));
    } catch (StoreUnavailable e) {
      LOG.warn("{}: refused, because the database can't be asked", call.requestId());
      leaveUndecided(CallError.SERVICE_UNAVAILABLE);
    } catch (Throwable e) {
      LOG.error("{}: the authorization failed", call.requestId(), e);
      leaveUndecided(CallError.INTERNAL);
    }
  }

  private void tell(Outcome outcome) {
    switch (outcome) {
      case Outcome.Authorized authorized -> tellOnLoop(authorized.call());
      case Outcome.Refused refused ->
          onLoop(() -> tellRefused(refused), CallError.of(refused).code());
    }
  }

  private void tellOnLoop(AuthorizedCall granted) {
    try {
      loop.execute(guarded(() -> tellAuthorized(granted)));
    } catch (RejectedExecutionException stopped) {
      granted.close();
    } catch (Throwable e) {
      granted.close();
      throw e;
    }
  }

  private void leaveUndecided(CallError why) {
    onLoop(() -> tellUndecided(why), why.code());
  }

  private void onLoop(Runnable telling, String code) {
    try {
      loop.execute(guarded(telling));
    } catch (RejectedExecutionException stopped) {
      LOG.debug("{}: the event loop ended before it could be told {}", call.requestId(), code);
    }
  }

  private Runnable guarded(Runnable task) {
    return GuardedTask.of(task, asker::failed);
  }

  private void late() {
    LOG.warn("{}: refused, because the database does not answer", call.requestId());
    tellUndecided(CallError.SERVICE_UNAVAILABLE);
  }

  private void tellAuthorized(AuthorizedCall granted) {
    // A process that was suspended may come here before its timers run.
    if (!told && System.nanoTime() - began > MOST_MILLIS * 1_000_000) {
      late();
    }
    if (isFirst()) {
      handOver(granted);
    } else {
      granted.close();
    }
  }

  private void tellRefused(Outcome.Refused refused) {
    if (isFirst()) {
      asker.refused(refused);
    }
  }

  private void tellUndecided(CallError why) {
    if (isFirst()) {
      asker.undecided(why);
    }
  }

  private boolean isFirst() {
    boolean first = !told;
    told = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    return first;
  }
}
