package io.claviger.application.gateway.port;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Makes the requests to providers that Claviger itself needs. The requests use the gateway's
 * outbound transport, and the same rules apply to them as to calls.
 */
public interface ProviderRequests {
  /**
   * A request without a body. The request is sent with the headers that every request about stored
   * objects needs.
   *
   * @param path the path below the service's endpoint
   * @param query the query without the key
   * @param mostBytes the greatest number of bytes of the answer's body that are read
   */
  record ProviderRequest(String method, String path, String query, int mostBytes) {
    /** A request for which the body of the answer is not read. */
    public ProviderRequest(String method, String path) {
      this(method, path, "", 0);
    }
  }

  /**
   * An answer.
   *
   * @param status the status of the answer; 0 if there was no answer
   * @param body the part of the body that was read; this part may contain secrets
   * @param isCut whether the answer's body was longer than the bytes that were read
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record ProviderAnswer(int status, byte[] body, boolean isCut) {
    public static final ProviderAnswer NONE = new ProviderAnswer(0, new byte[0], false);
  }

  /**
   * Sends a request. This method never blocks, and its future never fails. The caller keeps {@code
   * call} open until the future is done, and then closes it.
   *
   * @param limit how long the request may take, including connecting
   */
  CompletableFuture<ProviderAnswer> send(
      AuthorizedCall call, ProviderRequest request, Duration limit);
}
