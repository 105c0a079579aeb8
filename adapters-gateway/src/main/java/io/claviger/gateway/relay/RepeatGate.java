package io.claviger.gateway.relay;

import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Receives an answer before the relay does. This class is used for requests that the gateway is
 * allowed to repeat. If a refusal shows that the provider has not begun the work, the gateway drops
 * the refusal and repeats the request. The caller never sees the refusal. All other answers are
 * forwarded. A refusal that is too long or does not end in time is forwarded as well.
 */
final class RepeatGate implements ProviderListener {
  private final ProviderListener next;
  private final EventLoop loop;
  private final Consumer<Throwable> broken;
  private final Kind kind;
  private boolean open;
  private @Nullable HeldAnswer held;

  /**
   * Decides which answers are refusals, and how to handle them.
   *
   * @param holds a function that decides from the head of an answer whether to hold the answer back
   *     until its body has arrived
   * @param repeats a function that repeats the request if a complete refusal permits this, and
   *     returns whether it has done so
   * @param passes an action that is called once, when the gateway begins to forward an answer
   */
  record Kind(Predicate<HttpResponse> holds, Predicate<HeldAnswer> repeats, Runnable passes) {}

  /**
   * @param next the listener that receives the answer if it is forwarded
   * @param broken an action that ends the call after an unexpected exception
   */
  RepeatGate(ProviderListener next, EventLoop loop, Consumer<Throwable> broken, Kind kind) {
    this.next = next;
    this.loop = loop;
    this.broken = broken;
    this.kind = kind;
  }

  /** Forwards the answer, even if it is a refusal. This method can be called repeatedly. */
  void open() {
    if (open) {
      return;
    }
    open = true;
    kind.passes.run();
    HeldAnswer answer = held;
    held = null;
    if (answer != null) {
      answer.replay(next);
    }
  }

  /**
   * Discards the answer that is held back. This method can be called repeatedly.
   *
   * @return the status of the answer that was held back
   */
  OptionalInt close() {
    open = true;
    HeldAnswer answer = held;
    if (answer == null) {
      return OptionalInt.empty();
    }
    held = null;
    answer.close();
    return OptionalInt.of(answer.status());
  }

  @Override
  public void answered(HttpResponse head) {
    if (!open && kind.holds.test(head)) {
      HeldAnswer answer = new HeldAnswer(head);
      held = answer;
      answer.afterLongest(loop, GuardedTask.of(() -> openIfHeld(answer), broken));
    } else {
      open();
      next.answered(head);
    }
  }

  private void openIfHeld(HeldAnswer late) {
    if (held == late) {
      open();
    }
  }

  @Override
  public void content(ByteBuf content) {
    HeldAnswer answer = held;
    if (answer == null) {
      next.content(content);
    } else if (answer.add(content)) {
      open();
    }
  }

  @Override
  public void answerEnded() {
    HeldAnswer answer = held;
    if (answer == null) {
      next.answerEnded();
      return;
    }
    answer.end();
    if (!kind.repeats.test(answer)) {
      open();
    }
  }

  @Override
  public void paused() {
    if (open) {
      next.paused();
    }
  }

  @Override
  public void writable() {
    next.writable();
  }

  @Override
  public void silent() {
    open();
    next.silent();
  }

  @Override
  public void broken() {
    open();
    next.broken();
  }

  @Override
  public void malformed() {
    open();
    next.malformed();
  }
}
