package io.claviger.gateway.webhooks;

import io.claviger.application.webhooks.port.WebhookSender;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.out.OutboundTransport;
import io.claviger.gateway.out.ProviderPool;
import io.claviger.gateway.wire.GuardedTask;
import io.claviger.gateway.wire.Transport;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * Posts messages to webhooks. The addresses must be permitted for users' services. It has its own
 * event loop and threads, which are started by the first message.
 */
public final class OutboundWebhooks implements WebhookSender, AutoCloseable {
  private final OutboundTransport out;
  private final Optional<URI> publicUrl;
  private final EventLoop loop;
  private final ProviderPool connections;

  /** Confined to the loop. */
  private final Set<WebhookCall> running = new HashSet<>();

  private volatile boolean closed;

  /** Uses the JDK's transport: messages are rare, and it needs no native library. */
  private OutboundWebhooks(OutboundSettings settings, Optional<URI> publicUrl) {
    this.publicUrl = publicUrl;
    out =
        new OutboundTransport(
            1, new DefaultThreadFactory("webhooks", true), Transport.jdk(), settings);
    loop = out.loops().next();
    connections = out.newPool(loop);
  }

  public static OutboundWebhooks start(OutboundSettings settings) {
    return start(settings, Optional.empty());
  }

  /**
   * @param publicUrl the URL at which people reach the console; if empty, messages have no links
   */
  public static OutboundWebhooks start(OutboundSettings settings, Optional<URI> publicUrl) {
    return new OutboundWebhooks(settings, publicUrl);
  }

  @Override
  public CompletableFuture<Optional<DeliveryFailure>> post(
      Posting posting, Secret secret, Duration limit) {
    WebhookCall call =
        new WebhookCall(
            WebhookRequest.of(posting, secret, publicUrl), posting.owner(), limit, connections);
    try {
      loop.execute(GuardedTask.of(() -> begin(call), failure -> call.giveUp()));
    } catch (RejectedExecutionException e) {
      call.giveUp();
    }
    return call.result();
  }

  private void begin(WebhookCall call) {
    if (closed) {
      call.giveUp();
      return;
    }
    running.add(call);
    call.start(loop, () -> running.remove(call));
  }

  /** Ends the running attempts, and fails their futures. */
  @Override
  public void close() {
    closed = true;
    try {
      loop.execute(GuardedTask.logged(() -> List.copyOf(running).forEach(WebhookCall::giveUp)));
    } catch (RejectedExecutionException e) {
      // The loop has ended already.
    }
    out.close();
  }
}
