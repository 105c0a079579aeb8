package io.claviger.bootstrap.settings;

import io.claviger.web.pages.Pages;

/**
 * Settings of the API and of the console.
 *
 * @param requestsPerMinute the requests per minute on this node that one user, or one address
 *     without an access token, may send
 * @param keyAgeDays how many days old a key is when the console reminds its owner of it
 */
public record ApiSettings(int requestsPerMinute, int keyAgeDays) {
  private static final String REQUESTS_PER_MINUTE = "CLAVIGER_API_REQUESTS_PER_MINUTE";
  private static final int STANDARD_REQUESTS_PER_MINUTE = 1_200;

  static ApiSettings read(Environment environment) {
    return new ApiSettings(
        (int) environment.number(REQUESTS_PER_MINUTE, 1, 10_000_000, STANDARD_REQUESTS_PER_MINUTE),
        (int)
            environment.number(
                "CLAVIGER_KEY_AGE_DAYS", 1, 36_500, Pages.Settings.STANDARD_KEY_AGE));
  }
}
