package io.claviger.application.gateway.port;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Makes requests to providers for Claviger itself. The requests use the gateway's outbound
 * transport, under the same rules as calls.
 */
public interface ProviderRequests {
  /**
   * A request without a body. The request is sent with the headers that every request about stored
   * objects needs.
   *
   * @param path the path below the service's endpoint
   * @param query the query of the request's URL, without the key
   * @param mostBytes the maximum number of bytes to read from the answer's body
   */
  record ProviderRequest(String method, String path, String query, int mostBytes) {
    /** Creates a request. The body of the answer to this request is not read. */
    public ProviderRequest(String method, String path) {
      this(method, path, "", 0);
    }
  }

  /**
   * An answer.
   *
   * @param status the status of the answer; 0 if there was no answer
   * @param body the part of the body that was read; it might contain secrets
   * @param isCut whether the answer's body was longer than the part that was read
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record ProviderAnswer(int status, byte[] body, boolean isCut) {
    public static final ProviderAnswer NONE = new ProviderAnswer(0, new byte[0], false);
  }

  /**
   * Sends a request. This method never blocks, and its future never fails. The caller keeps {@code
   * call} open until the future is done, and then closes {@code call}.
   *
   * @param limit the time limit of the request, including the time to connect
   */
  CompletableFuture<ProviderAnswer> send(
      AuthorizedCall call, ProviderRequest request, Duration limit);
}
