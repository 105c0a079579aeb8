package io.claviger.bootstrap.settings;

/**
 * The limit of API requests for one caller.
 *
 * @param requestsPerMinute the requests per minute on this node that one user, or one address
 *     without an access token, may send
 */
public record ApiSettings(int requestsPerMinute) {
  private static final String REQUESTS_PER_MINUTE = "CLAVIGER_API_REQUESTS_PER_MINUTE";
  private static final int STANDARD_REQUESTS_PER_MINUTE = 1_200;

  static ApiSettings read(Environment environment) {
    return new ApiSettings(
        (int) environment.number(REQUESTS_PER_MINUTE, 1, 10_000_000, STANDARD_REQUESTS_PER_MINUTE));
  }
}
