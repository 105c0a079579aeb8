package io.claviger.web.server;

import java.time.Duration;

/**
 * The limits for callers of the API. A connection that exceeds one of the time limits is closed.
 *
 * @param connections the maximum number of open connections
 * @param connectionsPerAddress the maximum number of open connections from one {@link
 *     io.claviger.domain.accounts.AddressBlock}; connections of trusted proxies are not counted
 * @param headTime the maximum time for the head of a request to arrive, from its first byte
 * @param bodyTime the maximum time for the body of a request to arrive, from the end of the head
 * @param answerTime the maximum time from the end of a request until the whole answer was sent
 * @param requestsPerMinute the maximum number of requests per minute from one user, and of requests
 *     without an access token from one address
 * @param bodyMemory the maximum number of bytes in arriving bodies of all users. One user's bodies
 *     may take an eighth of this number. In addition, arriving forms of unknown callers may take a
 *     sixteenth of this number
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
