package io.claviger.application.gateway.port;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Makes requests of Claviger's own to providers, over the gateway's outbound transport and under
 * the same rules as calls.
 */
public interface ProviderRequests {
  /**
   * A request without a body. It has the headers that each request about stored objects has to
   * have.
   *
   * @param path below the service's endpoint
   * @param query without the key
   * @param mostBytes the most bytes of the answer's body that are read
   */
  record ProviderRequest(String method, String path, String query, int mostBytes) {
    /** A request whose answer's body does not matter. */
    public ProviderRequest(String method, String path) {
      this(method, path, "", 0);
    }
  }

  /**
   * An answer.
   *
   * @param status 0 if there was none
   * @param body what was read of it, which may contain secrets
   * @param isCut whether it was longer
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record ProviderAnswer(int status, byte[] body, boolean isCut) {
    public static final ProviderAnswer NONE = new ProviderAnswer(0, new byte[0], false);
  }

  /**
   * Sends a request. It never blocks, and its future never fails. The caller keeps {@code call}
   * open until the future is done, and closes it then.
   *
   * @param limit how long it may take, including connecting
   */
  CompletableFuture<ProviderAnswer> send(
      AuthorizedCall call, ProviderRequest request, Duration limit);
}
