package io.claviger.gateway.provider;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;

/**
 * Whether the other side has closed a connection without the event loop having heard of it yet. A
 * request written then may or may not have been done, so that it could not be sent again.
 */
final class PeerState {
  private static final int ESTABLISHED = 1; // include/net/tcp_states.h

  private final EpollTcpInfo info = new EpollTcpInfo();

  /** Only the kernel's own account can tell; without epoll nothing is known, and nothing said. */
  boolean hasClosed(Channel channel) {
    if (!(channel instanceof EpollSocketChannel socket)) {
      return false;
    }
    try {
      return socket.tcpInfo(info).state() != ESTABLISHED;
    } catch (ChannelException e) {
      return true;
    }
  }
}
