package io.claviger.gateway.warmup;

import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.routing.ModelRouting;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.gateway.Gateway;
import io.claviger.gateway.GatewaySettings;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.gateway.events.GatewayEvents;
import io.claviger.gateway.out.OutboundSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Sends calls through a separate gateway to a separate provider, both on the loopback address,
 * until the JVM has compiled the code for calls. During these calls, connections to the database
 * are opened, each of which costs the server tens of milliseconds of CPU time. A node warms up
 * before it serves callers, because its first callers would otherwise wait up to a hundred times as
 * long as later callers.
 */
public final class WarmUp {
  private static final String HERE = "127.0.0.1";
  private static final int CALLERS = 32;

  /** The number of connections to the database that calls may use if nobody sets another number. */
  private static final int CONNECTIONS = 8;

  private WarmUp() {}

  /**
   * The calls of the warm-up.
   *
   * @param authorization the object that authorizes these calls, and no others
   * @param path the path of the service at the gateway, without a final slash
   * @param token the access token of the calls
   * @param queries the queries that prepare a connection to the database, for about a second at
   *     most. The queries run on several threads at once, because each thread that has to wait lets
   *     the pool open a further connection
   */
  public record Calls(
      CallAuthorization authorization, String path, TokenText token, Runnable queries) {}

  /**
   * Sends calls for a limited time. Returns only after all calls have ended.
   *
   * @param calls a function that returns the calls for a provider with the given endpoint
   * @param events the object that receives the events of the calls
   * @return how many calls were answered with status 200
   */
  public static long run(
      Function<Endpoint, Calls> calls, ModelRouting routing, GatewayEvents events, Duration time) {
    try (WarmUpProvider provider = WarmUpProvider.listen()) {
      Calls made = calls.apply(provider.endpoint());
      GatewaySettings settings =
          GatewaySettings.on(HERE, 0)
              .withOutbound(
                  OutboundSettings.strict()
                      .withAllowedPrivateHosts(AllowedPrivateHosts.of(provider.authority())));
      try (Gateway gateway = Gateway.start(settings, made.authorization(), routing, events);
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        CompletableFuture<?>[] prepared = new CompletableFuture<?>[CONNECTIONS];
        Arrays.setAll(prepared, n -> CompletableFuture.runAsync(made.queries(), threads));
        long answered =
            new WarmUpCallers(gateway.address(), made.path(), made.token()).callFor(CALLERS, time);
        Void unused = CompletableFuture.allOf(prepared).join();
        return answered;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
