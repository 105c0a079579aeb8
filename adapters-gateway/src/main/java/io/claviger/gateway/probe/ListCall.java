package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * A call for one page of a provider's list of models or stored objects. The result is empty if the
 * provider returns no such page. Only used on the event loop of the call.
 */
final class ListCall extends ProviderCall<Optional<ListCall.ListBody>> {
  /**
   * The body of an answer.
   *
   * @param bytes the body in memory; can be read only once
   * @param length the number of bytes in {@code bytes}
   * @param isCut whether the answer was longer than {@code bytes}
   */
  record ListBody(InputStream bytes, int length, boolean isCut) {}

  private final HeldBody body;

  ListCall(AuthorizedCall authorized, ProbeRequest request, Duration limit, int mostBytes) {
    super(authorized, request, limit);
    this.body = new HeldBody(mostBytes);
  }

  @Override
  public void content(ByteBuf content) {
    if (!body.add(content)) {
      end(Optional.of(received(true)));
    }
  }

  private ListBody received(boolean isCut) {
    byte[] bytes = body.bytes();
    return new ListBody(new ByteArrayInputStream(bytes), bytes.length, isCut);
  }

  @Override
  public void answerEnded() {
    end(Optional.of(received(false)));
  }

  @Override
  protected void giveUp() {
    end(Optional.empty());
  }
}
