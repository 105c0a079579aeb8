package io.claviger.bootstrap.logging;

import io.claviger.domain.accounts.Handle;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.CallDescription.Conversed;
import io.claviger.gateway.events.GatewayEvents.EndedWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs a line for each gateway call, or for a sample of the calls. A separate thread writes these
 * lines, so that no call waits for the log. If there are more calls than this thread can log, some
 * lines are left out, and their number is logged.
 *
 * <p>Each authorized call that failed is logged, even if only a sample of the other calls is
 * logged. Of the calls that were refused before authorization, only a few per second are logged,
 * because anybody could otherwise fill the log with such calls.
 */
public final class CallLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("io.claviger.calls");

  /**
   * The maximum number of log lines that wait to be written. This many lines take a few megabytes.
   */
  static final int MOST_WAITING = 4_096;

  /** The maximum number of log lines that are taken from the queue at once. */
  static final int AT_ONCE = 100;

  static final int MOST_UNAUTHORIZED_A_SECOND = 10;
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LAST_LINES_MILLIS = 2_000;

  private final int every;

  private final BlockingQueue<Line> waiting = new ArrayBlockingQueue<>(MOST_WAITING);

  private final AtomicLong succeeded = new AtomicLong();
  private final AtomicLong second = new AtomicLong();
  private final AtomicLong unauthorizedInSecond = new AtomicLong();
  private final LongAdder leftOut = new LongAdder();
  private final Thread writer = Thread.ofPlatform().daemon().name("call-log").unstarted(this::run);
  private volatile boolean closed;

  /**
   * A log line that has not been written yet.
   *
   * @param call the call that the line describes; empty if the line only wakes the writing thread
   */
  private record Line(Optional<CallDescription> call) {}

  private CallLog(int every) {
    this.every = every;
  }

  /**
   * @param every decides how many calls are logged: 1 logs each call, 100 logs every hundredth
   *     call, and 0 logs no calls
   */
  public static CallLog start(int every) {
    CallLog log = new CallLog(every);
    log.writer.start();
    return log;
  }

  /** Whether a call that has just ended is logged. Never blocks. */
  public boolean wants(boolean authorized, boolean failed) {
    if (every == 0 || closed || !LOG.isInfoEnabled()) {
      return false;
    }
    if (!authorized) {
      return isWithinSecond(System.nanoTime() / SECOND_NANOS);
    }
    return failed || every == 1 || succeeded.getAndIncrement() % every == 0;
  }

  private boolean isWithinSecond(long now) {
    long before = second.get();
    if (before != now && second.compareAndSet(before, now)) {
      unauthorizedInSecond.set(0);
    }
    boolean within = unauthorizedInSecond.getAndIncrement() < MOST_UNAUTHORIZED_A_SECOND;
    if (!within) {
      leftOut.increment();
    }
    return within;
  }

  /** Queues a log line, which is written soon. Never blocks. */
  public void add(CallDescription call) {
    if (!waiting.offer(new Line(Optional.of(call)))) {
      leftOut.increment();
    }
  }

  /** Writes the log lines that wait to be written. Takes at most two seconds. */
  @Override
  public void close() {
    closed = true;
    // If the queue is full, nothing is added, because the writing thread is awake anyway.
    boolean unused = waiting.offer(new Line(Optional.empty()));
    try {
      unused = writer.join(Duration.ofMillis(LAST_LINES_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Line> lines = new ArrayList<>();
    long reported = System.nanoTime();
    while (!closed || !waiting.isEmpty()) {
      try {
        Line next = waiting.poll(1, TimeUnit.SECONDS);
        if (next != null) {
          lines.add(next);
          int unused = waiting.drainTo(lines, AT_ONCE);
        }
      } catch (InterruptedException e) {
        return;
      }
      lines.forEach(line -> line.call().ifPresent(this::tryToWrite));
      lines.clear();
      if (System.nanoTime() - reported >= SECOND_NANOS) {
        reported = System.nanoTime();
        tellLeftOut();
      }
    }
    tellLeftOut();
  }

  /**
   * Writes a log line. A line that can't be written is left out, and later lines are written
   * nevertheless.
   */
  private void tryToWrite(CallDescription call) {
    try {
      write(call);
    } catch (RuntimeException e) {
      leftOut.increment();
    }
  }

  private void tellLeftOut() {
    long missing = leftOut.sumThenReset();
    if (missing > 0) {
      LOG.atInfo()
          .addKeyValue("left_out", missing)
          .log("{} calls were left out of this log", missing);
    }
  }

  private static void write(CallDescription call) {
    double added = millis(call.addedNanos());
    double provider = millis(call.providerNanos());
    String refusal = call.refusal().map(code -> " refusal=" + code).orElse("");
    String models = call.models().map(names -> " model=" + names).orElse("");
    String caller = call.caller().map(Handle::value).orElse("-");
    LoggingEventBuilder event = LOG.atInfo();
    event = event.addKeyValue("request_id", call.requestId());
    event = event.addKeyValue("caller", orNull(call.caller()));
    event = event.addKeyValue("address", call.address());
    event = event.addKeyValue("service", orNull(call.service()));
    event = event.addKeyValue("project", orNull(call.project()));
    event = event.addKeyValue("model", orNull(call.models()));
    event = event.addKeyValue("method", call.method());
    event = event.addKeyValue("operation", call.path());
    event = event.addKeyValue("status", call.status());
    event = event.addKeyValue("refusal", orNull(call.refusal()));
    event = event.addKeyValue("bytes_in", call.bytesIn());
    event = event.addKeyValue("bytes_out", call.bytesOut());
    event = event.addKeyValue("milliseconds", added);
    event = event.addKeyValue("provider_milliseconds", provider);
    if (call.waitedNanos() > 0) {
      event = event.addKeyValue("waited_milliseconds", millis(call.waitedNanos()));
    }
    if (call.webSocket().isPresent()) {
      EndedWebSocket ended = call.webSocket().get();
      event = event.addKeyValue("open_seconds", seconds(ended));
      event = event.addKeyValue("messages", ended.messages());
      event = event.addKeyValue("responses", ended.responses());
      event = event.addKeyValue("ended_by", ended.why());
    }
    if (call.conversed().isPresent()) {
      Conversed of = call.conversed().get();
      event = event.addKeyValue("connection", of.connection());
      event = event.addKeyValue("input_tokens", of.inputTokens());
      event = event.addKeyValue("output_tokens", of.outputTokens());
    }
    event.log(
        "{} {} {} {} {} ms here, {} ms at the provider, {} B in, {} B out request={}"
            + " user={}{}{}{}{}",
        call.method(),
        target(call),
        call.path(),
        call.status(),
        added,
        provider,
        call.bytesIn(),
        call.bytesOut(),
        call.requestId(),
        caller,
        models,
        refusal,
        call.conversed().map(CallLog::words).orElse(""),
        call.webSocket().map(CallLog::words).orElse(""));
  }

  private static String words(EndedWebSocket ended) {
    return " open for %s s, %d messages, %d responses, ended by %s"
        .formatted(seconds(ended), ended.messages(), ended.responses(), ended.why());
  }

  private static String words(Conversed of) {
    return " connection=%s, %d tokens in, %d tokens out"
        .formatted(of.connection(), of.inputTokens(), of.outputTokens());
  }

  private static double seconds(EndedWebSocket ended) {
    return ended.open().toMillis() / 1e3;
  }

  private static String target(CallDescription call) {
    String service = call.service().map(Object::toString).orElse("-");
    return call.project().map(project -> service + " through " + project).orElse(service);
  }

  private static @Nullable String orNull(Optional<?> value) {
    return value.isPresent() ? value.get().toString() : null;
  }

  /** Returns a time in milliseconds with three decimal places. */
  private static double millis(long nanos) {
    return Math.round(nanos / 1_000.0) / 1_000.0;
  }
}
