package io.claviger.gateway.out;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Whether the other side has closed a connection, or said something unasked, without the event loop
 * having heard of it yet. A request written after a close may or may not have been done, so that it
 * could not be sent again; and what was said would be taken for its answer.
 */
final class PeerState {
  private final ByteBuffer unasked = ByteBuffer.allocateDirect(1);

  /**
   * Reads a byte, for that is the cheapest question to the kernel: after any other answer than that
   * there is none, the connection is of no use. Without sockets of the kernel's own nothing is
   * known, and nothing said.
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
