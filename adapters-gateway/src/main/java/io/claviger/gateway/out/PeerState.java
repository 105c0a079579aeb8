package io.claviger.gateway.out;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;

/**
 * Tells whether a provider has closed an idle connection or has sent bytes on the connection. The
 * check notices a closed connection or received bytes even before the event loop does. After a
 * provider has closed a connection, the gateway can't safely repeat a request that it sent on this
 * connection, because the provider might have processed the request. Bytes that arrive before a
 * request would be mistaken for the answer.
 */
final class PeerState {
  private final ByteBuffer unasked = ByteBuffer.allocateDirect(1);

  /**
   * Whether the provider has neither closed the connection nor sent bytes. A read of one byte is
   * the cheapest way to ask the kernel. Always true if the socket can't be read directly. Only
   * called on the channel's event loop: elsewhere, the loop could close the socket meanwhile, and
   * the byte could come from another socket with the same descriptor.
   */
  boolean isSilent(Channel channel) {
    if (!(channel instanceof UnixChannel socket)) {
      return true;
    }
    try {
      return socket.fd().read(unasked, 0, 1) == 0;
    } catch (IOException | NotYetConnectedException e) {
      return false;
    }
  }
}
