package io.claviger.gateway.out;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Tells whether a provider has closed an idle connection, or sent bytes on it, before the event
 * loop has noticed. A request that is written after a close may or may not be processed, so it
 * could not be sent again. Bytes that were sent would be taken for its answer.
 */
final class PeerState {
  private final ByteBuffer unasked = ByteBuffer.allocateDirect(1);

  /**
   * Tries to read a byte, which is the cheapest way to ask the kernel. Unless there is none, the
   * connection can't be used. Where the socket can't be read directly, the answer is always yes.
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
