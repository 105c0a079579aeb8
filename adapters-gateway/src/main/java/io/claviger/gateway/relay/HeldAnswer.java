package io.claviger.gateway.relay;

import io.claviger.domain.formats.ErrorMeaning;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.out.ProviderListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the gateway holds back as a whole, because another target might give a better
 * answer.
 */
final class HeldAnswer {
  /**
   * The largest error, in bytes, in which the gateway looks for a reason. Larger errors are not
   * read.
   */
  private static final int ENOUGH = 64 << 10;

  /** The time, in milliseconds, within which the body of a refusal has to arrive. */
  private static final int MOST_MILLIS = 1_000;

  private final HttpResponse head;

  /**
   * The body so far; null before its first part. The parts are copied, because the buffers of many
   * small parts would take many times as much memory as their content.
   */
  private @Nullable ByteBuf body;

  private boolean ended;
  private boolean broken;
  private @Nullable Future<?> timer;

  HeldAnswer(HttpResponse head) {
    this.head = head;
  }

  HttpResponse head() {
    return head;
  }

  int status() {
    return head.status().code();
  }

  /**
   * Runs a task after a second, unless the answer has been forwarded or discarded by then. When the
   * answer is forwarded or discarded, the timer also gives up its reference to the call.
   */
  void afterLongest(EventLoop loop, Runnable late) {
    timer = loop.schedule(late, MOST_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void endTimer() {
    if (timer != null) {
      boolean unused = timer.cancel(false);
      timer = null;
    }
  }

  /**
   * @param part the next part; the callee has to release it
   * @return whether the error so far is enough to find the reason
   */
  boolean add(ByteBuf part) {
    try {
      ByteBuf held = body == null ? part.alloc().buffer(part.readableBytes()) : body;
      body = held;
      return held.writeBytes(part).readableBytes() >= ENOUGH;
    } finally {
      part.release();
    }
  }

  void end() {
    ended = true;
  }

  /** Records that the rest of the answer will not arrive. */
  void breakOff() {
    broken = true;
  }

  /** The meaning of the answer if it is an error. */
  ErrorMeaning meaning(WireFormat format) {
    return reading(format).meaning();
  }

  /** What the answer says about limits if it is an error. */
  ErrorReader.Reading reading(WireFormat format) {
    ByteBuf whole = body == null ? Unpooled.EMPTY_BUFFER : body.duplicate();
    return ErrorReader.read(format, new ByteBufInputStream(whole));
  }

  /** Forwards the whole answer to a listener. */
  void replay(ProviderListener to) {
    endTimer();
    to.answered(head);
    ByteBuf whole = body;
    body = null;
    if (whole != null) {
      to.content(whole);
    }
    if (ended) {
      to.answerEnded();
    } else if (broken) {
      to.broken();
    } else {
      to.paused();
    }
  }

  void close() {
    endTimer();
    if (body != null) {
      body.release();
      body = null;
    }
  }
}
