package io.claviger.sdks;

import io.claviger.journeys.Journey;
import java.util.List;
import java.util.stream.Stream;

/** The usage that was counted. */
record CountedUsage(long requests, long errors, long inputTokens, long outputTokens) {

  /** Returns the stored usage of a user's calls of a service with the service's own key. */
  static CountedUsage soFar(Journey journey, String service, String user) {
    List<Long> sums =
        Stream.of("requests", "errors", "input_tokens", "output_tokens")
            .map(column -> sum(journey, column, service, user))
            .toList();
    return new CountedUsage(sums.get(0), sums.get(1), sums.get(2), sums.get(3));
  }

  /** Returns how many of these calls are stored as refused. */
  static long refusedSoFar(Journey journey, String service, String user) {
    return sum(journey, "refused", service, user);
  }

  private static long sum(Journey journey, String column, String service, String user) {
    String query =
        """
        select coalesce(sum(%s), 0) from usage_daily
        where instance_ref = '%s' and user_handle = '%s' and key_source = 'central'
        """
            .formatted(column, service, user);
    return Long.parseLong(journey.column(query).get(0));
  }
}
