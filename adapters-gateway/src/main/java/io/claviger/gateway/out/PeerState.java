package io.claviger.gateway.out;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Tells whether a provider has closed an idle connection, or has sent bytes on it. This class
 * recognises both events even if the event loop has not noticed them yet. If a provider closes a
 * connection, the gateway does not know whether the provider has processed the request on it, so
 * the gateway could not safely send that request again. Bytes that a provider sends before a
 * request would be mistaken for the answer to the next request.
 */
final class PeerState {
  private final ByteBuffer unasked = ByteBuffer.allocateDirect(1);

  /**
   * Whether the provider has neither closed the connection nor sent any bytes on it. Reading one
   * byte is the cheapest way to ask the kernel about this. If the socket can't be read directly,
   * the method always returns true.
   */
  boolean isSilent(Channel channel) {
    if (!(channel instanceof UnixChannel socket)) {
      return true;
    }
    try {
      return socket.fd().read(unasked, 0, 1) == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
