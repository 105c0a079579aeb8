package io.claviger.web.server;

import java.time.Duration;

/**
 * The limits for callers of the API. A connection that exceeds one of the times is closed.
 *
 * @param connections the most open connections in all
 * @param connectionsPerAddress the most open connections from one {@link
 *     io.claviger.domain.accounts.AddressBlock}; trusted proxies are exempt
 * @param headTime the longest time for a whole request head, from its first byte
 * @param bodyTime the longest time for a whole request body, from the end of the head
 * @param answerTime the longest time from the end of a request until its answer is sent
 * @param requestsPerMinute the most requests of one user, and of one address without an access
 *     token
 * @param bodyMemory the most bytes of arriving bodies of users, of which each user gets an eighth.
 *     A sixteenth is added for the forms of unknown callers
 */
public record ServerLimits(
    int connections,
    int connectionsPerAddress,
    Duration headTime,
    Duration bodyTime,
    Duration answerTime,
    int requestsPerMinute,
    long bodyMemory) {
  public static final ServerLimits STANDARD =
      new ServerLimits(
          4_096,
          1_024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(120),
          1_200,
          Runtime.getRuntime().maxMemory() / 8);

  public ServerLimits withConnections(int most, int perAddress) {
    return new ServerLimits(
        most, perAddress, headTime, bodyTime, answerTime, requestsPerMinute, bodyMemory);
  }

  public ServerLimits withTimes(Duration head, Duration body, Duration answer) {
    return new ServerLimits(
        connections, connectionsPerAddress, head, body, answer, requestsPerMinute, bodyMemory);
  }

  public ServerLimits withRequestsPerMinute(int most) {
    return new ServerLimits(
        connections, connectionsPerAddress, headTime, bodyTime, answerTime, most, bodyMemory);
  }

  public ServerLimits withBodyMemory(long bytes) {
    return new ServerLimits(
        connections,
        connectionsPerAddress,
        headTime,
        bodyTime,
        answerTime,
        requestsPerMinute,
        bytes);
  }
}
