package io.claviger.gateway.in;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * Secures the connections of callers with TLS. TLS handshakes are limited in time and in number,
 * and their computations run on separate threads, so that many handshakes do not delay calls.
 */
public final class CallerTls implements AutoCloseable {
  /** The longest time that a TLS handshake may take. */
  public static final int LONGEST_MILLIS = 10_000;

  /** The maximum number of handshakes that may be under way at the same time. */
  public static final int MOST = 1_000;

  private final Supplier<SSLEngine> engines;
  private final AtomicInteger underWay = new AtomicInteger();
  private final ExecutorService computing =
      Executors.newFixedThreadPool(
          Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
          Thread.ofPlatform().daemon().name("tls-handshakes-", 0).factory());

  /**
   * @param engines a function that creates the server's side of each connection
   */
  public CallerTls(Supplier<SSLEngine> engines) {
    this.engines = engines;
  }

  /**
   * Adds TLS to a newly accepted connection.
   *
   * @return false if too many handshakes are already under way
   */
  public boolean addTo(Channel channel) {
    if (underWay.incrementAndGet() > MOST) {
      underWay.decrementAndGet();
      return false;
    }
    boolean begins = false;
    try {
      SslHandler tls = new SslHandler(engines.get(), computing);
      tls.setHandshakeTimeoutMillis(LONGEST_MILLIS);
      tls.handshakeFuture().addListener(over -> underWay.decrementAndGet());
      begins = true;
      channel.pipeline().addLast(tls);
    } finally {
      if (!begins) {
        underWay.decrementAndGet();
      }
    }
    return true;
  }

  @Override
  public void close() {
    computing.shutdown();
  }
}
