package io.claviger.gateway.relay;

import io.claviger.domain.formats.ErrorMeaning;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.out.ProviderListener;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Receives the answer to a request in which the gateway asks for the reasoning. A provider that
 * refuses this has not begun, so the request is sent once more without it, and the caller never
 * sees the refusal. Every other answer passes.
 */
final class ReasoningGate implements ProviderListener {
  private static final int BAD_REQUEST = 400;

  private final ProviderListener next;
  private final WireFormat format;
  private final Runnable accepted;
  private final Runnable refused;
  private boolean open;
  private @Nullable HeldAnswer held;

  /**
   * @param next receives an answer that passes
   * @param accepted called once when the answer says nothing else or passes anyway
   * @param refused called instead, to send the request again
   */
  ReasoningGate(ProviderListener next, WireFormat format, Runnable accepted, Runnable refused) {
    this.next = next;
    this.format = format;
    this.accepted = accepted;
    this.refused = refused;
  }

  /** Passes the answer on, whatever it says. Can be repeated. */
  void open() {
    if (open) {
      return;
    }
    open = true;
    accepted.run();
    HeldAnswer answer = held;
    held = null;
    if (answer != null) {
      answer.replay(next);
    }
  }

  /** Drops what is kept back. Can be repeated. */
  void close() {
    if (held != null) {
      held.close();
    }
  }

  @Override
  public void answered(HttpResponse head) {
    if (!open && head.status().code() == BAD_REQUEST) {
      held = new HeldAnswer(head);
    } else {
      open();
      next.answered(head);
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
    if (answer.meaning(format) == ErrorMeaning.INCLUDE_REFUSED) {
      refused.run();
    } else {
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
