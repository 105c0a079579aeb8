package io.claviger.gateway.relay;

import io.claviger.domain.formats.ErrorMeaning;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives the provider's answer before the relay does, if the gateway may send the call to another
 * target. If the provider has not done the requested work, the gate holds the answer back until the
 * gateway knows whether another target accepts the call. The gate forwards every other answer
 * immediately.
 */
final class AnswerGate implements ProviderListener {
  /**
   * Statuses after which it is certain that the provider has not begun the requested work. This is
   * also certain after a rejection of the key. After status 500, 502 or 504, this is not certain.
   */
  private static final Set<Integer> NOT_DONE = Set.of(402, 429, 503, 529);

  private static final int BAD_REQUEST = 400;

  private final ProviderListener relay;
  private final ProviderConnection connection;
  private final WireFormat format;
  private final TargetFailover targets;
  private final EventLoop loop;
  private final Consumer<Throwable> broken;
  private boolean open;
  private boolean undecided;
  private OptionalInt rejection = OptionalInt.empty();
  private @Nullable HeldAnswer held;

  /**
   * @param format the format of the provider's answers
   * @param broken an action that ends the call after an unexpected exception
   */
  AnswerGate(
      ProviderListener relay,
      ProviderConnection connection,
      WireFormat format,
      TargetFailover targets,
      EventLoop loop,
      Consumer<Throwable> broken) {
    this.relay = relay;
    this.connection = connection;
    this.format = format;
    this.targets = targets;
    this.loop = loop;
    this.broken = broken;
  }

  /** Forwards the answer, because no other target will be tried. */
  void open() {
    open = true;
    HeldAnswer answer = held;
    held = null;
    if (answer != null) {
      answer.replay(relay);
      connection.read(true);
    }
  }

  /**
   * The status of the answer that is held back, if the answer says that the provider rejected the
   * key; otherwise empty.
   */
  OptionalInt rejection() {
    return rejection;
  }

  /**
   * Discards the answer that is held back. This method can be called repeatedly.
   *
   * @return the status of the answer if it was held back until its end had arrived
   */
  OptionalInt close() {
    HeldAnswer answer = held;
    if (answer == null) {
      return OptionalInt.empty();
    }
    answer.close();
    boolean wasUndecided = undecided;
    undecided = false;
    return wasUndecided ? OptionalInt.of(answer.status()) : OptionalInt.empty();
  }

  @Override
  public void answered(HttpResponse head) {
    targets.headArrived(head);
    int status = head.status().code();
    rejection =
        ResponsePolicy.rejectsKey(head, format) ? OptionalInt.of(status) : OptionalInt.empty();
    if (open) {
      relay.answered(head);
    } else if (rejection.isPresent() || NOT_DONE.contains(status)) {
      hold(new HeldAnswer(head));
    } else if (status == BAD_REQUEST) {
      undecided = true;
      HeldAnswer answer = new HeldAnswer(head);
      held = answer;
      answer.afterLongest(loop, GuardedTask.of(() -> decideIfUndecided(answer), broken));
    } else {
      pass();
      relay.answered(head);
    }
  }

  private void pass() {
    open = true;
    targets.answeredFinally();
  }

  private void hold(HeldAnswer answer) {
    undecided = false;
    held = answer;
    connection.read(false);
    targets.notDone(this, RetryAfter.of(answer.head().headers()));
  }

  /** If the end of the answer does not arrive in time, decides from the part that has arrived. */
  private void decideIfUndecided(HeldAnswer late) {
    if (undecided && held == late) {
      decide(late);
    }
  }

  private void decide(HeldAnswer answer) {
    ErrorMeaning meaning = answer.meaning(format);
    if (!meaning.isOfAccount()) {
      undecided = false;
      targets.answeredFinally();
      open();
    } else {
      if (meaning == ErrorMeaning.KEY_INVALID) {
        rejection = OptionalInt.of(BAD_REQUEST);
      }
      hold(answer);
    }
  }

  @Override
  public void content(ByteBuf content) {
    HeldAnswer answer = held;
    if (open) {
      relay.content(content);
    } else if (answer == null) {
      content.release();
    } else if (answer.add(content) && undecided) {
      decide(answer);
    }
  }

  @Override
  public void answerEnded() {
    HeldAnswer answer = held;
    if (open || answer == null) {
      relay.answerEnded();
      return;
    }
    answer.end();
    if (undecided) {
      decide(answer);
    }
  }

  @Override
  public void paused() {
    if (open) {
      relay.paused();
    }
  }

  @Override
  public void writable() {
    relay.writable();
  }

  @Override
  public void silent() {
    openIfHeld();
    relay.silent();
  }

  @Override
  public void broken() {
    HeldAnswer answer = held;
    if (answer != null && !undecided) {
      answer.breakOff();
    } else {
      openIfHeld();
      relay.broken();
    }
  }

  @Override
  public void malformed() {
    openIfHeld();
    relay.malformed();
  }

  private void openIfHeld() {
    if (held != null) {
      open();
    }
  }
}
