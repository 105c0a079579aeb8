package io.claviger.client.http;

import io.claviger.client.terminal.StandardTerminal;
import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the user at the terminal that a command is waiting for the server, as soon as it has waited
 * for one second. The note is a line on standard error. The note is removed when the answer has
 * arrived.
 */
final class WaitingNote implements AutoCloseable {
  private static final int STANDARD_ERROR = 2;
  private static final int TICK_MILLIS = 250;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
  private static final String TURNING = "|/-\\";
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream out;
  private final String host;
  private final BooleanSupplier seen;
  private @Nullable ScheduledExecutorService ticks;
  private @Nullable Boolean shown;
  private long began;
  private long waited;
  private int turn;
  private boolean waits;
  private boolean written;

  /**
   * @param seen the function that says whether anybody would see the line; called at most once,
   *     after a second of waiting
   */
  WaitingNote(PrintStream out, String host, BooleanSupplier seen) {
    this.out = out;
    this.host = host;
    this.seen = seen;
  }

  static WaitingNote onTerminal(String host) {
    return new WaitingNote(System.err, host, () -> StandardTerminal.isTerminal(STANDARD_ERROR));
  }

  static WaitingNote none() {
    return new WaitingNote(System.err, "", () -> false);
  }

  /** Called at the beginning of a request. */
  synchronized void begin() {
    waits = true;
    began = System.nanoTime();
    if (ticks == null) {
      ScheduledExecutorService made =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("waiting").factory());
      var unused =
          made.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
      ticks = made;
    }
  }

  /** Called at the end of a request. */
  synchronized void end() {
    waited += waits ? System.nanoTime() - began : 0;
    waits = false;
    if (written) {
      out.print(CLEAR);
      out.flush();
      written = false;
    }
  }

  private synchronized void tick() {
    long passed = waited + System.nanoTime() - began;
    if (waits && passed >= PATIENCE && isShown()) {
      char turned = TURNING.charAt(turn++ % TURNING.length());
      out.printf("%s%c %s: %d s", CLEAR, turned, host, TimeUnit.NANOSECONDS.toSeconds(passed));
      out.flush();
      written = true;
    }
  }

  private boolean isShown() {
    boolean is = shown == null ? seen.getAsBoolean() : shown;
    shown = is;
    return is;
  }

  @Override
  public synchronized void close() {
    end();
    if (ticks != null) {
      ticks.shutdownNow();
      ticks = null;
    }
  }
}
